"""The HTTP routes beside the pages: stable plain addresses for programs.

``/api/<table>.<format>`` gives a table of `tension.exports` as CSV, JSON or Parquet (``files``; parameters are read
in ``parameters``); ``/healthz`` and ``/metrics`` say how it fares (``monitoring``). Everything else under ``/api`` is
a 404 that names what there is, never the page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tension.api.files import table_file
from tension.api.monitoring import healthz, metrics
from tension.exports.choice import FORMATS, TAKES, BadChoice
from tension.exports.contributions import NoValue


def routes(
    open_engine: Callable[[], Engine], started_at: datetime, coverage_floor: Callable[[], float] = lambda: 0.5
) -> list[Route]:
    """The routes on one database.

    Parameters
    ----------
    open_engine
        Gives the engine; called at each request, so that routes can be made before the database is open.
    started_at
        When this process started: feeds that were never polled are overdue only some minutes later.
    coverage_floor
        Gives the floor that the index is measured with.
    """

    def route(path: str, answer: Callable[[Request, Engine], Response]) -> Route:
        return Route(path, partial(_answer, answer, open_engine), methods=["GET"])

    files = [
        route(f"/api/{name}.{file_format}", partial(table_file, name, file_format, coverage_floor))
        for name in TAKES
        for file_format in FORMATS
    ]
    return [
        *files,
        route("/healthz", partial(healthz, started_at)),
        route("/metrics", partial(metrics, started_at)),
        Route("/api/{rest:path}", _not_found),
        Route("/api", _not_found),
    ]


async def _answer(
    answer: Callable[[Request, Engine], Response], open_engine: Callable[[], Engine], request: Request
) -> Response:
    try:
        return await run_in_threadpool(lambda: answer(request, open_engine()))
    except BadChoice as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    except NoValue as error:
        return JSONResponse({"error": str(error)}, status_code=404)


async def _not_found(request: Request) -> Response:
    known = ", ".join(f"/api/{name}.{file_format}" for name in TAKES for file_format in FORMATS)
    return JSONResponse({"error": f"{request.url.path} is not here; there are {known}"}, status_code=404)
