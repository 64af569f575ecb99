"""Compare: the index by groups of its feeds, and beside another measure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from tension import tongue
from tension.charts.comparison import beside, comparison_figure, lags_figure, lines_figure, recent
from tension.charts.index import SPANS
from tension.dashboard import names, reading, spans
from tension.dashboard.folds import folded
from tension.dashboard.taking import draw
from tension.dashboard.words import literal
from tension.errors import ArchiveError, FetchError
from tension.index.comparison import as_published, compare, is_monthly, lagged, read_series
from tension.index.groups import ALL, GROUPINGS
from tension.tongue import N_, _, n_, number

REFERENCE, PANEL = N_("the reference series (Wikipedia)"), N_("this panel")
PERIODS = {"all": N_("all that is known")}
BY_LANGUAGE = "language"
MOST_MB = 5
FILE_IS_NEW = "file_is_new"
FEEDS = Path(__file__).parent / "feeds.py"


def day_column(monthly: bool = False) -> Any:
    label = _("month") if monthly else _("day")
    return st.column_config.DateColumn(label, format="YYYY-MM" if monthly else "YYYY-MM-DD")


def number_column(label: str, digits: int = 1, **more: Any) -> Any:
    return st.column_config.NumberColumn(label, format=f"%.{digits}f", **more)


def as_table(title: str, table: pd.DataFrame, columns: dict[str, Any]) -> None:
    """What a chart shows, newest first, folded away."""
    folded(title, title, lambda: st.dataframe(table.iloc[::-1], column_config=columns), icon=":material/table:")


def by_source() -> None:
    st.subheader(_("By source"))
    if reading.by_group(next(iter(GROUPINGS))).dropna(how="all").empty:
        st.info(
            _(
                "No live feed has been measured yet. Feeds that are polled are compared here by who speaks and by "
                "language; archives are not."
            )
        )
        st.page_link(FEEDS, label=_("To the feeds"), icon=":material/rss_feed:")
        return
    row = st.container(horizontal=True, vertical_alignment="bottom")
    grouping = chosen_of(row, _("Feeds by"), list(GROUPINGS), next(iter(GROUPINGS)), "by")
    lines = reading.by_group(grouping)
    span = spans.choose(row, "compare")
    lines = lines.rename(columns={name: group_name(str(name), grouping) for name in lines.columns})
    shown = recent(lines, SPANS[span])
    st.markdown(latest_of(shown))
    alt = _("The index, smoothed, by groups of feeds: {groups}. The table below has every day.")
    draw(lines_figure(lines, SPANS[span]), "sources", alt.format(groups=", ".join(lines.columns)))
    if silent := [str(name) for name in shown.columns if shown[name].isna().all()]:
        st.caption(_("Without a value on the days shown: {groups}.").format(groups=tongue.listed(silent)))
    st.caption(
        _(
            "Each group is measured as a panel of its own, and all are brought to one level at their start: the lines "
            "show how the groups have moved apart since, not which of them is the more alarmed."
        )
    )
    columns = {name: number_column(str(name)) for name in shown.columns}
    as_table(_("Groups of feeds, day by day, as a table"), shown, {"day": day_column()} | columns)
    with st.expander(_("Who is in which group"), icon=":material/groups:"):
        st.markdown(who_is_where(grouping))


def chosen_of(place: Any, label: str, options: list[str], default: str, key: str) -> str:
    """One of some options that are messages; it stands in the address as the reader sees it."""
    picked = place.segmented_control(
        label, options, default=default, required=True, key=key, bind="query-params", format_func=_
    )
    return str(picked or default)


def group_name(group: str, grouping: str) -> str:
    """A group as the reader calls it: languages by their names."""
    return names.language(group) if grouping == BY_LANGUAGE and group != ALL else _(group)


def latest_of(shown: pd.DataFrame) -> str:
    """Where the groups stand on the last day, in a sentence."""
    last = shown.iloc[-1].dropna()
    each = [_("{group} {points}").format(group=name, points=number(value)) for name, value in last.items()]
    said = _("On {day}, in index points, smoothed: {groups}.")
    return said.format(day=tongue.day(shown.index[-1]), groups="; ".join(each))


def who_is_where(grouping: str) -> str:
    if grouping == BY_LANGUAGE:
        return _("By the language that a feed is written in. A language with two feeds or more is a group of its own.")
    return _(
        "- **Founding feeds** are the fixed panel: those polled from the start. Where they part from all feeds, it is "
        "the panel that has changed, not only the tension.\n"
        "- **The Russian state** is its media, wherever they are, and the governments of Russia and Belarus. They "
        "count in the index like others and are only shown apart here, so that who speaks never alters how severe an "
        "event is.\n"
        "- **Russian, not of the state**: other feeds in Russian or from Russia and Belarus.\n"
        "- **NATO's side**: the other feeds from its members, and the alliance itself."
    )


def called(measure: str) -> str:
    """A measure by its name, which is its reader's own but for the reference series."""
    return _(measure) if measure == REFERENCE else measure


def with_another_measure() -> None:
    st.subheader(_("With another measure"))
    others = other_measures()
    row = st.container(horizontal=True, vertical_alignment="bottom")
    options = [*others, REFERENCE]
    preferred = options.index("GPRC_RUS") if "GPRC_RUS" in options else 0
    if st.session_state.pop(FILE_IS_NEW, False):
        st.session_state["measure"] = options[preferred]
    name = row.selectbox(
        _("Measure"), options, index=preferred, key="measure", bind="query-params", format_func=called, width=300
    )
    panel = reading.index_table().set_index("date")[["index", "smoothed"]].astype(float)
    if name == REFERENCE:
        compared(panel["smoothed"].dropna(), reading.reference()["smoothed"].dropna(), _(REFERENCE), known=False)
        return
    own = chosen_of(row, _("Index"), [REFERENCE, PANEL], REFERENCE, "own")
    known = row.toggle(_("dated to when it was known"), value=True, key="known", bind="query-params")
    index = reading.reference()["index"] if own == REFERENCE else panel["index"]
    compared(index.dropna(), others[name].dropna(), name, known)


def begin_anew() -> None:
    """Another file has other measures: the first of them is shown."""
    st.session_state[FILE_IS_NEW] = True


def other_measures() -> pd.DataFrame:
    """Those of the reader's file, or else of the one that is set; without columns where there are none."""
    with st.expander(_("Compare with a measure of your own"), icon=":material/upload_file:"):
        st.caption(
            _(
                "A CSV file with a column named date, month or day, and a column of numbers for each measure. It is "
                "read for you alone and not kept. The Geopolitical Risk index, for one, is published by its authors as "
                "a monthly file (Caldara & Iacoviello 2022; save it as CSV). Who runs this site can set a file for "
                "every reader in TENSION_COMPARISON_FILE."
            )
        )
        label = _("Your file (CSV, up to {n} MB)").format(n=MOST_MB)
        file = st.file_uploader(label, "csv", key="file", max_upload_size=MOST_MB, on_change=begin_anew)
    try:
        table = reading.comparison() if file is None else read_series(Path("file.csv"), file.getvalue())
    except (ArchiveError, FetchError) as error:
        st.error(_("The other measure cannot be read: {error}").format(error=literal(str(error))))
        table = None
    if table is None:
        return pd.DataFrame()
    table.columns = [str(name) for name in table.columns]
    return table[table.index.notna()].groupby(level=0).mean()


def compared(index: pd.Series[float], series: pd.Series[float], name: str, known: bool) -> None:
    """All that is shown of the index beside another measure."""
    agreement = compare(index, series.to_frame())
    if agreement.empty:
        st.info(
            _(
                "{measure} and the index have too few days or months in common to be compared: five are needed. Choose "
                "another measure, or the other index."
            ).format(measure=name)
        )
        return
    monthly = is_monthly(series)
    st.markdown(agreement_of(agreement, name, monthly))
    both_over_time(index, as_published(series) if known else series, name, known)
    agreement_table(agreement, monthly)
    earlier_or_later(lagged(index, series), name, monthly)


def agreement_of(agreement: pd.DataFrame, name: str, monthly: bool) -> str:
    """How closely the two agree, in a sentence."""
    n, rank = int(agreement["n"].iloc[0]), number(agreement["spearman"].iloc[0], 2)
    if monthly:
        said = n_(
            "Over {n} month in common, the index and {measure} have a rank correlation of {rank} (1: the same order).",
            "Over {n} months in common, the index and {measure} have a rank correlation of {rank} (1: the same order).",
            n,
        )
    else:
        said = n_(
            "Over {n} day in common, the index and {measure} have a rank correlation of {rank} (1: the same order).",
            "Over {n} days in common, the index and {measure} have a rank correlation of {rank} (1: the same order).",
            n,
        )
    return said.format(n=number(n), measure=literal(name), rank=rank)


def both_over_time(index: pd.Series[float], other: pd.Series[float], name: str, known: bool) -> None:
    monthly = is_monthly(other)
    alt = _("The index beside {measure}, each as so many times its own median, on a logarithmic scale; table below.")
    draw(comparison_figure(index, other, name), "comparison", alt.format(measure=name))
    table = beside(index, other).rename_axis("day").dropna(how="all")
    weekly = len(table) > 1 and (table.index[1] - table.index[0]).days > 1
    said = [_("Means of months.") if monthly else _("Means of weeks.") if weekly else _("Single days.")]
    said.append(_("Each is drawn as so many times its own median: as far up is as many times more."))
    if known and monthly:
        said.append(
            _("A month's value is known only when the month is over: it is drawn at the first day of the next.")
        )
    elif known:
        said.append(
            _("A day's value is known only with the week's file: it is drawn at the Monday after, as its week's mean.")
        )
    if name.startswith("GPR"):
        said.append(
            _(
                "{measure} is of the Geopolitical Risk index of Caldara and Iacoviello (American Economic Review, "
                "2022), which counts articles on such risks in English-language newspapers; GPRC is the part that "
                "names a country."
            ).format(measure=name)
        )
    st.caption(" ".join(said))
    columns = {"index": number_column(_("this index")), "other": number_column(name, 2)}
    first = day_column(monthly)
    as_table(_("The index and {measure} as a table").format(measure=literal(name)), table, {"day": first} | columns)


def agreement_table(agreement: pd.DataFrame, monthly: bool) -> None:
    table = agreement.assign(period=[_(PERIODS.get(period, period)) for period in agreement["period"]])
    columns = {
        "period": st.column_config.TextColumn(_("period")),
        "n": st.column_config.NumberColumn(_("months in common") if monthly else _("days in common"), format="%d"),
        "spearman": number_column(_("rank correlation"), 2, help=_("Spearman's: 1 if both order the values alike.")),
        "pearson_of_logs": number_column(
            _("correlation of logs"), 2, help=_("Pearson's, of logarithms: 1 if both change by like factors.")
        ),
    }
    st.dataframe(table, hide_index=True, column_config=columns, column_order=list(columns))


def earlier_or_later(lags: pd.Series[float], name: str, monthly: bool) -> None:
    if lags.empty:
        return
    st.markdown("**" + _("Earlier or later?") + "**")
    alt = _("Rank correlation of the index with {measure} taken up to {n} steps earlier or later; table below.")
    draw(lags_figure(lags, name, monthly), "lags", alt.format(measure=name, n=int(lags.index.max())))
    said = _(
        "At 0, values of the same time, whenever they were known. At +1, {measure} is taken one step later than the "
        "index: were the bars to the right the higher ones, the index would be the first to move; were it those to the "
        "left, {measure} would be."
    )
    st.caption(said.format(measure=literal(name)))
    st.caption(
        _(
            "Correlations of two series that both follow the same wars say little about cause, and a lag with the "
            "highest correlation is no proof that one leads the other."
        )
    )
    shift = _("months later") if monthly else _("days later")
    columns = {
        "lag": st.column_config.NumberColumn(shift, format="%+d"),
        "rank": number_column(_("rank correlation"), 2),
    }
    as_table(_("Earlier or later, as a table"), lags.rename("rank").to_frame(), columns)


st.title(_("Compare"))
by_source()
with_another_measure()
