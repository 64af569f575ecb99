"""What leaves: the index and what it is made of, as tables for people and programs.

``tables`` gives each of five tables by name, as a `Choice` (``choice``) narrows it: ``index``, ``signals``,
``contributions``, ``stories`` and ``codings``, a module each. ``formats`` writes any of them as CSV, JSON or Parquet,
page by page; ``citing`` says how to quote what was taken.
"""

from tension.exports.choice import FREQUENCIES, Choice, Frequency, parse_moment
from tension.exports.codings import codings_csv
from tension.exports.formats import without_formula
from tension.exports.index import INDEX_COLUMNS, index_csv, index_table

__all__ = [
    "FREQUENCIES",
    "INDEX_COLUMNS",
    "Choice",
    "Frequency",
    "codings_csv",
    "index_csv",
    "index_table",
    "parse_moment",
    "without_formula",
]
