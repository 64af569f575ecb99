"""Tables as files: small ones with an ETag, so that who asks again is spared the body; large ones as a stream."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tension.api.parameters import read_choice
from tension.exports.choice import Format
from tension.exports.formats import MEDIA_TYPES, write
from tension.exports.tables import make
from tension.pipeline import utc_now


def table_file(
    name: str, file_format: Format, coverage_floor: Callable[[], float], request: Request, engine: Engine
) -> Response:
    """A table as the query chooses it.

    Raises
    ------
    BadChoice
        When the query cannot be read.
    NoValue
        When it asks for the parts of a day without a value.
    """
    chosen = read_choice(name, request.query_params)
    table = make(name, engine, chosen, coverage_floor(), utc_now())
    headers = {
        "Content-Disposition": f'attachment; filename="tension-{name}.{file_format}"',
        "Cache-Control": "no-cache",  # may be kept, and is asked for anew: figures are revised at any time
    }
    pieces, media_type = write(table, file_format), MEDIA_TYPES[file_format]
    if table.large:
        return StreamingResponse(pieces, media_type=media_type, headers=headers)
    return _tagged(b"".join(pieces), media_type, headers, request)


def _tagged(body: bytes, media_type: str, headers: dict[str, str], request: Request) -> Response:
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers["ETag"] = tag
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": headers["Cache-Control"]})
    return Response(body, media_type=media_type, headers=headers)
