"""Lists of feeds from and for other readers: an OPML file is judged outline by outline before it is taken over."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from tension import server
from tension.dashboard.feed_forms import literal, save, say
from tension.errors import CatalogueError
from tension.feeds import catalogue
from tension.feeds.importing import Outline, Verdict, check, plan
from tension.feeds.opml import write_opml
from tension.preview import spoken_language
from tension.records import Feed

_VERDICTS = {
    Verdict.NEW: "+ new",
    Verdict.FAILING: "✗ failing",
    Verdict.KNOWN: "✓ known",
    Verdict.UNUSABLE: "∅ unusable",
}
_MEGABYTES = 5


def exchange(listed: Sequence[Feed]) -> None:
    """Take over a list, or give ours away."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        file = st.file_uploader("OPML file of another reader", ["opml", "xml"], max_upload_size=_MEGABYTES)
    with right:
        ask = st.toggle("Ask each feed first", value=True, help="Those that fail are added too, switched off.")
        st.download_button(
            "Our list as OPML",
            write_opml(listed),
            file_name="feeds.opml",
            mime="text/x-opml",
            icon=":material/download:",
            on_click="ignore",
        )
    if file is not None:
        _take_over(f"{file.file_id}-{ask}", file.getvalue(), listed, ask)


def _take_over(key: str, body: bytes, listed: Sequence[Feed], ask: bool) -> None:
    """Show what each outline comes to, then add what is new."""
    try:
        outlines = plan(body, listed)
        if ask:
            outlines = _asked(key, outlines)
    except CatalogueError as error:
        st.error(f"It cannot be read: {literal(str(error))}.")
        return
    new = [outline.feed for outline in outlines if outline.feed and outline.to_add]
    st.dataframe(pd.DataFrame(map(_row, outlines)), hide_index=True, placeholder="–", alt="What each outline comes to")
    if not new:
        st.info("Nothing in it is new.")
        return
    n_off = sum(not feed.enabled for feed in new)
    st.caption(f"Nothing is saved yet. {n_off} of {len(new)} would be added switched off." if n_off else
               "Nothing is saved yet.")  # fmt: skip
    if st.button(f"Add these {len(new)} feeds", type="primary", icon=":material/add:") and save(
        catalogue.add_feeds, new
    ):
        say(f"{len(new)} feeds are added, {n_off} of them switched off.")


def _asked(key: str, outlines: tuple[Outline, ...]) -> tuple[Outline, ...]:
    """The outlines with what their feeds answered; each file is asked for once."""
    if st.session_state.get("asked", ("", ()))[0] != key:
        n = sum(outline.verdict is Verdict.NEW for outline in outlines)
        with st.spinner(f"Asking {n} feeds …"):
            model = server.scheduler().pipeline.model
            answers = check(outlines, server.settings(), lambda parsed: spoken_language(parsed, model))
        st.session_state["asked"] = (key, answers)
    answered = {outline.feed: outline for outline in st.session_state["asked"][1] if outline.feed}
    by_url = {feed.url: outline for feed, outline in answered.items()}
    return tuple(
        by_url.get(outline.feed.url, outline) if outline.feed and outline.to_add else outline for outline in outlines
    )


def _row(outline: Outline) -> dict[str, object]:
    feed = outline.feed
    return {
        "": _VERDICTS[outline.verdict],
        "feed": feed.name if feed else None,
        "language": feed.language if feed else None,
        "country": feed.country if feed else None,
        "kind": feed.kind.value if feed else None,
        "why": outline.reason or None,
        "address": feed.url if feed else None,
    }
