"""``python -m tension`` is ``tension``."""

from tension.cli import main

main()
