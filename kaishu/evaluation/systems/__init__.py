"""Indicator systems that come with the program, their data, and how they compare with what was printed."""
