"""``python -m kaishu`` is the command ``kaishu``."""

from kaishu.cli import main

if __name__ == "__main__":
    main()
