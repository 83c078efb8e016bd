"""People answering back; first of all, following datasets."""
