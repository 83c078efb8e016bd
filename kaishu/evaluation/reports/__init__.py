"""Reports of evaluations: documents by templates that an evaluator can change, and sending them to units."""
