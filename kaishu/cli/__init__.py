"""The terminal's entrance: one command a file, each loaded when it is asked for."""

from __future__ import annotations


def main() -> None:
    """Run the command line of this process."""
    from kaishu.cli.root import kaishu

    kaishu(prog_name="kaishu")


__all__ = ["main"]
