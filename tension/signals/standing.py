"""How the countries that texts name stand to Russia and NATO: ``data/shapes/countries.csv``."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import pandas as pd

from tension.resources import resource

COUNTRIES = "data/shapes/countries.csv"


class Standing(StrEnum):
    """On which side a country stands: NATO's as of 2024, its partners', Russia's own (with Belarus), neither's."""

    MEMBER = "member"
    PARTNER = "partner"
    RUSSIA = "russia"
    OTHER = "other"


@cache
def standings() -> pd.DataFrame:
    """Every country of the gazetteer: index ``code`` (ISO 3166-1 alpha-2), columns ``name, standing``."""
    table = pd.read_csv(resource(COUNTRIES), dtype=str, keep_default_na=False)  # Norway's code is NO, Namibia's NA
    return table.set_index("code")[["name", "standing"]]
