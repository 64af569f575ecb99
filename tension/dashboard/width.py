"""How wide the reader's window is, as far as a page is laid out by it."""

from __future__ import annotations

import streamlit as st

WIDE, MIDDLE, NARROW = 5, 3, 2  # small charts side by side
_JS = """
export default function ({ data, setStateValue }) {
  const fitting = () => (innerWidth >= 1000 ? data.wide : innerWidth > 640 ? data.middle : data.narrow)
  let known = data.known
  const tell = () => {
    if (fitting() !== known) setStateValue("columns", (known = fitting()))
  }
  tell()
  addEventListener("resize", tell)
  return () => removeEventListener("resize", tell)
}
"""
_ask = st.components.v2.component("tension_width", html="<span></span>", js=_JS)


def columns(key: str = "width") -> int:
    """How many small charts fit side by side: `WIDE`, `MIDDLE` or `NARROW`.

    The first time it is guessed from what the browser calls itself; the window then says it, and again when it changes.
    """
    guess = NARROW if "Mobi" in st.context.headers.get("User-Agent", "") else WIDE
    known = (st.session_state.get(key) or {}).get("columns") or guess
    choices = {"wide": WIDE, "middle": MIDDLE, "narrow": NARROW, "known": known}
    told = _ask(data=choices, key=key, default={"columns": known}, on_columns_change=_changed).columns
    return int(told or known)


def _changed() -> None:
    """Streamlit keeps a component's state only where someone listens."""
