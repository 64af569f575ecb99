"""What of the stories and articles is shown, as the reader chooses it; all of it stands in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pandas as pd
import streamlit as st

from tension.dashboard import reading
from tension.records import Involvement
from tension.signals.codebook import SIGNALS
from tension.signals.standing import standings
from tension.storage.articles import INVOLVED, ArticleFilter

_ABOUT = {
    "Russia and NATO, or partners": INVOLVED,
    "Russia and NATO": (Involvement.DIRECT.value,),
    "Russia and partners of NATO": (Involvement.PARTNER.value,),
    "everything": (),
}
_SEVERAL = ("country", "named", "language", "feed", "publisher")
_MORE = ("since", "until", "about", *_SEVERAL)
# whatever language feeds declare
_TRAINED = frozenset(["cs", "de", "en", "et", "fi", "fr", "lt", "lv", "pl", "ro", "ru", "sv", "tr", "uk"])


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown and how; ``narrowed`` where the reader has set a filter."""

    filter: ArticleFilter
    as_stories: bool
    strongest_first: bool
    narrowed: bool


def choose() -> Choice:
    """The reader's choice."""
    _take_old_links()
    today, feeds = reading.today(), reading.feeds()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words, signals, as_stories, strongest = _first_row()
    n_set = sum(_is_set(key) for key in _MORE)
    label = "More filters: dates, languages, feeds, countries …" if not n_set else f"More filters ({n_set} set)"
    with st.expander(label, icon=":material/filter_list:", expanded=bool(n_set)), st.container(horizontal=True):
        chosen = _more(today, feeds)
    chosen = replace(chosen, words=words.strip(), signals=signals)
    return Choice(chosen, as_stories, strongest, bool(n_set or signals or chosen.words))


def clear() -> None:
    """Let everything through again; a callback."""
    st.session_state.update({"words": "", "since": None, "until": None, "about": next(iter(_ABOUT))})
    st.session_state.update({key: [] for key in ("signal", *_SEVERAL)})


def show_everything() -> None:
    """Let through what is not about Russia and NATO; a callback."""
    st.session_state["about"] = "everything"


def _is_set(key: str) -> bool:
    value = st.session_state[key] if key in st.session_state else st.query_params.get(key)
    return bool(value) and value != next(iter(_ABOUT))


def _take_old_links() -> None:
    for old, (new, value) in {"all": ("about", "everything"), "strongest": ("first", "strongest")}.items():
        if st.query_params.pop(old, None) == "true":
            st.session_state[new] = value


def _first_row() -> tuple[str, tuple[str, ...], bool, bool]:
    words = st.text_input(
        "Search titles and summaries",
        key="words",
        bind="query-params",
        type="search",
        max_chars=200,
        placeholder='expels diplomats, "red line", НАТО …',
        help="All words must occur, each as the beginning of a word; a phrase in quotation marks as it stands.",
        width=380,
    )
    labels = {signal.key: signal.label for signal in SIGNALS}
    signals = _several("Signals", list(labels), "signal", labels, width=300)
    view = st.segmented_control(
        "Show", ["stories", "articles"], default="stories", required=True, key="view", bind="query-params"
    )
    order = st.segmented_control(
        "First", ["newest", "strongest"], default="newest", required=True, key="first", bind="query-params"
    )
    return words, signals, view != "articles", order == "strongest"


def _more(today: date, feeds: pd.DataFrame) -> ArticleFilter:
    since, until = _day("From", "since", today), _day("To", "until", today)
    about = st.selectbox("About", list(_ABOUT), key="about", bind="query-params", width=250)
    ids = dict(zip(feeds["name"], feeds.index, strict=True))
    named = countries_named()
    return ArticleFilter(
        since=since,
        until=until or today,
        involvement=_ABOUT[about],
        named=_several("Countries it names", list(named), "named", named),
        languages=_several("Languages", sorted({*feeds["language"], *_TRAINED}), "language"),
        feed_ids=tuple(int(ids[name]) for name in _several("Feeds", sorted(ids), "feed")),
        publishers=_several("Publishers", sorted(feeds["publisher"].unique()), "publisher"),
        countries=_several("Countries of its feeds", sorted(feeds["country"].unique()), "country"),
    )


def _day(label: str, key: str, last: date) -> date | None:
    return st.date_input(label, None, min_value=reading.OLDEST, max_value=last, key=key, bind="query-params", width=150)


def _several(
    label: str, options: list[str], key: str, names: Mapping[str, str] | None = None, width: int = 220
) -> tuple[str, ...]:
    shown = (names or {}).get
    return tuple(
        st.multiselect(
            label,
            options,
            format_func=lambda value: shown(value, value),
            key=key,
            bind="query-params",
            placeholder="any",
            width=width,
        )
    )


@cache
def countries_named() -> dict[str, str]:
    """Names of the countries that are looked for, by code, in the order of the names."""
    return {str(code): str(name) for code, name in standings()["name"].sort_values().items()}
