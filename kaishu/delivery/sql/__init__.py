"""SQL of strangers: parsed, checked against a list, rewritten, run where nothing else is in reach."""

from kaishu.delivery.sql.parsing import Statement, parse
from kaishu.delivery.sql.running import MOST_ROWS, Answer, Asked, query_sql

__all__ = ["MOST_ROWS", "Answer", "Asked", "Statement", "parse", "query_sql"]
