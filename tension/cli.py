"""The command line: ``tension …``. Scripts depend on it; results go to standard output, all else to standard error."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tension.cli_feeds import feeds
from tension.errors import CatalogueError, TensionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tension.pipeline import Pipeline
    from tension.records import Poll
    from tension.settings import Settings

# Heavy modules are imported inside the commands that need them: `tension --help` should answer at once.


class _Commands(click.Group):
    """Turns the project's errors into one line and exit status 1."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except TensionError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tension")
def main() -> None:
    """An index of tension between Russia and NATO, computed live from news feeds."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)


class _Columns(click.ParamType[dict[str, str]]):
    """``field=column,field=column``"""

    name = "field=column,…"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> dict[str, str]:
        pairs = [part.partition("=") for part in str(value).split(",")]
        if not all(field and column for field, _, column in pairs):
            self.fail(f"{value!r} is not of the form published_at=first_seen,title=headline", param, context)
        return {field.strip(): column.strip() for field, _, column in pairs}


class _Day(click.ParamType[date]):
    """A day as 2021-10-18."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2021-10-18", param, context)


class _Moment(click.ParamType[datetime]):
    """A day, or a time, in UTC unless it says otherwise."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> datetime:
        from tension.exports import parse_moment

        try:
            return parse_moment(value)
        except ValueError as error:
            self.fail(str(error), param, context)


_FILE = click.Path(path_type=Path, dir_okay=False)


@main.command()
def run() -> None:
    """Serve the dashboard and poll the feeds."""
    from tension.server import serve

    serve()


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a feed and nothing else.")
def poll(as_json: bool) -> None:
    """Run one cycle over all enabled feeds now, a line a feed.

    Where feeds.yaml cannot be used, the feeds of the last good list are polled, and the exit status is 1.
    """

    def show(result: Poll) -> None:
        click.echo(_poll_json(result) if as_json else _poll_line(result))

    fault = None
    with _pipeline() as pipeline:
        try:
            pipeline.sync_catalogue()
        except CatalogueError as error:
            fault = error
            click.echo(f"Error: {error}", err=True)
        polls = pipeline.run_cycle(on_poll=show)
    if not as_json:
        failed = sum(result.status == "failed" for result in polls)
        click.echo(f"{len(polls)} feeds, {failed} failed, {sum(p.n_new for p in polls)} new articles", err=True)
    if fault:
        sys.exit(1)


@main.command()
@click.argument("file", type=_FILE)
@click.option("--output", type=_FILE, required=True, help="Where the codings go, one JSON object a line.")
@click.option("--columns", type=_Columns(), help="Which column holds which field, such as title=headline.")
def code(file: Path, output: Path, columns: dict[str, str] | None) -> None:
    """Code the articles of a CSV or JSONL file."""
    from tension.archive.code import code_file

    with _progress(file, "coding") as step:
        n = code_file(file, output, columns, step)
    click.echo(f"{n} articles coded into {output}", err=True)


@main.command()
@click.argument("file", type=_FILE)
@click.option("--columns", type=_Columns(), help="Which column holds which field, such as published_at=first_seen.")
@click.option("--source", help="The archive's name in the index; the file's name by default.")
@click.option("--language", help="ISO 639-1 code for rows that do not say theirs.")
def load(file: Path, columns: dict[str, str] | None, source: str | None, language: str | None) -> None:
    """Load an archive of articles, code and index them."""
    from tension.archive.load import load as load_archive

    with _pipeline() as pipeline, _progress(file, "loading") as step:
        loaded = load_archive(pipeline, file, columns, source, language, step)
    click.echo(
        f"{loaded.n_rows} rows, {loaded.n_new} new articles, {loaded.n_passed_over} without words or date", err=True
    )


@main.command()
@click.option("--output", type=_FILE, default=Path("-"), help="Where the CSV goes; standard output by default.")
@click.option("--start", type=_Day(), help="First day, included.")
@click.option("--end", type=_Day(), help="Last day, included.")
@click.option(
    "--frequency",
    type=click.Choice(["H", "D", "W", "M"]),
    default="D",
    show_default=True,
    help="Days, weeks, months; H: the last 24 hours at every full hour, a week back unless told.",
)
@click.option("--as-of", type=_Moment(), help="The index as it was known then.")
@click.option("--explain", type=_Day(), help="Print the stories behind this day instead, summing to its value.")
@click.option("--since", type=_Day(), help="With --explain: print what made it differ from this earlier day.")
def index(
    output: Path,
    start: date | None,
    end: date | None,
    frequency: Any,
    as_of: datetime | None,
    explain: date | None,
    since: date | None,
) -> None:
    """Write the index as CSV, or say why a day has its value."""
    from tension.exports import index_csv, index_table

    if explain and (start or end or as_of or frequency != "D"):
        raise click.UsageError("--explain takes a day alone, without --start, --end, --frequency and --as-of")
    if frequency == "H" and as_of:
        raise click.UsageError("the last 24 hours are known as of now only: leave --as-of out")
    if since and not explain:
        raise click.UsageError("--since names the day to compare with that of --explain, which is missing")
    if explain:
        _explain(explain, since)
        return
    if frequency == "H":
        from tension.measured import hourly_table

        settings = _settings()
        until = datetime.combine(end, time.max, UTC) if end else datetime.now(UTC)
        begin = datetime.combine(start, time.min, UTC) if start else until - timedelta(days=7)
        hours = hourly_table(_store().engine, begin, until, settings.coverage_floor)
        _write(output, hours.to_csv(date_format="%Y-%m-%dT%H:%MZ", float_format="%.6f", lineterminator="\n"))
        return
    table = index_table(_store().engine, start, end, frequency, as_of)
    _write(output, index_csv(table))
    valued = int(table["index"].notna().sum())
    click.echo(f"{len(table)} lines, {valued} with a value, written to {output}", err=True)


def _explain(day: date, since: date | None) -> None:
    from tension.explain import explain, explain_change

    floor = _settings().coverage_floor
    if since:
        click.echo(str(explain_change(_store().engine, since, day, floor)))
    else:
        click.echo(str(explain(_store().engine, day, floor)))


@main.command()
@click.option("--labels", type=_FILE, multiple=True, required=True, help="JSONL of coded texts; may be given again.")
@click.option("--corpus", type=click.Path(path_type=Path, file_okay=False), help="The project's own corpus.")
@click.option("--output", type=_FILE, help="Where the model goes; the shipped one's place by default.")
def train(labels: tuple[Path, ...], corpus: Path | None, output: Path | None) -> None:
    """Train the classifier. The same inputs give the same model, byte by byte."""
    from tension.resources import resource
    from tension.signals.training import train as train_model

    target = output or resource("data/model/tension.skops")
    with _bar(unit="regression") as bar:

        def track(n: int, what: str) -> Callable[[], object]:
            bar.reset(n)
            bar.set_description(what)
            return lambda: bar.update()

        report = train_model(labels, corpus or resource("data/corpus"), target, track)
    click.echo(str(report))


@main.command()
@click.option("--gold", type=_FILE, required=True, help="JSONL of coded texts that the model was not trained on.")
@click.option("--figures", type=_FILE, help="An HTML page to write: reliability curve and confusion.")
def evaluate(gold: Path, figures: Path | None) -> None:
    """Hold the classifier against careful coding."""
    from tension.signals.classifier import load_model
    from tension.signals.evaluation import evaluate as evaluate_model
    from tension.signals.training import read_labels

    records, model = read_labels(gold), load_model()
    with _bar(total=len(records), desc="coding", unit="text") as bar:
        result = evaluate_model(model, records, bar.update)
    click.echo(str(result))
    if figures:
        from tension.charts.document import document
        from tension.charts.evaluation import confusion_figure, reliability_figure

        drawn = [
            reliability_figure(result.reliability),
            confusion_figure(result.involvement, "Involvement"),
            confusion_figure(result.confusion, "Signals"),
        ]
        _write(figures, document(f"Model {model.version} on {gold.name}", drawn, str(result)))


@main.command()
@click.argument("archive", type=_FILE)
@click.option("--reference", type=_FILE, help="CSV or Excel with a column of dates or months and other measures.")
@click.option("--series", default="GPRC_RUS", show_default=True, help="The column to draw beside the index.")
@click.option("--events", type=_FILE, help="CSV of dated events; the project's own chronology by default.")
@click.option("--figures", type=_FILE, help="An HTML page to write: tables and the comparison drawn.")
def backtest(archive: Path, reference: Path | None, series: str, events: Path | None, figures: Path | None) -> None:
    """Hold the index over an archive against another measure and against events."""
    from tension.archive.backtest import event_study, read_events
    from tension.archive.files import read_rows
    from tension.archive.measuring import measure_archive
    from tension.charts.comparison import comparison_figure
    from tension.charts.document import document
    from tension.index.comparison import compare, read_series
    from tension.index.reference import CHRONOLOGY_FILE
    from tension.resources import resource
    from tension.signals.classifier import load_model

    other = read_series(reference) if reference else None
    if figures and other is not None and series not in other:
        raise click.UsageError(f"{reference} has no column {series}; it has {', '.join(map(str, other.columns))}")
    happened = read_events(events or resource(CHRONOLOGY_FILE))
    measured = measure_archive(read_rows(archive), load_model())
    index = measured.days["index"]
    lines = [
        f"{measured.n_articles:,} articles on {len(index):,} days; {measured.n_passed_over:,} rows passed over",
        "",
    ]
    if other is not None:
        lines += [compare(index, other).to_string(index=False, float_format="%.2f"), ""]
    lines += [str(event_study(index, happened)), str(event_study(index, happened, least=0.0))]
    click.echo("\n".join(lines))
    if figures:
        drawn = [comparison_figure(index, other[series], series)] if other is not None and series in other else []
        _write(figures, document(f"The index over {archive.name}", drawn, "\n".join(lines)))


main.add_command(feeds)


def _poll_json(result: Poll) -> str:
    fields = asdict(result)
    kept = ("url", "status", "reason", "n_items", "n_new", "seconds")
    return json.dumps({name: fields[name] for name in kept}, ensure_ascii=False)


def _poll_line(result: Poll) -> str:
    from tension.feeds.addresses import without_credentials

    counts = f"{result.n_items} items, {result.n_new} new" if result.n_items else ""
    shown = without_credentials(result.url)
    return f"{result.status.value:<13}{result.seconds:6.1f} s  {shown}  {result.reason or counts}"


def _settings() -> Settings:
    from tension.settings import ensure_home, read_settings

    settings = read_settings()
    ensure_home(settings)
    return settings


def _store() -> Any:
    from tension.storage.store import Store

    settings = _settings()
    return Store.open(settings.url, settings.zone)


@contextmanager
def _pipeline() -> Iterator[Pipeline]:
    from tension.pipeline import Pipeline
    from tension.storage.store import Store

    settings = _settings()
    with Pipeline(settings, Store.open(settings.url, settings.zone)) as pipeline:
        yield pipeline


@contextmanager
def _progress(file: Path, what: str) -> Iterator[Any]:
    from tension.archive.files import count_rows

    with _bar(total=count_rows(file), desc=what, unit="row", unit_scale=True) as bar:
        yield bar.update


def _bar(**options: Any) -> Any:
    from tqdm import tqdm

    return tqdm(**options)  # on standard error


def _write(output: Path, text: str) -> None:
    if str(output) == "-":
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8", newline="")
