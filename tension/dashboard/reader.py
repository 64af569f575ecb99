"""What the reader prefers on every page: the language, and the kind of picture that charts are taken along as."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from tension import tongue
from tension.charts.taking import PICTURES
from tension.dashboard import reading
from tension.dashboard.taking import PICTURE
from tension.signals.standing import standings
from tension.tongue import LANGUAGES, _

LANGUAGE = "lang"
# what is no choice among what the pages say
_FREE = ("words", "find", "feed", "publisher", "without", "story", "measure", LANGUAGE, PICTURE)


def _asked() -> str | None:
    """The language that the reader chose, or else the browser's; None where nobody is reading."""
    if get_script_run_ctx() is None:
        return None
    return st.session_state.get(LANGUAGE) or st.query_params.get(LANGUAGE) or st.context.locale


tongue.heard_from(_asked)


def prefer() -> None:
    """Offer the preferences."""
    tongue.speak(_asked())
    reading.begin()
    with st.sidebar:
        st.segmented_control("Language · Langue · Язык", LANGUAGES, key=LANGUAGE, bind="query-params")
        st.segmented_control(_("Charts as pictures"), PICTURES, key=PICTURE, bind="query-params", default=PICTURES[0])


def take_links() -> None:
    """Say the choices in an address, which holds them as its maker read them, in the reader's language.

    Once a session, and after the pages are declared: a run that is begun anew before would lose its page.
    """
    if "links_taken" in st.session_state:
        return
    st.session_state["links_taken"] = True
    names = {str(code): str(name) for code, name in standings()["name"].items()}
    changed = False
    for key in st.query_params:
        values = st.query_params.get_all(key)
        said = values if key in _FREE else [tongue.as_said_here(value, names) for value in values]
        if said != values:
            st.query_params[key], changed = said, True
    if changed:
        st.rerun()  # what is bound to the address reads it when a run begins
