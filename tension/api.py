"""The HTTP routes beside the pages: stable plain URLs for programs.

``/api/index.csv`` and ``/api/index.json`` (``start, end, frequency, as_of``), ``/api/codings.csv``
(``start, end, signal``), ``/healthz``, ``/metrics``. Everything else under ``/api/`` is a 404, never the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial

import pandas as pd
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tension.exports import FREQUENCIES, Frequency, codings_csv, index_csv, index_records, index_table, parse_moment
from tension.health import Health, read_health
from tension.pipeline import utc_now
from tension.signals.codebook import KEYS
from tension.storage import frames
from tension.storage.frames import ArticleFilter


class BadParameter(ValueError):
    """A query parameter cannot be used; the message says which and what it takes."""


def routes(open_engine: Callable[[], Engine], started_at: datetime) -> list[Route]:
    """The routes on one database.

    Parameters
    ----------
    open_engine
        Gives the engine; called at each request, so that routes can be made before the database is open.
    started_at
        When this process started: feeds that were never polled are overdue only some minutes later.
    """

    def route(path: str, answer: Callable[[Request, Engine], Response]) -> Route:
        return Route(path, partial(_answer, answer, open_engine), methods=["GET"])

    return [
        route("/api/index.csv", _index_csv),
        route("/api/index.json", _index_json),
        route("/api/codings.csv", _codings_csv),
        route("/healthz", partial(_healthz, started_at)),
        route("/metrics", partial(_metrics, started_at)),
        Route("/api/{rest:path}", _not_found),
        Route("/api", _not_found),
    ]


async def _answer(
    answer: Callable[[Request, Engine], Response], open_engine: Callable[[], Engine], request: Request
) -> Response:
    try:
        return await run_in_threadpool(lambda: answer(request, open_engine()))
    except BadParameter as error:
        return JSONResponse({"error": str(error)}, status_code=400)


async def _not_found(request: Request) -> Response:
    known = "/api/index.csv, /api/index.json, /api/codings.csv"
    return JSONResponse({"error": f"{request.url.path} is not here; there are {known}"}, status_code=404)


def _index_csv(request: Request, engine: Engine) -> Response:
    return Response(index_csv(_table(request, engine)), media_type="text/csv", headers=_download("tension-index.csv"))


def _index_json(request: Request, engine: Engine) -> Response:
    return JSONResponse({"index": index_records(_table(request, engine))})


def _table(request: Request, engine: Engine) -> pd.DataFrame:
    return index_table(
        engine,
        start=_day(request, "start"),
        end=_day(request, "end"),
        frequency=_frequency(request),
        as_of=_moment(request, "as_of"),
    )


def _codings_csv(request: Request, engine: Engine) -> Response:
    signals = request.query_params.getlist("signal")
    if unknown := [key for key in signals if key not in KEYS]:
        raise BadParameter(f"signal: {', '.join(unknown)} is none of {', '.join(KEYS)}")
    chosen = ArticleFilter(
        since=_day(request, "start"), until=_day(request, "end") or frames.today(engine, utc_now()), signals=signals
    )
    return StreamingResponse(
        codings_csv(engine, chosen), media_type="text/csv", headers=_download("tension-codings.csv")
    )


def _healthz(started_at: datetime, request: Request, engine: Engine) -> Response:
    try:
        health = read_health(engine, utc_now(), started_at)
    except SQLAlchemyError as error:
        return JSONResponse({"status": "failed", "reason": f"the database does not answer: {error}"}, status_code=503)
    return JSONResponse(health.as_json(), status_code=200 if health.well else 503)


def _metrics(started_at: datetime, request: Request, engine: Engine) -> Response:
    registry = CollectorRegistry()
    registry.register(_Collector(engine, read_health(engine, utc_now(), started_at)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Collector(Collector):
    """Figures read from the database at each scrape, so that any process of several can be scraped."""

    def __init__(self, engine: Engine, health: Health) -> None:
        self.engine = engine
        self.health = health

    def collect(self) -> Iterable[Metric]:
        yield _gauge("tension_polling_well", "1 unless polling has stalled", float(self.health.well))
        in_force = float(not self.health.list_fault)
        yield _gauge("tension_list_in_force", "1 unless feeds.yaml cannot be read and an older list counts", in_force)
        yield _gauge(
            "tension_poll_overdue_seconds", "Wait of the most overdue feed", self.health.stalled_for.total_seconds()
        )
        if self.health.last_poll_at:
            yield _gauge(
                "tension_last_poll_timestamp_seconds", "Last poll of any feed", self.health.last_poll_at.timestamp()
            )
        feeds = GaugeMetricFamily("tension_feeds", "Enabled feeds by how their last poll ended", labels=["status"])
        for status, n in {**self.health.by_status, "waiting": self.health.n_waiting}.items():
            feeds.add_metric([status], n)
        yield feeds
        yield from self._index()

    def _index(self) -> Iterable[Metric]:
        known = frames.index_points(self.engine).dropna(subset="index")
        if known.empty:
            return
        latest = known.iloc[-1]
        yield _gauge("tension_index_date_seconds", "Day of the latest index value", known.index[-1].timestamp())
        for name in ("index", "threats", "acts", "easing", "coverage_share"):
            yield _gauge(f"tension_{name}", f"Latest value of {name}", float(latest[name]))


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadParameter(f"{name}: {text!r} is no day; write it as 2021-10-18") from error


def _moment(request: Request, name: str) -> datetime | None:
    text = request.query_params.get(name)
    try:
        return parse_moment(text) if text else None
    except ValueError as error:
        raise BadParameter(f"{name}: {error}") from error


def _frequency(request: Request) -> Frequency:
    text = request.query_params.get("frequency", "D")
    for frequency in FREQUENCIES:
        if text == frequency:
            return frequency
    raise BadParameter(f"frequency: {text!r} is none of {', '.join(FREQUENCIES)}")
