"""What went wrong with an answer, in words for the table of feeds: what happened, to what, what to do about it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import aiohttp
from yarl import URL

from tension.errors import AddressRefused, FetchError, HttpStatus
from tension.feeds import headers
from tension.feeds.connecting import Refused
from tension.feeds.plain import one_line

_MEANINGS = {
    304: "not modified, says the server, although the whole feed was asked for",
    401: "it wants a password",
    403: "it refuses us",
    404: "there is no such page",
    410: "the feed is gone for good, says the server",
    429: "we ask too often, says the server",
}


def status_error(response: aiohttp.ClientResponse) -> HttpStatus:
    """The error for a status that carries no feed, with the server's ``Retry-After`` in seconds."""
    meaning = _MEANINGS.get(response.status, "the server is in trouble" if response.status >= 500 else "not a feed")
    wait = headers.retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
    asked = "" if wait is None else f"; it asks to wait {wait:.0f} s"
    return HttpStatus(response.status, f"HTTP {response.status}: {meaning}{asked}", wait)


def explained(error: Exception, url: URL) -> FetchError:
    """The error of the library in words, naming the host and nothing secret."""
    host = url.raw_host  # in punycode: what looks like another name is said as what it is
    match error:
        case aiohttp.ClientConnectorDNSError():
            return FetchError(f"no address is known for the name {host}")
        case aiohttp.ClientConnectorCertificateError():
            return FetchError(f"the certificate of {host} is not valid: {error.certificate_error}")
        case aiohttp.ClientSSLError():
            return FetchError(f"no secure connection to {host}: {error.os_error}")
        case aiohttp.ClientConnectorError(os_error=Refused(address=address)):
            named = f"{host} is" if host == address else f"{host} leads to {address}, which is"
            return AddressRefused(f"{named} not public; TENSION_ALLOWED_NETWORKS can allow it")
        case aiohttp.ClientConnectorError():
            return FetchError(f"no connection to {host}:{url.port}: {error.os_error.strerror or error.os_error}")
        case aiohttp.ClientPayloadError():
            return FetchError("the answer breaks off before its end")
        case aiohttp.ServerDisconnectedError():
            return FetchError(f"{host} closed the connection without an answer")
        case aiohttp.ClientResponseError():
            fault = re.split(r"b?['\"]", error.message)[0]  # what the server sent is not quoted: it may hold a password
            return FetchError(f"{host} does not speak proper HTTP: {one_line(fault, 100).rstrip(': ')}")
        case aiohttp.InvalidURL():
            return FetchError(f"{host} is neither a name nor an address as one is written")
        case _:
            return FetchError(f"{host} could not be asked: {type(error).__name__}: {one_line(str(error), 100)}")
