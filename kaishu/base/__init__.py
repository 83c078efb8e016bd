"""Words that everybody shares: errors, ids, clock, pages, settings, languages. Imports nothing of ours."""
