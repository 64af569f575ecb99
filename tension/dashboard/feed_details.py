"""One feed at close quarters: what is wrong with it, its figures, its last polls, its entry."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from tension.conditions import RECENT_DAYS, RELEVANT_DAYS
from tension.dashboard import feed_forms, reading, words
from tension.dashboard.feed_table import ICONS
from tension.feeds.condition import MEANINGS, Condition, State
from tension.records import Feed, PollStatus

_ANSWERS = {
    PollStatus.OK.value: "✓ ok",
    PollStatus.NOT_MODIFIED.value: "✓ not modified",
    PollStatus.EMPTY.value: "∅ empty",
    PollStatus.FAILED.value: "✗ failed",
}
_POLLS = {
    "polled_at": st.column_config.DatetimeColumn("asked", format="distance"),
    "status": st.column_config.TextColumn("answer"),
    "n_items": st.column_config.NumberColumn("items"),
    "n_new": st.column_config.NumberColumn("new"),
    "n_overlap": st.column_config.NumberColumn("as before", help="Items that the poll before carried too."),
    "seconds": st.column_config.NumberColumn(format="%.1f s"),
    "http_status": st.column_config.NumberColumn("HTTP", format="%d"),
    "reason": st.column_config.TextColumn("why", width="large"),
}


def details(feed: Feed, condition: Condition, feed_id: int | None) -> None:
    """Draw one feed."""
    for state in condition.states:
        troubled = state not in (State.WELL, State.OFF, State.WAITING)
        (st.warning if troubled else st.caption)(f"{ICONS[state]} **{state}**: {_explained(state, condition)}")
    fares, entry = st.tabs(["How it fares", "Edit or remove"])
    with fares:
        figures, polls = st.columns([2, 3])
        with figures:
            st.table(_figures(condition), border="horizontal", alt=f"Figures of {feed.name}")
        with polls:
            _last_polls(feed, feed_id)
    with entry:
        feed_forms.edit(feed)
        if st.button("Remove this feed …", icon=":material/delete:", help="Its articles and its history stay."):
            feed_forms.remove(feed, feed_id)


def _explained(state: State, condition: Condition) -> str:
    match state:
        case State.FAILING:
            often = "once" if condition.failures_in_row == 1 else f"{condition.failures_in_row} times in a row"
            last = condition.last_success_at
            answered = f"it last answered {words.ago(last)}" if last else "it never answered yet"
            return f"failed {often}; {answered}. {feed_forms.literal(condition.last_reason)}."
        case State.SILENT:
            last_new, usual = words.ago(condition.last_new_at), span(condition.usual_gap)
            return f"it answers, but the last new article came {last_new}; usual is one every {usual}."
        case State.LOSING:
            n = "1 poll" if condition.n_losses == 1 else f"{condition.n_losses} polls"
            return (
                f"{n} in {RECENT_DAYS} days, the last {words.ago(condition.last_loss_at)}, shared no item with the "
                "poll before, so articles were probably missed. Poll it more often, unless polling stopped."
            )
    return words.sentence(MEANINGS[state])


def _figures(condition: Condition) -> dict[str, str]:
    share = condition.relevant_share
    return {
        "Last success": words.ago(condition.last_success_at),
        "Last new article": words.ago(condition.last_new_at),
        "Usual gap": span(condition.usual_gap),
        "Next poll": f"{condition.next_poll_at:%d %b %H:%M} UTC" if condition.next_poll_at else "–",
        "Articles a day": "–" if condition.per_day is None else f"{condition.per_day:.1f}",
        "Relevant": "–" if share is None else f"{share:.0%} of {condition.n_coded:,} in {RELEVANT_DAYS} days",
        "Seen after publication": span(condition.median_delay),
        "Languages found": ", ".join(condition.languages) or "–",
    }


def _last_polls(feed: Feed, feed_id: int | None) -> None:
    polls = reading.polls(feed_id) if feed_id is not None else None
    if polls is None or polls.empty:
        st.caption("It was not polled yet.")
        return
    polls["status"] = polls["status"].map(_ANSWERS)
    st.dataframe(
        polls[list(_POLLS)],
        hide_index=True,
        column_config=_POLLS,
        placeholder="–",
        height=330,
        alt=f"The last polls of {feed.name}",
    )


def span(length: timedelta | None) -> str:
    """A span of time in the largest unit that fits."""
    if length is None:
        return "–"
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if length.total_seconds() >= 2 * size:
            return f"{length.total_seconds() / size:.0f} {unit}"
    return f"{length.total_seconds():.0f} seconds"
