"""Rule sets: written as YAML, parsed to frozen values, held against the columns of a table."""

from kaishu.quality.rules.binding import bind
from kaishu.quality.rules.parsing import parse_rules
from kaishu.quality.rules.rule import LEVELS, Limits, Rule, RuleSet

__all__ = ["LEVELS", "Limits", "Rule", "RuleSet", "bind", "parse_rules"]
