"""What app.py and ``tension run`` open: the page, the routes beside it, and the scheduler behind it."""

from __future__ import annotations

import gc
import importlib
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool

from tension import api
from tension.pipeline import utc_now
from tension.resources import resource
from tension.scheduler import Scheduler
from tension.settings import Settings, ensure_home, read_settings
from tension.storage.store import Store

PAGE = str(Path(__file__).parent / "dashboard" / "main.py")
STARTED_AT = utc_now()

_HEAVY = ("plotly.graph_objects", "plotly.subplots", "streamlit.elements.plotly_chart", "tension.charts.index")


@cache
def settings() -> Settings:
    """This process's settings, its state folder made."""
    found = read_settings()
    ensure_home(found)
    return found


@cache
def store() -> Store:
    """This process's database."""
    return Store.open(settings().url, settings().zone)


@cache
def scheduler() -> Scheduler:
    """This process's scheduler, started by `lifespan`."""
    return Scheduler(settings(), store())


ROUTES = api.routes(lambda: store().engine, STARTED_AT, lambda: settings().coverage_floor)


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Open the database and start polling before the first page, end it cleanly after the last."""
    await run_in_threadpool(_open)
    yield
    if settings().scheduler:
        await run_in_threadpool(scheduler().stop)


def _open() -> None:
    store()
    if settings().scheduler:
        scheduler().start()
    for name in _HEAVY:
        importlib.import_module(name)
    settle("")


@cache
def settle(page: str) -> None:
    """Take what is loaded by now, at the start and by a page's first visit, out of the collector's reach.

    Nearly all of it stays for good, and Streamlit collects after every rerun.
    """
    gc.collect()
    gc.freeze()


def serve() -> None:
    """Serve until told to stop."""
    chosen = settings()
    app = st.App(PAGE, routes=ROUTES, lifespan=lifespan)
    config = _flat(tomllib.loads(resource(".streamlit/config.toml").read_text()))
    print(f"tension: http://{chosen.host}:{chosen.port}  (feeds: {chosen.feeds}; state: {chosen.home})", flush=True)
    app.run(config=config | {"server.address": chosen.host, "server.port": chosen.port})


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return flat
