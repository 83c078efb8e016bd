"""Ratios of CPU seconds against what people use today, in paired runs: ``make bench``."""
