"""Changing feeds.yaml from the page: the fields of an entry, saving it, switching, editing and removing feeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from unicodedata import normalize

import streamlit as st
from babel import Locale

from tension import server, tongue
from tension.dashboard.words import literal
from tension.errors import CatalogueError
from tension.feeds import catalogue
from tension.feeds.entries import MAX_INTERVAL_MINUTES
from tension.records import Feed, FeedKind
from tension.storage import frames
from tension.storage.frames import ArticleFilter
from tension.tongue import N_, _, n_, number

KINDS = {
    # Says: the kind of a feed: a news agency
    FeedKind.WIRE: N_("wire"),
    # Says: the kind of a feed: a public broadcaster
    FeedKind.PUBLIC: N_("public"),
    # Says: the kind of a feed: a newspaper, a magazine or a news site
    FeedKind.PRESS: N_("press"),
    # Says: the kind of a feed: a medium that a state controls
    FeedKind.STATE_CONTROLLED: N_("state-controlled"),
    # Says: the kind of a feed: a ministry, a president, an authority
    FeedKind.GOVERNMENT: N_("government"),
    # Says: the kind of a feed: NATO, the EU and the like
    FeedKind.ALLIANCE: N_("alliance"),
}
_LEAST_WEIGHT = 1e-6  # feeds.yaml takes any number above 0


def save(change: Callable[..., Any], *arguments: Any) -> bool:
    """Make one change to feeds.yaml and have it polled; say what is wrong with it otherwise."""
    try:
        change(server.settings().feeds, *arguments)
    except (CatalogueError, OSError) as error:
        st.error(" ".join([_("Nothing was saved."), literal(str(error))]))
        return False
    server.scheduler().wake()
    return True


def say(sentence: str) -> None:
    """Draw the page anew, and say this on it."""
    st.session_state["said"] = sentence
    st.rerun()


def said() -> None:
    """What `say` left to be said."""
    if sentence := st.session_state.pop("said", None):
        st.toast(literal(sentence), icon=":material/check:")


def add_many(new: Sequence[Feed]) -> None:
    """Add feeds in one write, and say how many."""
    if not save(catalogue.add_feeds, new):
        return
    n, n_off = len(new), sum(not feed.enabled for feed in new)
    said = n_("{n} feed is added, {off} of them switched off.", "{n} feeds are added, {off} of them switched off.", n)
    if not n_off:
        said = n_("{n} feed is added.", "{n} feeds are added.", n)
    say(said.format(n=number(n), off=number(n_off)))


def fields(feed: Feed, key: str) -> Feed:
    """The inputs of one feed's entry: what tells who speaks, and folded away what seldom needs a change."""
    left, right = st.columns(2)
    name = left.text_input(_("Name"), feed.name, key=f"{key}-name").strip()
    publisher = left.text_input(
        _("Publisher"),
        feed.publisher,
        key=f"{key}-publisher",
        help=_("Feeds of one publisher are a family: a story counts once a family, however many of its feeds tell it."),
    ).strip()
    kinds = list(FeedKind)
    kind = right.selectbox(
        _("Kind"),
        kinds,
        kinds.index(feed.kind),
        format_func=lambda kind: _(KINDS[kind]),
        key=f"{key}-kind",
        help=_(
            "Wire: a news agency. Public: a public broadcaster. Press: newspapers, magazines, news sites. "
            "State-controlled: media that a state directs. Government: its offices. Alliance: NATO, the EU."
        ),
    )
    language = right.selectbox(**_named(_("Language"), feed.language, _languages(tongue.language())), key=f"{key}-lang")
    country = left.selectbox(**_named(_("Country"), feed.country, _countries(tongue.language())), key=f"{key}-country")
    with st.expander(_("Address, polling and weight"), icon=":material/tune:"):
        left, right = st.columns(2)
        return Feed(
            url=left.text_input(_("Address (RSS or Atom)"), feed.url, key=f"{key}-url").strip(),
            name=name,
            publisher=publisher,
            kind=kind,
            language=language or "",
            country=country or "",
            interval_minutes=right.number_input(
                _("Minutes between polls"),
                1,
                MAX_INTERVAL_MINUTES,
                feed.interval_minutes,
                # Says: so many minutes as feeds usually have between polls
                placeholder=_("as usual"),
                key=f"{key}-interval",
            ),
            weight=left.number_input(
                _("Weight in the index"),
                min(_LEAST_WEIGHT, feed.weight),
                value=feed.weight,
                step=0.1,
                format="%g",
                key=f"{key}-weight",
                help=_("1 is usual; 0.5 counts half as much."),
            ),
            enabled=right.toggle(_("Switched on"), feed.enabled, key=f"{key}-enabled"),
        )


def _named(label: str, value: str, names: dict[str, str]) -> dict[str, Any]:
    """What a box to choose one of many codes by its name takes."""
    codes = list(names) if value in names or not value else [value, *names]
    return {
        "label": label,
        "options": codes,
        "index": codes.index(value) if value else None,
        "format_func": lambda code: f"{names[code]} ({code})" if code in names else code,
        "placeholder": _("Choose one"),
    }


@cache
def _languages(spoken: str) -> dict[str, str]:
    """Names of languages by ISO 639-1 code, in their order."""
    return _sorted({code: name for code, name in Locale(spoken).languages.items() if re.fullmatch("[a-z]{2}", code)})


@cache
def _countries(spoken: str) -> dict[str, str]:
    """Names of countries by ISO 3166-1 code, in their order."""
    names = Locale(spoken).territories.items()
    return _sorted({code: name for code, name in names if re.fullmatch("[A-Z]{2}", code) and code != "ZZ"})


def _sorted(names: dict[str, str]) -> dict[str, str]:
    """By name; an accent makes no other letter."""
    return dict(sorted(names.items(), key=lambda item: normalize("NFD", item[1]).casefold()))


def switches(chosen: Sequence[Feed]) -> None:
    """Switch the chosen feeds on or off, all in one write."""
    urls, n = [feed.url for feed in chosen], len(chosen)
    n_on = sum(feed.enabled for feed in chosen)
    named = n_("**{n} chosen**", "**{n} chosen**", n).format(n=number(n)) if n > 1 else f"**{literal(chosen[0].name)}**"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(named, width="content")
        off = st.button(_("Switch off"), icon=":material/pause:", disabled=n_on == 0, help=_("Their articles stay."))
        on = st.button(_("Switch on"), icon=":material/play_arrow:", disabled=n_on == n)
    if off and save(catalogue.switch_feeds, urls, False):
        one = _("{feed} switched off.").format(feed=chosen[0].name)
        say(one if n == 1 else n_("{n} feed switched off.", "{n} feeds switched off.", n).format(n=number(n)))
    if on and save(catalogue.switch_feeds, urls, True):
        one = _("{feed} switched on.").format(feed=chosen[0].name)
        say(one if n == 1 else n_("{n} feed switched on.", "{n} feeds switched on.", n).format(n=number(n)))


def edit(feed: Feed) -> None:
    """Edit an entry: based on what it was when the form was first drawn, so that nobody's change is overwritten."""
    n = st.session_state.setdefault(f"edited-{feed.url}", 0)
    key = f"edit-{n}-{feed.url}"
    based_on = st.session_state.setdefault(f"base-{key}", feed)
    with st.form(key):
        changed = fields(based_on, key)
        pressed = st.form_submit_button(_("Save"), type="primary", icon=":material/save:")
    if pressed and save(catalogue.replace_feed, feed.url, changed, based_on):
        st.session_state[f"edited-{feed.url}"] = n + 1
        say(_("{feed} is saved.").format(feed=changed.name))
    if feed != based_on:
        st.warning(_("Somebody else has changed this entry since the form was opened. Saving keeps both changes."))
        if st.button(_("Show it as it is now")):
            st.session_state[f"edited-{feed.url}"] = n + 1
            st.rerun()


def remove(feed: Feed, feed_id: int | None) -> None:
    """Ask once more, in a dialog."""
    st.dialog(_("Remove this feed?"), icon=":material/delete:")(_removal)(feed, feed_id)


def _removal(feed: Feed, feed_id: int | None) -> None:
    """The question, with what stays."""
    n = 0 if feed_id is None else frames.count_articles(server.store().engine, ArticleFilter(feed_ids=(feed_id,)))
    said = n_(
        "**{feed}** leaves `{file}` and is polled no more. Its {n} article, its days in the index and every published "
        "value stay as they are. To rest it for a while, switch it off.",
        "**{feed}** leaves `{file}` and is polled no more. Its {n} articles, its days in the index and every published "
        "value stay as they are. To rest it for a while, switch it off.",
        n,
    )
    st.markdown(said.format(feed=literal(feed.name), file=server.settings().feeds.name, n=number(n)))
    with st.container(horizontal=True):
        if st.button(_("Remove it"), type="primary") and save(catalogue.remove_feed, feed.url, feed):
            say(_("{feed} is removed; its articles stay.").format(feed=feed.name))
        if st.button(_("Keep it")):
            st.rerun()
