"""What is folded away until a reader opens it, and is not even made before."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def folded(label: str, key: str, draw: Callable[[], object], icon: str | None = None) -> None:
    """An expander whose content is drawn once it is open.

    Parameters
    ----------
    label
        What it says.
    key
        The element's.
    draw
        Draws what is in it.
    icon
        Before the label.
    """
    place = st.expander(label, key=key, icon=icon, on_change="rerun")
    if place.open:
        with place:
            draw()
