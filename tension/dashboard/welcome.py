"""The line that greets a first visit, until it is dismissed; the reader's browser remembers that it was."""

from __future__ import annotations

import streamlit as st

from tension import tongue
from tension.tongue import _

_CSS = """
p{margin:0 0 .6rem;padding:.45rem .5rem .45rem .9rem;border-left:4px solid var(--st-primary-color);
background:var(--st-secondary-background-color);border-radius:.3rem;display:flex;gap:.8rem;align-items:center;
font-family:var(--st-font);font-size:.95rem;color:var(--st-text-color)}
p[hidden]{display:none}
span{flex:1}
button{font:inherit;color:inherit;background:none;border:1px solid currentColor;border-radius:.3rem;
padding:.15rem .7rem;cursor:pointer}
"""
_JS = """
export default function ({ parentElement, data }) {
  document.documentElement.lang = data.language
  const key = "tension-welcomed"
  const line = parentElement.querySelector("p")
  line.querySelector("span").textContent = data.said
  const button = line.querySelector("button")
  button.textContent = data.dismiss
  const seen = () => { try { return localStorage.getItem(key) } catch { return null } }
  line.hidden = Boolean(seen())
  button.onclick = () => {
    try { localStorage.setItem(key, "yes") } catch { /* a browser that keeps nothing asks again */ }
    line.hidden = true
  }
}
"""
_line = st.components.v2.component(
    "tension_welcome",
    html='<p role="note" hidden><span></span><button type="button"></button></p>',
    css=_CSS,
    js=_JS,
)


def line() -> None:
    """One line on what this is and how to read it; tells the browser which language the page is in, too."""
    said = _(
        "How high the tension between Russia and NATO runs, measured from news feeds. 100 is the mean of 2014–2021; "
        "every value opens into the stories and the words behind it."
    )
    _line(data={"said": said, "dismiss": _("Got it"), "language": tongue.language()}, key="welcome")
