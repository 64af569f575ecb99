"""The errors that tension raises on purpose.

TensionError
 ├─ SettingsError        an environment variable or .env entry cannot be used
 ├─ CatalogueError       feeds.yaml (or an OPML file) cannot be used; names file, line and key
 ├─ ArchiveError         a file given to ``load`` or ``code`` cannot be read
 ├─ ModelError           the trained model is missing or does not fit this version
 ├─ StorageError         the database cannot be opened, migrated or written
 └─ FetchError           one feed could not be had; recorded in its poll, never ends a cycle
     ├─ AddressRefused   the address is not public and not allowed by TENSION_ALLOWED_NETWORKS
     ├─ AnswerTooLarge   the decoded answer passed the size cap
     ├─ AnswerTooSlow    no headers, or no complete answer, within the deadline
     ├─ HttpStatus       the server answered with a status that carries no feed
     ├─ NotAFeed         the answer is not RSS, RDF or Atom, or could not be parsed in time
     ├─ NoArticle        an article's page holds no text that can be read
     └─ RobotsForbid     a site's robots.txt keeps a page from us

Each message says what happened, to what, and what to do about it.
"""

from __future__ import annotations


class TensionError(Exception):
    """Base of all errors that tension raises on purpose."""


class SettingsError(TensionError):
    """An environment variable or ``.env`` entry cannot be used."""


class CatalogueError(TensionError):
    """A list of feeds cannot be used; the message names file, line and key."""


class ArchiveError(TensionError):
    """A file of articles cannot be read; the message names file and row."""


class ModelError(TensionError):
    """The trained model is missing or does not fit this version."""


class StorageError(TensionError):
    """The database cannot be opened, migrated or written."""


class FetchError(TensionError):
    """One feed could not be had. A value in the results of a cycle, never its end."""


class AddressRefused(FetchError):
    """The address is not public and ``TENSION_ALLOWED_NETWORKS`` does not name it."""


class AnswerTooLarge(FetchError):
    """The decoded answer passed the size cap."""


class AnswerTooSlow(FetchError):
    """No headers, or no complete answer, within the deadline."""


class HttpStatus(FetchError):
    """The server answered with a status that carries no feed.

    Parameters
    ----------
    status
        The HTTP status code.
    retry_after
        Seconds the server asks to wait, if it said so.
    """

    def __init__(self, status: int, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class NotAFeed(FetchError):
    """The answer is not RSS, RDF or Atom, or could not be parsed in time."""


class NoArticle(FetchError):
    """An article's page holds no text that can be read."""


class RobotsForbid(FetchError):
    """A site's robots.txt keeps a page from us."""
