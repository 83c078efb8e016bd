"""Facts computed from catalogues, for indicators and for people, each with its query, time and rows."""
