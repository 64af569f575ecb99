"""Where the files that travel with the code lie, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "_shipped"  # made by the wheel build only; see pyproject.toml


def resource(name: str) -> Path:
    """The path of a shipped file.

    Parameters
    ----------
    name
        Relative to the project's top level, such as ``"data/chronology.csv"`` or ``"feeds.yaml"``.
    """
    root = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent
    return root / name
