"""Lists of feeds from and for other readers: an OPML file is judged outline by outline before it is taken over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from tension import server
from tension.dashboard.feed_forms import KINDS, add_many
from tension.dashboard.words import literal
from tension.errors import CatalogueError
from tension.feeds.importing import Outline, Verdict, check, plan
from tension.feeds.opml import write_opml
from tension.preview import spoken_language
from tension.records import Feed
from tension.tongue import N_, _, n_, number

_VERDICTS = {
    # Says: a feed of another reader's list, which is new to ours
    Verdict.NEW: N_("+ new"),
    Verdict.FAILING: N_("✗ failing"),
    # Says: a feed of another reader's list, which is in ours already
    Verdict.KNOWN: N_("✓ known"),
    Verdict.UNUSABLE: N_("∅ unusable"),
}
_MEGABYTES = 5


def exchange(listed: Sequence[Feed]) -> None:
    """Take over a list, or give ours away."""
    st.caption(
        _("The list is the file `{file}`, which may also be edited by hand.").format(file=server.settings().feeds.name)
    )
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        file = st.file_uploader(_("OPML file of another reader"), ["opml", "xml"], max_upload_size=_MEGABYTES)
    with right:
        ask = st.toggle(_("Ask each feed first"), value=True, help=_("Those that fail are added too, switched off."))
        st.download_button(
            _("Our list as OPML"),
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
        st.error(_("It cannot be read: {reason}.").format(reason=literal(str(error))))
        return
    new = [outline.feed for outline in outlines if outline.feed and outline.to_add]
    st.dataframe(
        pd.DataFrame(map(_row, outlines)),
        hide_index=True,
        column_config=_columns(),
        placeholder="–",
        alt=_("What each entry of the file comes to"),
    )
    if not new:
        st.info(_("Nothing in it is new."))
        return
    n, n_off = len(new), sum(not feed.enabled for feed in new)
    switched_off = n_(
        "{off} of {n} would be added switched off.", "{off} of {n} would be added switched off.", n_off
    ).format(off=number(n_off), n=number(n))
    st.caption(" ".join([_("Nothing is saved yet."), switched_off if n_off else ""]))
    add = n_("Add {n} feed", "Add {n} feeds", n).format(n=number(n))
    if st.button(add, type="primary", icon=":material/add:"):
        add_many(new)


def _asked(key: str, outlines: tuple[Outline, ...]) -> tuple[Outline, ...]:
    """The outlines with what their feeds answered; each file is asked for once."""
    if st.session_state.get("asked", ("", ()))[0] != key:
        n = sum(outline.verdict is Verdict.NEW for outline in outlines)
        with st.spinner(n_("Asking {n} feed …", "Asking {n} feeds …", n).format(n=number(n))):
            model = server.scheduler().pipeline.model
            answers = check(outlines, server.settings(), lambda parsed: spoken_language(parsed, model))
        st.session_state["asked"] = (key, answers)
    answered = {outline.feed: outline for outline in st.session_state["asked"][1] if outline.feed}
    by_url = {feed.url: outline for feed, outline in answered.items()}
    return tuple(
        by_url.get(outline.feed.url, outline) if outline.feed and outline.to_add else outline for outline in outlines
    )


def _columns() -> dict[str, Any]:
    column = st.column_config
    labels = {"feed": _("feed"), "language": _("language"), "country": _("country"), "kind": _("kind")}
    return {
        # Says: a column's label: what an entry of another reader's list comes to: new, known, failing, unusable
        "verdict": column.TextColumn(_("comes to")),
        **{key: column.TextColumn(label) for key, label in labels.items()},
        "why": column.TextColumn(_("why")),
        "address": column.TextColumn(_("address")),
    }


def _row(outline: Outline) -> dict[str, object]:
    feed = outline.feed
    return {
        "feed": feed.name if feed else None,
        "verdict": _(_VERDICTS[outline.verdict]),
        "why": outline.reason or None,
        "language": feed.language if feed else None,
        "country": feed.country if feed else None,
        "kind": _(KINDS[feed.kind]) if feed else None,
        "address": feed.url if feed else None,
    }
