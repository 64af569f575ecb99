"""Adding a feed: find it at an address, see its newest articles coded, save its entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from tension import server, tongue
from tension.dashboard import reading
from tension.dashboard.feed_forms import fields, save, say
from tension.dashboard.words import literal
from tension.feeds import catalogue
from tension.feeds.addresses import same_feed
from tension.feeds.discover import Discovery, FoundFeed, discover
from tension.feeds.suggest import suggest_feed
from tension.index.panel import TRIAL_DAYS
from tension.preview import CodedItem, by_day, code_newest, spoken_language
from tension.records import Feed, Involvement
from tension.signals.classifier import Model
from tension.signals.codebook import BY_KEY
from tension.tongue import N_, _, n_, number
from tension.whatif import effect as find_effect

_SHOWN, _CODED, _EFFECT_DAYS = 10, 100, 14
_ABOUT = {
    Involvement.DIRECT: N_("Russia and NATO"),
    Involvement.PARTNER: N_("Russia and partners of NATO"),
    # Says: what an article is about: neither of Russia and NATO, nor of Russia and NATO's partners
    Involvement.NONE: N_("something else"),
}


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        # Says: a column's label: what an article is about
        "about": column.TextColumn(_("about")),
        "title": column.TextColumn(_("title"), width="large"),
        "signals": column.ListColumn(_("signals"), width="medium"),
        "intensity": column.NumberColumn(_("intensity"), format="%.1f", help=_("Of escalation, 0–10.")),
        "published": column.DatetimeColumn(_("published"), format="distance"),
    }


def add(listed: Sequence[Feed]) -> None:
    """Ask an address, choose among the feeds there, see what one carries, then save it."""
    # one message with the address and the press: neither is lost
    with st.form("check", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        url = st.text_input(_("Address of a site or of its feed"), placeholder="example.org, https://…/rss.xml")
        pressed = st.form_submit_button(_("Check"), type="primary", icon=":material/search:")
    if pressed and url.strip():
        with st.spinner(_("Asking …")):
            st.session_state["found"] = (url, discover(url, server.settings()))
    asked_for, found = st.session_state.get("found", (None, None))
    if found is None or asked_for != url:
        st.caption(_("The address is asked once; a page is searched for the feeds it names. Nothing is saved yet."))
    elif found.feeds:
        _offer(found, listed)
    else:
        _explain(found, listed)


def _offer(found: Discovery, listed: Sequence[Feed]) -> None:
    known = {same_feed(feed.url): feed for feed in listed}
    chosen = found.feeds[0]
    if not found.is_feed:
        n = len(found.feeds)
        said = n_("{n} feed found at {address}", "{n} feeds found at {address}", n)
        st.success(said.format(n=number(n), address=literal(found.url)))
        chosen = st.radio(
            _("Which one?"),
            found.feeds,
            format_func=lambda feed: _offered(feed, same_feed(feed.url) in known),
            captions=[literal(feed.url) for feed in found.feeds],
            key=f"which-{found.url}",
        )
    if already := known.get(same_feed(chosen.url)):
        st.info(_("It is in the list already, as “{feed}”.").format(feed=literal(already.name)))
        return
    model = server.scheduler().pipeline.model
    language = spoken_language(chosen.parsed, model)
    suggested = suggest_feed(chosen.url, chosen.parsed, listed, language=language)
    effect(_preview(chosen, suggested, model))
    _form(suggested)


def _offered(feed: FoundFeed, known: bool) -> str:
    n = len(feed.parsed.items)
    items = n_("{n} item", "{n} items", n).format(n=number(n))
    return " · ".join([literal(feed.title or feed.url), items, *([_("already in the list")] if known else [])])


def _preview(found: FoundFeed, suggested: Feed, model: Model) -> tuple[CodedItem, ...]:
    """The newest articles as they would be coded; all that were coded."""
    n = len(found.parsed.items)
    if n == 0:
        st.warning(_("It answers, but carries no items at the moment."))
        return ()
    coded = code_newest(found.parsed, suggested.language, model, _CODED)
    n_involved = sum(one.coding.involvement is not Involvement.NONE for one in coded)
    said = n_(
        "“{feed}” carries {n} item; {involved} of {coded} are about Russia and NATO, as the model codes them. "
        "The newest:",
        "“{feed}” carries {n} items; {involved} of {coded} are about Russia and NATO, as the model codes them. "
        "The newest:",
        n,
    )
    st.markdown(said.format(feed=literal(found.title), n=number(n), involved=number(n_involved), coded=len(coded)))
    rows = [
        {
            "about": _(_ABOUT[one.coding.involvement]),
            "title": one.item.title or one.item.summary,
            "signals": [_(BY_KEY[key].label) for key in one.coding.signals],
            "intensity": one.coding.threats + one.coding.acts,
            "published": one.item.published_at,
        }
        for one in coded[:_SHOWN]
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=_columns(),
        placeholder="–",
        alt=_("Its newest articles, coded"),
    )
    if suggested.language not in model.languages:
        said = _("The model was not trained in “{language}”: its codings are of low confidence.")
        st.caption(said.format(language=suggested.language))
    return coded


def effect(coded: Sequence[CodedItem]) -> None:
    """What adding the feed would have done to the index."""
    days = find_effect(reading.panels(), by_day(coded, server.store().zone))
    if days.empty:
        st.caption(
            _("What it would have done to the index cannot be said: the index has no value on its articles' days.")
        )
        return
    days = days[days.index >= days.index.max() - timedelta(days=_EFFECT_DAYS - 1)]
    last, mean, n = days.iloc[-1], (days["with_it"] - days["index"]).mean(), len(days)
    said = n_(
        "Counted in full, it would have moved the index of {day} from {before} to {after} points, and that of {n} day "
        "by {mean} points on average.",
        "Counted in full, it would have moved the index of {day} from {before} to {after} points, and that of {n} days "
        "by {mean} points on average.",
        n,
    )
    st.markdown(
        said.format(
            day=tongue.day(days.index[-1]),
            before=number(last["index"], 1),
            after=number(last["with_it"], 1),
            n=number(n),
            mean=number(round(mean, 1) + 0.0, 1, signed=True),
        )
    )
    st.caption(
        _(
            "At first it moves nothing: a feed that joins is on trial for {n} observed days, and then linked in at the "
            "panel's level. How far it leans then depends on what it says beyond its own usual."
        ).format(n=TRIAL_DAYS)
    )


def _form(suggested: Feed) -> None:
    with st.form("add"):
        feed = fields(suggested, f"add-{suggested.url}")
        pressed = st.form_submit_button(_("Add this feed"), type="primary", icon=":material/add:")
    if pressed and not feed.country:
        st.error(_("Nothing was saved. Choose the country that the feed speaks from."))
    elif pressed and save(catalogue.add_feed, feed):
        del st.session_state["found"]
        say(_("{feed} is added; its first poll is under way.").format(feed=feed.name))


def _explain(found: Discovery, listed: Sequence[Feed]) -> None:
    st.error(_("No feed was found: {reason}.").format(reason=literal(found.reason)))
    still = _("Add it all the same: it is asked again and again")
    if not found.is_page and st.toggle(still, key=f"still-{found.url}"):
        _form(suggest_feed(found.url, None, listed))
