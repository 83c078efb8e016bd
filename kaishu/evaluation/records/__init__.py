"""Systems and evaluations as the platform keeps them: editions, runs, comparisons, other weights tried."""
