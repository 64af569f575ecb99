"""Adding a feed: find it at an address, see its newest articles coded, save its entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from tension import server
from tension.dashboard import reading
from tension.dashboard.feed_forms import fields, literal, save, say
from tension.feeds import catalogue
from tension.feeds.addresses import same_feed
from tension.feeds.discover import Discovery, FoundFeed, discover
from tension.feeds.suggest import suggest_feed
from tension.preview import CodedItem, by_day, code_newest, spoken_language
from tension.records import Feed, Involvement
from tension.signals.classifier import Model
from tension.signals.codebook import BY_KEY
from tension.whatif import effect as find_effect

_SHOWN, _CODED, _EFFECT_DAYS = 10, 100, 14
_COLUMNS = {
    "published": st.column_config.DatetimeColumn("published", format="distance"),
    "title": st.column_config.TextColumn("title", width="large"),
    "involvement": st.column_config.TextColumn("involvement", help="Russia's side against NATO's side, or neither."),
    "signals": st.column_config.ListColumn("signals", width="medium"),
    "intensity": st.column_config.NumberColumn("intensity", format="%.1f", help="Of escalation, 0–10."),
}


def add(listed: Sequence[Feed]) -> None:
    """Ask an address, choose among the feeds there, see what one carries, then save it."""
    # one message with the address and the press: neither is lost
    with st.form("check", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        url = st.text_input("Address of a site or of its feed", placeholder="example.org or https://…/rss.xml")
        pressed = st.form_submit_button("Check", icon=":material/search:")
    if pressed and url.strip():
        with st.spinner("Asking …"):
            st.session_state["found"] = (url, discover(url, server.settings()))
    asked_for, found = st.session_state.get("found", (None, None))
    if found is None or asked_for != url:
        st.caption("The address is asked once; a page is searched for the feeds that it names. Nothing is saved yet.")
    elif found.feeds:
        _offer(found, listed)
    else:
        _explain(found, listed)


def _offer(found: Discovery, listed: Sequence[Feed]) -> None:
    known = {same_feed(feed.url): feed for feed in listed}
    chosen = found.feeds[0]
    if not found.is_feed:
        st.success(f"{len(found.feeds)} {'feed' if len(found.feeds) == 1 else 'feeds'} found at {literal(found.url)}")
        chosen = st.radio(
            "Which one?",
            found.feeds,
            format_func=lambda feed: (
                f"{literal(feed.title or feed.url)} · {len(feed.parsed.items)} items"
                f"{' · already in the list' if same_feed(feed.url) in known else ''}"
            ),
            captions=[literal(feed.url) for feed in found.feeds],
            key=f"which-{found.url}",
        )
    if already := known.get(same_feed(chosen.url)):
        st.info(f"It is in the list already, as “{literal(already.name)}”.")
        return
    model = server.scheduler().pipeline.model
    language = spoken_language(chosen.parsed, model)
    suggested = suggest_feed(chosen.url, chosen.parsed, listed, language=language)
    effect(_preview(chosen, suggested, model))
    _form(suggested)


def _preview(found: FoundFeed, suggested: Feed, model: Model) -> tuple[CodedItem, ...]:
    """The newest articles as they would be coded; all that were coded."""
    n = len(found.parsed.items)
    if n == 0:
        st.warning("It answers, but carries no items at the moment.")
        return ()
    coded = code_newest(found.parsed, suggested.language, model, _CODED)
    n_involved = sum(one.coding.involvement is not Involvement.NONE for one in coded)
    st.markdown(
        f"“{literal(found.title)}” carries {n} items; {n_involved} of {len(coded)} are about Russia and NATO, as the "
        "model codes them. The newest:"
    )
    rows = [
        {
            "published": one.item.published_at,
            "title": one.item.title or one.item.summary,
            "involvement": one.coding.involvement.value,
            "signals": [BY_KEY[key].label for key in one.coding.signals],
            "intensity": one.coding.threats + one.coding.acts,
        }
        for one in coded[:_SHOWN]
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, column_config=_COLUMNS, placeholder="–", alt="Its newest articles, coded"
    )
    if suggested.language not in model.languages:
        st.caption(f"The model was not trained in “{suggested.language}”: its codings are of low confidence.")
    return coded


def effect(coded: Sequence[CodedItem]) -> None:
    """What adding the feed would have done to the index."""
    days = find_effect(reading.panels(), by_day(coded, server.store().zone))
    if days.empty:
        st.caption("What it would have done to the index cannot be said: the index has no value on its articles' days.")
        return
    days = days[days.index >= days.index.max() - timedelta(days=_EFFECT_DAYS - 1)]
    last, mean = days.iloc[-1], (days["with_it"] - days["index"]).mean()
    st.markdown(
        f"Counted in full, it would have moved the index of {days.index[-1]:%d %b %Y} from {last['index']:.1f} to "
        f"{last['with_it']:.1f} points, and that of {len(days)} {'day' if len(days) == 1 else 'days'} by "
        f"{round(mean, 1) + 0.0:+.1f} points on average."
    )
    st.caption(
        "At first it moves nothing: a feed that joins is on trial for 28 observed days, and then linked in at the "
        "panel's level. How far it leans then depends on what it says beyond its own usual."
    )


def _form(suggested: Feed) -> None:
    with st.form("add"):
        feed = fields(suggested, f"add-{suggested.url}")
        pressed = st.form_submit_button("Add this feed", type="primary", icon=":material/add:")
    if pressed and save(catalogue.add_feed, feed):
        del st.session_state["found"]
        say(f"{feed.name} is added; its first poll is under way.")


def _explain(found: Discovery, listed: Sequence[Feed]) -> None:
    st.error(f"No feed was found: {literal(found.reason)}.")
    if not found.is_page and st.toggle("Add it all the same: it is asked again and again", key=f"still-{found.url}"):
        _form(suggest_feed(found.url, None, listed))
