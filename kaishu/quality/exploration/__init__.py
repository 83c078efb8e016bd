"""Exploration: what the profile does not count; a second pass over the rows, made when it is asked for."""
