"""What of the stories and articles is shown, as the reader chooses it; all of it stands in the URL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from tension import tongue
from tension.dashboard import reading
from tension.dashboard.names import countries_named, country, country_in, language, language_in
from tension.records import Involvement
from tension.signals.codebook import BY_KEY
from tension.storage.articles import INVOLVED, ArticleFilter
from tension.storage.search import folded
from tension.tongue import LANGUAGES, N_, _

_ABOUT = {
    "involved": (N_("Russia and NATO, or partners"), INVOLVED),
    "direct": (N_("Russia and NATO"), (Involvement.DIRECT.value,)),
    "partner": (N_("Russia and partners of NATO"), (Involvement.PARTNER.value,)),
    "everything": (N_("everything"), ()),
}
_VIEWS = {"stories": N_("stories"), "articles": N_("articles")}
# Says: which stories or articles come first in the list
_ORDERS = {"newest": N_("newest"), "strongest": N_("strongest")}
_SEVERAL = ("signal", "country", "named", "language", "feed", "publisher")
# whatever language feeds declare
_TRAINED = frozenset(["cs", "de", "en", "et", "fi", "fr", "lt", "lv", "pl", "ro", "ru", "sv", "tr", "uk"])


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown and how; ``said`` are the filters that the reader has set, in words."""

    filter: ArticleFilter
    as_stories: bool
    strongest_first: bool
    said: tuple[str, ...] = field(compare=False)

    @property
    def narrowed(self) -> bool:
        return bool(self.said)


def choose() -> Choice:
    """The reader's choice."""
    today, feeds = reading.today(), reading.feeds()
    _take_old_links(feeds)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words, as_stories, strongest = _first_row()
    with (
        st.expander(_("Filters: signals, dates, languages, feeds, countries"), icon=":material/filter_list:"),
        st.container(horizontal=True),
    ):
        chosen, said = _more(today, feeds)
    quoted = (_("“{words}”").format(words=words),) if words else ()
    return Choice(replace(chosen, words=words), as_stories, strongest, (*quoted, *said))


def show_set(choice: Choice) -> None:
    """Which filters are set, and a way to be rid of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        said = _("Only: {filters}").format(filters=" · ".join(choice.said))
        st.html(f'<p class="only">{escape(said)}</p>', width="content")
        st.button(_("Clear all filters"), icon=":material/filter_list_off:", type="tertiary", on_click=clear)


def clear() -> None:
    """Let everything through again; a callback."""
    st.session_state.update({"words": "", "since": None, "until": None, "about": next(iter(_ABOUT))})
    st.session_state.update({key: [] for key in _SEVERAL})


def show_everything() -> None:
    """Let through what is not about Russia and NATO; a callback."""
    st.session_state["about"] = "everything"


def _take_old_links(feeds: pd.DataFrame) -> None:
    """Take links that were made before today's choices, or in another language; choices are read from the address."""
    now = dict[str, list[str]]()
    for old, (key, label) in {
        "all": ("about", _(_ABOUT["everything"][0])),
        "strongest": ("first", _("strongest")),
    }.items():
        if st.query_params.pop(old, None) == "true":
            now[key] = [label]
    named = (("language", {*feeds["language"], *_TRAINED}, language_in), ("country", set(feeds["country"]), country_in))
    for key, codes, name_in in named:
        known = {name_in(of, code): code for of in LANGUAGES for code in codes} | {code: code for code in codes}
        asked = st.query_params.get_all(key)
        said = [name_in(tongue.language(), known[value]) for value in asked if value in known]
        if said != asked:
            now[key] = said
    if now:
        st.query_params.update(now)
        st.rerun()


def _first_row() -> tuple[str, bool, bool]:
    words = st.text_input(
        _("Search titles and summaries"),
        key="words",
        bind="query-params",
        type="search",
        max_chars=200,
        placeholder=_('expels diplomats, "red line", НАТО …'),
        help=_("All words must occur, each as the beginning of a word; a phrase in quotation marks as it stands."),
        width=440,
    )
    view = _one_of(_("Show"), _VIEWS, "view")
    order = _one_of(_("Sort by"), _ORDERS, "first")
    return (words or "").strip(), view != "articles", order == "strongest"


def _one_of(label: str, labels: dict[str, str], key: str) -> str | None:
    options = list(labels)
    return st.segmented_control(
        label,
        options,
        format_func=lambda option: _(labels[option]),
        default=options[0],
        required=True,
        key=key,
        bind="query-params",
    )


def _more(today: date, feeds: pd.DataFrame) -> tuple[ArticleFilter, list[str]]:
    """The filter, and what of it is set, in words."""
    ids = {str(name): int(id_) for name, id_ in zip(feeds["name"], feeds.index, strict=True)}
    signals = _several(_("Signals"), BY_KEY, "signal", lambda key: _(BY_KEY[key].label), width=300, in_order=True)
    since, until = _day(_("From"), "since", today), _day(_("To"), "until", today)
    about = st.selectbox(
        _("About"),
        list(_ABOUT),
        format_func=lambda key: _(_ABOUT[key][0]),
        key="about",
        bind="query-params",
        width=250,
    )
    named = _several(_("Countries it names"), countries_named(), "named", country)
    languages = _several(_("Languages"), {*feeds["language"], *_TRAINED}, "language", language)
    names = _several(_("Feeds"), ids, "feed")
    publishers = _several(_("Publishers"), set(feeds["publisher"]), "publisher")
    countries = _several(_("Countries of its feeds"), set(feeds["country"]), "country", country)
    said = [
        *(_(BY_KEY[key].label) for key in signals),
        *([_("from {day}").format(day=tongue.day(since))] if since else []),
        *([_("to {day}").format(day=tongue.day(until))] if until else []),
        *([_(_ABOUT[about][0])] if about != next(iter(_ABOUT)) else []),
        *_said(_("names {countries}"), "countries", map(country, named)),
        *_said(_("in {languages}"), "languages", map(language, languages)),
        *names,
        *publishers,
        *_said(_("feeds of {countries}"), "countries", map(country, countries)),
    ]
    chosen = ArticleFilter(
        since=since,
        until=until or today,
        involvement=_ABOUT[about][1],
        signals=signals,
        named=named,
        languages=languages,
        feed_ids=tuple(ids[name] for name in names),
        publishers=publishers,
        countries=countries,
    )
    return chosen, said


def _said(message: str, what: str, values: Iterable[str]) -> list[str]:
    listed = ", ".join(values)
    return [message.format(**{what: listed})] if listed else []


def _day(label: str, key: str, last: date) -> date | None:
    return st.date_input(
        label,
        None,
        min_value=reading.OLDEST,
        max_value=last,
        key=key,
        bind="query-params",
        width=150,
        format="YYYY-MM-DD",
    )


def _several(
    label: str,
    options: Collection[str],
    key: str,
    name_of: Callable[[str], str] = str,
    width: int = 220,
    in_order: bool = False,
) -> tuple[str, ...]:
    """Those that the reader chose; offered in the order of what is read, or in their own."""
    offered = list(options) if in_order else sorted(options, key=lambda option: (folded(name_of(option)), option))
    return tuple(
        st.multiselect(
            label, offered, format_func=name_of, key=key, bind="query-params", placeholder=_("any"), width=width
        )
    )
