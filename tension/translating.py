"""Bring the translations up to date with the code: ``python -m tension.translating``.

New messages come in untranslated, with where they stand; what the code no longer says goes. ``tests/test_tongue.py``
holds that every message is translated, with the same values in it.
"""

from __future__ import annotations

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from tension.signals.codebook import SIGNALS
from tension.tongue import ENGLISH, LANGUAGES, LOCALES

_MARKS = {"_": None, "N_": None, "n_": (1, 2)}


def messages() -> Catalog:
    """Every message that a page can show: what the code marks, and the codebook's words."""
    found = Catalog(charset="utf-8")
    root = LOCALES.parent
    for file, line, message, comments, _context in extract_from_dir(
        str(root), keywords=_MARKS, comment_tags=("Says:",)
    ):
        del line  # else every edit above a message would change the catalogue
        found.add(message, locations=[(file, 0)], auto_comments=comments)
    for signal in SIGNALS:
        for text in (signal.label, signal.meaning):
            found.add(text, locations=[("signals/codebook.py", 0)])
    return found


def kept(tongue: str) -> Catalog:
    """A language's translations as they are stored; empty where there are none yet."""
    path = LOCALES / f"{tongue}.po"
    if not path.exists():
        heading = f"# tension: what the pages say, in {Locale(tongue).english_name}."
        return Catalog(tongue, project="tension", header_comment=heading, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, tongue)


def update(tongue: str) -> list[Message]:
    """Write a language's file anew; gives the messages that wait for a translation."""
    catalogue = kept(tongue)
    begun = catalogue.creation_date
    catalogue.update(messages(), no_fuzzy_matching=True)
    catalogue.creation_date = begun  # a file changes with its messages only
    catalogue.obsolete.clear()
    with (LOCALES / f"{tongue}.po").open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False, omit_header=False, sort_by_file=True)
    return waiting(catalogue)


def waiting(catalogue: Catalog) -> list[Message]:
    """The messages without a translation, or with a plural form that lacks one."""
    said = {one.id: one.string if isinstance(one.string, (tuple, list)) else [one.string] for one in catalogue}
    return [one for one in catalogue if one.id and not all(said[one.id])]


def main() -> None:
    for tongue in LANGUAGES:
        if tongue != ENGLISH:
            print(f"{tongue}: {len(update(tongue))} messages wait for a translation")


if __name__ == "__main__":
    main()
