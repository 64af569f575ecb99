"""Method: how the index is measured, by which model, and what was revised."""

from __future__ import annotations

import streamlit as st

from tension.dashboard import audit, reading, words
from tension.index.measure import METHOD_VERSION
from tension.resources import resource
from tension.signals.codebook import SIGNALS

st.title("Method")
days = reading.index_table()
models = days.loc[days["model_version"] != "", "model_version"].unique()
st.caption(f"Method {METHOD_VERSION}; model {', '.join(models) or 'not at work yet'}.")
method, signals, model, audited, revised = st.tabs(
    ["How it is measured", "Signals", "The classifier", "Audit sample", "Revisions"]
)

with method:
    st.markdown(resource("docs/method.md").read_text(encoding="utf-8").split("\n", 1)[1])

with signals:
    st.dataframe(
        [
            {
                "signal": signal.label,
                "key": signal.key,
                "kind": signal.kind.value,
                "intensity": signal.intensity,
                "meaning": signal.meaning,
                "after": signal.origin,
            }
            for signal in SIGNALS
        ],
        hide_index=True,
        height="content",
    )

with model:
    st.markdown(resource("data/MODEL_CARD.md").read_text(encoding="utf-8").split("\n", 1)[1])

with audited:
    coded = days.loc[days["n_articles"] > 0, "date"]
    if coded.empty:
        st.info("No article has been coded yet.")
    else:
        audit.show(coded.iloc[-1].date())

with revised:
    table = reading.revisions()
    st.caption(
        "Every value that was published and later changed, newest first. Flagged: the day was over, and the value "
        "moved by more than five points and a tenth of itself."
    )
    if table.empty:
        st.info("Nothing has been revised yet.")
    else:
        st.dataframe(table, hide_index=True, column_config=words.REVISION_COLUMNS)
