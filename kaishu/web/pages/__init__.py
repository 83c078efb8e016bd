"""Pages by noun: each file shows and takes what belongs together."""
