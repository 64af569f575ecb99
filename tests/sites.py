"""A small web site on loopback, for tests: pages by path."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Who has what they wanted may hang up."""


class Site:
    """Serves the given texts in threads of this process; ``url`` has no slash at its end. Close it.

    A number stands for an answer of that status, a text that begins with ``/`` for a permanent redirect there. The
    paths asked for are in ``asked``.
    """

    def __init__(self, pages: Mapping[str, str | int]) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = pages.get(urlsplit(self.path).path, 404)
                asked.append(self.path)
                moved = isinstance(page, str) and page.startswith("/")
                body = (page if isinstance(page, str) else "no such page").encode()
                self.send_response(page if isinstance(page, int) else 301 if moved else 200)
                if moved:
                    self.send_header("Location", str(page))
                self.send_header("Content-Type", "text/html" if body[:1] == b"<" and body[1:2] != b"?" else "text/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Pages)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
