"""编目: duty lists to proposed entries, resource codes, and many entries edited in one spreadsheet."""
