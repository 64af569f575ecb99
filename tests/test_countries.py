"""Countries are found in the languages of the feeds, in the order in which they are named."""

from __future__ import annotations

import pytest

from tension.errors import ModelError
from tension.signals.countries import gazetteer
from tension.signals.words import read_countries


@pytest.mark.parametrize(
    ("language", "text", "countries"),
    [
        ("en", "Russia expels 34 French diplomats", ("RU", "FR")),
        ("fr", "Moscou convoque l'ambassadeur d'Allemagne", ("RU", "DE")),
        ("de", "Polnische Regierung weist belarussischen Diplomaten aus", ("PL", "BY")),
        ("ru", "Захарова ответила на заявление Лондона", ("RU", "GB")),
        ("uk", "Туреччина прийме переговори України та Росії", ("TR", "UA", "RU")),
        ("pl", "Litwa zamyka konsulat Rosji", ("LT", "RU")),
        ("fi", "Suomi sulkee Venäjän vastaisen rajan", ("FI", "RU")),
        ("en", "Cup final ends in a draw", ()),
        ("", "US Senate votes on aid", ("US",)),
    ],
)
def test_countries_are_found(language, text, countries):
    assert gazetteer().find(text, language) == countries


def test_a_gazetteer_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "broken.yaml").write_text("RU: {en: [russia")
    with pytest.raises(ModelError, match=r"broken\.yaml"):
        read_countries(tmp_path / "broken.yaml")
