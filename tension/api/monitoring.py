"""How it fares: for who watches over it, and for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tension.health import Health, read_health
from tension.pipeline import utc_now
from tension.storage import frames


def healthz(started_at: datetime, request: Request, engine: Engine) -> Response:
    """200 while polling goes on, 503 when it has stalled or the database does not answer."""
    try:
        health = read_health(engine, utc_now(), started_at)
    except SQLAlchemyError as error:
        return JSONResponse({"status": "failed", "reason": f"the database does not answer: {error}"}, status_code=503)
    return JSONResponse(health.as_json(), status_code=200 if health.well else 503)


def metrics(started_at: datetime, request: Request, engine: Engine) -> Response:
    """The same and the latest values, as Prometheus reads them."""
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
