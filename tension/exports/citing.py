"""How to quote figures that were taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

AUTHOR, TITLE = "tension contributors", "tension: an index of tension between Russia and NATO from news feeds"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken, and when.

    Attributes
    ----------
    table
        Its name.
    address
        Where the file came from.
    accessed_on
        The day it was taken.
    known_at
        Up to when its figures were known: the vintage; None where nothing is published.
    method, model
        Versions of the measure and of the classifier.
    """

    table: str
    address: str
    accessed_on: date
    known_at: datetime | None
    method: str
    model: str

    @property
    def vintage(self) -> str:
        """The versions and the vintage, in words."""
        known = f", as known at {self.known_at:%Y-%m-%d %H:%M} UTC" if self.known_at else ""
        return f"table “{self.table}”, method {self.method}, model {self.model}{known}"

    def in_words(self) -> str:
        """One sentence for a list of references."""
        return (
            f"{AUTHOR} ({self.accessed_on.year}). {TITLE}. Version {version('tension')}; {self.vintage}. "
            f"{self.address}, accessed {self.accessed_on}."
        )

    def in_bibtex(self) -> str:
        """An entry that plain BibTeX understands."""
        note = self.vintage.replace("“", "``").replace("”", "''")
        return (
            f"@misc{{tension{self.accessed_on.year},\n"
            f"  author       = {{{{{AUTHOR}}}}},\n"
            f"  title        = {{{{{TITLE}}}}},\n"
            f"  year         = {{{self.accessed_on.year}}},\n"
            f"  howpublished = {{\\url{{{self.address}}}}},\n"
            f"  note         = {{Version {version('tension')}; {note}; accessed {self.accessed_on}}}\n"
            "}"
        )
