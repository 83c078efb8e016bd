"""Kaishu 开数."""

__version__ = "0.1.0"
