"""Judged indicators: rounds, two assessors blind to each other, evidence, a reviewer, appeals."""
