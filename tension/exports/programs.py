"""The lines that read a table in a program."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tension.exports.choice import Format
from tension.exports.formats import Column


def in_pandas(name: str, address: str, file_format: Format, columns: Mapping[str, Column]) -> str:
    """Two lines of Python that give the table with its times as times."""
    times = json.dumps([column for column, said in columns.items() if said.kind in ("day", "hour", "time")])
    more = {"csv": f", parse_dates={times}", "json": f", convert_dates={times}", "parquet": ""}[file_format]
    return f"import pandas as pd\n{name} = pd.read_{file_format}({json.dumps(address)}{more})"
