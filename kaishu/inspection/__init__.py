"""Looking at any catalogue: 快速校核, measured metadata, shapes, and how much of each standard is used."""
