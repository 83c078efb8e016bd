"""DCAT-AP 3.0 as SHACL shapes, and what a broken one means in plain words."""

from kaishu.inspection.shapes.drawing import turtle
from kaishu.inspection.shapes.rules import Profile, edition, mark, profile
from kaishu.inspection.shapes.wording import Result

__all__ = ["Profile", "Result", "edition", "mark", "profile", "turtle"]
