"""Countries' parts sum to what stories make of the index; the map draws them where they lie."""

from __future__ import annotations

import importlib.util
import re
import sys
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension import measured, tongue
from tension.charts.map import DARK, LIGHT, N_CLASSES, SMALL, breaks, class_of, map_figure
from tension.charts.shapes import SHAPES, read_shapes
from tension.dashboard.map_words import about, accounted, as_read, drawn_of, in_a_sentence, table_of
from tension.explain import explain
from tension.geography import NOWHERE, Parts, leading_stories, parts, shared, summed, valued_articles
from tension.index.measure import measure_panels
from tension.resources import resource
from tension.signals.codebook import KEYS
from tension.signals.countries import GAZETTEER
from tension.signals.standing import Standing, standings
from tension.signals.words import read_countries
from tests.panels import POOLED, TODAY, observations
from tests.test_explain import FIRST, SECOND, home  # noqa: F401  (a fixture)


def script():
    """The script that made the outlines; it stands beside them, outside the package."""
    spec = importlib.util.spec_from_file_location("make_shapes", resource("data/shapes/make.py"))
    module = sys.modules["make_shapes"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = script()
NAMED = st.lists(st.sampled_from(["RU", "BY", "FR", "PL", "US"]), max_size=4, unique=True)


def told(rows) -> pd.DataFrame:
    """rows: (article, story, countries, points)."""
    frame = pd.DataFrame(rows, columns=["article_id", "story_id", "countries", "points"])
    return frame.assign(involved=True, countries=[tuple(codes) for codes in frame["countries"]])


def signals(**by_article) -> pd.Series:
    """a1={"red_line": 2.0}: the expected intensity of article 1."""
    found = {int(name[1:]): [float(own.get(key, 0.0)) for key in KEYS] for name, own in by_article.items()}
    return pd.Series(found, dtype=object)


def test_a_storys_points_go_in_equal_shares_to_those_beside_russia():
    rows = [(1, 1, ["RU", "FR", "EE"], 6.0), (2, 2, ["BY", "RU"], 1.0), (3, 1, ["FR"], 2.0), (4, 4, [], 0.5)]
    found = summed(told(rows), signals(a1={"red_line": 1.0}, a3={"expulsion": 4.0, "dialogue": 9.0}), 2, 10.0)
    assert found.countries["points"].to_dict() == {"FR": 2.5, "EE": 1.5, NOWHERE: 0.75}
    assert found.countries["n_stories"].to_dict() == {"FR": 1, "EE": 1, NOWHERE: 2}
    assert found.countries["signal"].to_dict() == {"FR": "red_line", "EE": "red_line", NOWHERE: ""}
    assert found.stories[found.stories["country"] == "FR"][
        ["story_id", "article_id", "points"]
    ].to_numpy().tolist() == [[1, 1, 2.5]]


@given(st.lists(st.tuples(NAMED, st.floats(0, 100)), max_size=8), st.integers(1, 40))
def test_shares_sum_to_the_points(articles, n_days):
    rows = told([(i, i // 2, named, points) for i, (named, points) in enumerate(articles)])
    whole = sum(points for _, points in articles)
    assert shared(rows)["points"].sum() == pytest.approx(whole)
    found = summed(rows, signals(), n_days, 1.0)
    assert found.countries["points"].sum() == pytest.approx(whole / n_days)
    assert not {"RU", "BY"} & set(found.countries.index)
    assert leading_stories(shared(rows))["points"].sum() == pytest.approx(whole)


def test_an_article_is_worth_its_part_of_its_feeds_day():
    day = pd.Timestamp("2022-02-01")
    seen = observations([(0, day, 2, 3.0, 5.0, 0.0)], [(0, day)])
    reference = pd.Series(120.0, index=pd.date_range("2021-06-01", periods=300))
    panels = measure_panels(seen, reference, POOLED, TODAY, 0.3)
    rows = [
        (0, day, 1, 1, 1.0, 4.0, True, ("FR",)),
        (0, day, 2, 1, 1.0, 2.0, True, ()),
        (0, day, 3, 3, 1.0, 5.0, True, ()),
    ]
    names = ["feed_id", "day", "article_id", "story_id", "weight", "escalation", "involved", "countries"]
    named = pd.DataFrame(rows, columns=names)
    found = valued_articles(panels, pd.DatetimeIndex([day]), named)["points"]
    unit = panels[0].factor / (2 + 10)  # two stories beside the ten that the feed's mean counts as
    assert found.tolist() == pytest.approx([2 * unit, 1 * unit, 5 * unit])
    assert valued_articles(panels, pd.DatetimeIndex([]), named).empty


def test_parts_sum_to_what_stories_made_of_the_days(home):  # noqa: F811
    engine, first = home[1], FIRST - timedelta(days=10)
    found = parts(engine, first, SECOND, lambda version: measured.panels(engine, version, 0.5))
    days = [explain(engine, day.date(), 0.5) for day in pd.date_range(first, SECOND)]
    assert found.n_days == len(days)
    assert found.value == pytest.approx(np.mean([day.value for day in days]))
    assert found.countries["points"].sum() == pytest.approx(np.mean([day.value - day.other.sum() for day in days]))
    pairs = pd.concat([day.pairs for day in days]) / len(days)
    by_country = pairs.groupby(pairs.index.str.partition("–").get_level_values(2)).sum()
    assert found.countries["points"].to_dict() == pytest.approx(by_country.to_dict())
    assert found.countries["signal"]["FR"] == "expulsion"
    assert found.countries["n_stories"]["FR"] == 1  # told by two feeds on two days


def test_days_without_a_value_have_no_parts(home):  # noqa: F811
    day = FIRST - timedelta(days=4000)
    found = parts(home[1], day, day, lambda version: [])
    assert (found.n_days, len(found.countries), len(found.stories)) == (0, 0, 0)


@given(st.floats(0, 1e5))
def test_classes_rise_and_the_last_one_is_not_empty(most):
    steps = breaks(most)
    assert len(steps) == N_CLASSES - 1
    assert all(2 <= b / a <= 4 for a, b in pairwise(steps))
    assert most < 1 or class_of(most, steps) == N_CLASSES - 1
    assert class_of(0, steps) == 0


def test_classes_end_at_round_figures():
    assert breaks(708) == [3, 10, 30, 100, 300]
    assert breaks(0) == [0.01, 0.03, 0.1, 0.3, 1]


def drawn(**points) -> pd.DataFrame:
    return pd.DataFrame({"points": points, "about": {code: f"about {code}" for code in points}}, dtype=object).astype(
        {"points": float}
    )


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_countries_are_filled_by_class_and_can_be_pointed_at(palette):
    shapes = read_shapes()
    figure = map_figure(drawn(UA=50.0, PL=0.2, PT=0.0, AU=9.0), shapes, palette, chosen="PL")
    fills: dict[str, set] = {}  # the scale has the same colours
    for line in figure.data:
        if line.fill == "toself":
            fills.setdefault(line.fillcolor, set()).update(zip(line.x, line.y, strict=True))
    for code, colour in (
        ("UA", palette.classes[-1]),
        ("PL", palette.classes[0]),
        ("PT", palette.none),
        ("FR", palette.other),  # it is not among those drawn
        ("RU", palette.russian),
        ("BY", palette.russian),
    ):
        assert set(zip(*shapes.countries[code].outline, strict=True)) <= fills[colour] | {(None, None)}, code
    points = {line.legendgroup: line for line in figure.data if line.legendgroup}
    assert set(points) == {"UA", "PL", "PT"}  # Australia lies on neither view
    assert points["PL"].hovertemplate == "about PL<extra></extra>"
    assert [line.x for line in figure.data if line.line.color == palette.chosen] == [
        tuple(shapes.countries["PL"].outline[0])
    ]
    labels = next(line for line in figure.data if line.mode == "text")
    assert set(labels.text) == {"UA", "PL", "Russia", "Belarus"}
    assert "geo" not in figure.to_plotly_json()["layout"]  # it would ask another host for its outlines
    assert figure.layout.yaxis.scaleanchor == "x"


def said_on(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_scale_stands_on_the_map_and_so_in_its_picture(palette):
    shapes = read_shapes()
    figure = map_figure(drawn(UA=708.0, PT=0.0), shapes, palette)
    signs = ["in no story", "Russia and Belarus", "neither member nor partner"]
    assert said_on(figure) == ["<b>Index points</b>", "3", "10", "30", "100", "300", *signs, "From above the pole"]
    boxes = [line for line in figure.data if line.fill == "toself" and len(line.x) == 5]
    assert [box.fillcolor for box in boxes] == [*palette.classes, palette.none, palette.russian, palette.other]
    land = np.vstack([part for country in shapes.countries.values() for part in rings(country.outline)])
    land = land[land[:, 1] < shapes.frame[3]]
    for x, y in ((max(box.x), min(box.y)) for box in boxes):
        assert not ((land[:, 0] < x) & (land[:, 1] > y)).any()  # the sea is empty there


def test_what_no_story_names_is_hatched():
    figure = map_figure(drawn(UA=708.0, PT=0.0), read_shapes(), LIGHT)
    hatched = {line.fillcolor for line in figure.data if line.fillpattern.shape}
    assert hatched == {LIGHT.none}


def test_nothing_to_colour_is_still_a_map():
    figure = map_figure(drawn(), read_shapes(), LIGHT)
    assert len(figure.data) > 2
    assert "<b>Index points</b>" not in said_on(figure)


def test_letters_that_do_not_fit_a_phone_are_small():
    figure = map_figure(drawn(UA=50.0, LT=9.0, US=3.0, MD=1.0), read_shapes(), LIGHT)
    labels = next(line for line in figure.data if line.mode == "text")
    assert dict(zip(labels.text, labels.textfont.size, strict=True)) == {
        "UA": 10, "LT": SMALL, "US": 10, "Russia": 10, "Belarus": SMALL,
    }  # fmt: skip


def test_the_countries_are_those_of_the_gazetteer():
    table = standings()
    assert set(table.index) == {
        code for row in read_countries(resource(GAZETTEER)) for code in re.findall(r"\bn:([A-Z]{2})\b", row)
    }
    assert (table["standing"] == Standing.MEMBER).sum() == 32
    assert set(table.index[table["standing"] == Standing.RUSSIA]) == {"RU", "BY"}
    assert table.index.is_unique
    sides = set(table.index[table["standing"] != Standing.OTHER])
    assert sides - set(read_shapes().countries) == {"AU"}


def rings(line) -> list[np.ndarray]:
    points = np.array([(np.nan if x is None else x, np.nan if y is None else y) for x, y in zip(*line, strict=True)])
    return [part[~np.isnan(part[:, 0])] for part in np.split(points, np.flatnonzero(np.isnan(points[:, 0])))]


@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [
        ("UA", 34.1, 45.2),
        ("UA", 38.0, 48.0),
        ("RU", 20.9, 54.7),
        ("RU", 37.6, 55.75),
        ("PL", 21.0, 52.2),
        ("NO", 10, 61),
    ],
)
def test_places_lie_in_their_countries(code, lon, lat):
    """Simferopol, Donetsk's north, Kaliningrad's coast, Moscow, Warsaw, the Gudbrandsdal."""
    at = make.VIEWS[0].project(np.array([[lon, lat]], dtype=float))
    shapes = read_shapes()
    found = {
        name
        for name, country in shapes.countries.items()
        if any(make.contains(r, at)[0] for r in rings(country.outline))
    }
    assert found == {code}


def test_the_outlines_are_small_and_every_country_has_its_points_inside():
    assert resource(SHAPES).stat().st_size <= 250_000
    for code, country in read_shapes().countries.items():
        points = np.array(country.inside, dtype=float).T
        hit = np.logical_or.reduce([make.contains(ring, points) for ring in rings(country.outline)])
        assert (~hit).sum() <= 1, code  # whole kilometres may lie just beyond a shore


def test_lines_are_simplified_and_rings_clipped_and_joined():
    line = np.array([(0, 0), (1, 0.1), (2, 0), (3, 5), (4, 0)], dtype=float)
    assert make.simplified(line, 0.5).tolist() == [[0, 0], [2, 0], [3, 5], [4, 0]]
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], dtype=float)
    assert make.area(make.clipped(square, make.rectangle(0, 5, -5, 5))) == 2
    assert len(make.clipped(square, make.rectangle(2, 5, -5, 5))) == 0
    assert make.clipped(square, make.rectangle(-5, 5, -5, 5)) is square
    assert make.joined([[0, 1], [~1, 2], [3]]) == [[0, 2], [3]]
    assert make.joined([[0], [3]]) == [[0], [3]]


@given(st.floats(-180, 180), st.floats(30, 80))
def test_the_projection_keeps_areas(lon, lat):
    step = 0.5
    cell = np.array([(lon, lat), (lon + step, lat), (lon + step, lat + step), (lon, lat + step)])
    on_earth = 6371.0**2 * np.radians(step) * (np.sin(np.radians(lat + step)) - np.sin(np.radians(lat)))
    for view in make.VIEWS:
        if view.reaches(cell):
            assert make.area(view.project(make.dense(np.vstack([cell, cell[:1]])))) == pytest.approx(on_earth, rel=0.01)


def made(points: dict[str, float], n_days: int = 3, value: float = 20.0) -> Parts:
    table = pd.DataFrame({"points": points, "n_stories": 1, "signal": "red_line"}).rename_axis("country")
    return Parts(n_days, value, table, pd.DataFrame(columns=["country", "story_id", "points", "article_id"]))


def test_the_table_names_countries_and_compares_them_with_the_days_before():
    table = table_of(made({"US": 10.0, NOWHERE: 4.0, "CN": 1.0}), made({"US": 7.0, "PL": 3.0}))
    assert table["country"].tolist() == ["United States", "China", "no country named"]
    assert table["standing"].tolist() == ["member", "other", ""]
    assert table["change"].tolist() == [3.0, 1.0, 4.0]
    assert table["share"].tolist() == [0.5, 0.05, 0.2]
    pd.testing.assert_frame_equal(as_read(table), table)  # in English as it leaves
    alone = table_of(made({"US": 10.0}), made({}, n_days=0, value=np.nan))
    assert alone["change"].isna().all()


def test_the_days_are_said_in_a_sentence_and_every_point_is_accounted_for():
    table = table_of(made({"US": 10.0, NOWHERE: 4.0, "CN": 1.0}), made({"US": 7.0, "PL": 3.0}))
    of_two = made({}, n_days=1)
    assert in_a_sentence(of_two, table, FIRST, SECOND) == (
        "Index from 5 Apr 2022 to 6 Apr 2022: **20 points**, measured on 1 of 2 days. Countries named most beside "
        "Russia: **United States 10** (50%) and **China 1** (5%). Largest changes from the days before: United States "
        "+3 and China +1."
    )
    nothing = table_of(made({}), made({}, n_days=0, value=np.nan))
    assert in_a_sentence(of_two, nothing, FIRST, FIRST) == "Index on 5 Apr 2022: **20 points**."
    assert "Of the 20 points, 11 are from stories that name a country" in accounted(of_two, table)
    assert "4 from stories that name none, and 5 from no story" in accounted(of_two, table)


def test_the_map_speaks_the_readers_language(monkeypatch):
    monkeypatch.setattr(tongue, "_ask", lambda: "fr-FR")
    table = table_of(made({"US": 10.0, NOWHERE: 4.0}), made({"US": 7.25}))
    assert table["country"]["US"] == "United States"  # what leaves is English
    assert as_read(table)["country"]["US"] == "États-Unis"
    assert "<b>États-Unis</b>" in drawn_of(table)["about"]["US"]
    assert "+2,8" in drawn_of(table)["about"]["US"]
    labels = next(line for line in map_figure(drawn(UA=0.2), read_shapes(), LIGHT).data if line.mode == "text")
    assert set(labels.text) == {"UA", "Russie", "Biélorussie"}
    assert "0,03" in said_on(map_figure(drawn(UA=0.2), read_shapes(), LIGHT))


def test_every_member_and_partner_is_drawn_and_no_one_else():
    table = table_of(made({"US": 10.0, NOWHERE: 4.0, "CN": 1.0}), made({}, n_days=0, value=np.nan))
    found = drawn_of(table)
    assert found["points"]["US"] == 10
    assert found["points"]["PL"] == 0
    assert not {"CN", "RU", "BY", NOWHERE} & set(found.index)
    assert (
        found["about"]["US"]
        == "<b>United States</b> (member)<br>10.0 points, 50.0% of the index<br>1 story<br>most of it: Red lines"
    )
    assert found["about"]["PL"] == "<b>Poland</b> (member)<br>named beside Russia in no story"
    assert about(pd.Series({"country": "A", "standing": "member", "points": 0.0})).endswith("no story")
