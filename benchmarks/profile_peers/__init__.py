"""Profiles by tools of others, to compare with."""
