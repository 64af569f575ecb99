"""A day's audit sample: some of its articles as the model coded them, the same for every reader."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from tension import tongue
from tension.dashboard import found, reading
from tension.dashboard.article_cards import INVOLVED as ABOUT
from tension.records import Involvement
from tension.signals.codebook import BY_KEY
from tension.storage.articles import INVOLVED, ArticleFilter
from tension.tongue import _

EACH = 10
_READ = 500


def sample(day: date) -> pd.DataFrame:
    """Ten of the day's articles coded as involved, and ten that were not, drawn by chance; the day is the seed.

    Returns
    -------
    DataFrame
        ``title, url, publisher, language, involvement, p, signals``: ``p`` is the probability of the involvement that
        was coded, ``signals`` are keys.
    """
    parts = []
    for involvement in (INVOLVED, (Involvement.NONE.value,)):
        chosen = ArticleFilter(since=day, until=day, involvement=involvement)
        some = found.page_of_articles(chosen, _READ, 0, False)
        parts.append(some.sample(min(EACH, len(some)), random_state=day.toordinal()))
    table = pd.concat(parts)
    direct, partner = table["p_direct"], table["p_partner"]
    by_kind = {Involvement.DIRECT.value: direct, Involvement.PARTNER.value: partner}
    table["p"] = 1 - direct - partner
    for kind, probability in by_kind.items():
        table["p"] = table["p"].mask(table["involvement"] == kind, probability)
    return table[["title", "url", "publisher", "language", "involvement", "p", "signals"]]


def show(last: date) -> None:
    """The sample of a day that the reader may choose, as a table to be held against the reader's own judgement.

    Parameters
    ----------
    last
        The last day of which articles are coded: its sample is shown at first.
    """
    day = st.date_input(
        _("Day"),
        last,
        min_value=reading.OLDEST,
        max_value=last,
        key="audited",
        bind="query-params",
        format="YYYY-MM-DD",
        width=200,
    )
    said = _(
        "Of {day}: up to ten articles that were coded as of Russia and NATO or its partners, and up to ten that were "
        "not, drawn by chance and the same for every reader. Read them and judge: is the model right?"
    )
    st.caption(said.format(day=tongue.day(day)))
    table = sample(day)
    if table.empty:
        st.info(_("No coded article of that day is stored. Choose another day."))
        return
    table["involvement"] = [_(ABOUT[Involvement(involvement)]) for involvement in table["involvement"]]
    table["signals"] = [[_(BY_KEY[key].label) for key in keys] for keys in table["signals"]]
    st.dataframe(table, hide_index=True, height="content", column_config=_columns(), alt=_("Audit sample"))


def _columns() -> dict[str, Any]:
    return {
        "title": st.column_config.TextColumn(_("headline"), width="large"),
        "url": st.column_config.LinkColumn(_("link"), display_text=_("open"), width="small"),
        "publisher": st.column_config.TextColumn(_("publisher")),
        "language": st.column_config.TextColumn(_("language"), width="small"),
        "involvement": st.column_config.TextColumn(_("coded as")),
        "p": st.column_config.NumberColumn(
            _("probability"), format="percent", help=_("How sure the model is of what it coded the article as.")
        ),
        "signals": st.column_config.ListColumn(_("signals")),
    }
