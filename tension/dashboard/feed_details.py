"""One feed at close quarters: what is wrong with it, its figures, its last polls, its entry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from tension import tongue
from tension.conditions import RECENT_DAYS, RELEVANT_DAYS
from tension.dashboard import feed_forms, reading, words
from tension.dashboard.feed_table import ICONS, meaning
from tension.dashboard.words import literal
from tension.feeds.condition import Condition, State
from tension.records import Feed, PollStatus
from tension.tongue import N_, _, n_, number, percent

_ANSWERS = {
    # Says: how a feed answered a poll
    PollStatus.OK.value: N_("✓ ok"),
    # Says: the feed has not changed since it was last asked
    PollStatus.NOT_MODIFIED.value: N_("✓ not modified"),
    # Says: the feed answered without any article
    PollStatus.EMPTY.value: N_("∅ empty"),
    PollStatus.FAILED.value: N_("✗ failed"),
}
_ROW, _TALLEST = 35, 330  # pixels


def _poll_columns() -> dict[str, Any]:
    column = st.column_config
    return {
        # Says: a column's label: when the feed was asked
        "polled_at": column.DatetimeColumn(_("asked"), format="distance"),
        "status": column.TextColumn(_("answer")),
        "n_items": column.NumberColumn(_("items")),
        # Says: a column's label: items that were new
        "n_new": column.NumberColumn(_("new")),
        "n_overlap": column.NumberColumn(_("as before"), help=_("Items that the poll before carried too.")),
        "seconds": column.NumberColumn(_("seconds"), format="%.1f"),
        "http_status": column.NumberColumn("HTTP", format="%d"),
        "reason": column.TextColumn(_("why"), width="large"),
    }


def details(feed: Feed, condition: Condition, feed_id: int | None) -> None:
    """Draw one feed."""
    for state in condition.states:
        troubled = state not in (State.WELL, State.OFF, State.WAITING)
        (st.warning if troubled else st.caption)(f"{ICONS[state]} **{_(state)}**: {_explained(state, condition)}")
    fares, entry = st.tabs([_("How it fares"), _("Edit or remove")])
    with fares:
        figures, polls = st.columns([2, 3])
        with figures:
            named = _("Figures of {feed}").format(feed=feed.name)
            st.table(_figures(condition), border="horizontal", alt=named)
        with polls:
            _last_polls(feed, feed_id)
    with entry:
        feed_forms.edit(feed)
        stays = _("Its articles and its history stay.")
        if st.button(_("Remove this feed …"), icon=":material/delete:", help=stays):
            feed_forms.remove(feed, feed_id)


def _explained(state: State, condition: Condition) -> str:
    match state:
        case State.FAILING:
            last = condition.last_success_at
            answered = _("It last answered {ago}.").format(ago=words.ago(last)) if last else _("It never answered yet.")
            reason = literal(words.sentence(condition.last_reason))
            return f"{_failed(condition.failures_in_row)} {answered} {reason}"
        case State.SILENT:
            said = _("It answers, but the last new article came {ago}; usually the gap is {gap}.")
            return said.format(ago=words.ago(condition.last_new_at), gap=lasting(condition.usual_gap))
        case State.LOSING:
            n = condition.n_losses
            said = n_(
                "{n} poll in {days} days, {ago}, shared no item with the poll before, so articles were probably "
                "missed. Poll it more often, unless polling stopped.",
                "{n} polls in {days} days, the last {ago}, shared no item with the poll before, so articles were "
                "probably missed. Poll it more often, unless polling stopped.",
                n,
            )
            return said.format(n=number(n), days=RECENT_DAYS, ago=words.ago(condition.last_loss_at))
    return words.sentence(meaning(state))


def _failed(n: int) -> str:
    if n == 1:
        return _("It failed once.")
    return n_("It failed {n} time in a row.", "It failed {n} times in a row.", n).format(n=number(n))


def _figures(condition: Condition) -> dict[str, str]:
    per_day, next_poll = condition.per_day, condition.next_poll_at
    return {
        _("Last success"): words.ago(condition.last_success_at),
        _("Last new article"): words.ago(condition.last_new_at),
        _("Usual gap"): lasting(condition.usual_gap),
        _("Next poll"): tongue.moment(next_poll) if next_poll else "–",
        _("Articles a day"): "–" if per_day is None else number(per_day, 1),
        _("Relevant"): _relevant(condition),
        _("Seen after publication"): lasting(condition.median_delay),
        _("Languages found"): ", ".join(condition.languages) or "–",
    }


def _relevant(condition: Condition) -> str:
    if condition.relevant_share is None:
        return "–"
    n = condition.n_coded
    said = n_("{share} of {n} article in {days} days", "{share} of {n} articles in {days} days", n)
    return said.format(share=percent(condition.relevant_share), n=number(n), days=RELEVANT_DAYS)


def _last_polls(feed: Feed, feed_id: int | None) -> None:
    polls = reading.polls(feed_id) if feed_id is not None else None
    if polls is None or polls.empty:
        st.caption(_("It was not polled yet."))
        return
    polls["status"] = polls["status"].map(lambda status: _(_ANSWERS[status]))
    columns = _poll_columns()
    st.dataframe(
        polls[list(columns)],
        hide_index=True,
        column_config=columns,
        placeholder="–",
        height=min(_ROW * (len(polls) + 1) + 3, _TALLEST),
        alt=_("The last polls of {feed}").format(feed=feed.name),
    )


def lasting(length: timedelta | None) -> str:
    """A span of time in words; a dash where it is not known."""
    return "–" if length is None else tongue.lasting(length)
