"""From what a browser sends to what an act takes."""
