"""The fifteen checks as a good analyst would write them by hand, to compare with; counts only."""
