"""How the classifier is held against careful coding: figures computed by hand, the command, the page of figures."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

from tension.charts.document import document
from tension.charts.evaluation import confusion_figure, reliability_figure
from tension.cli import main
from tension.signals.codebook import KEYS
from tension.signals.evaluation import OTHERS, compare
from tension.signals.training import targets

EXPULSION = KEYS.index("expulsion")


def record(involvement="none", signals=(), **more):
    return {"title": "t", "summary": "", "language": "en", "involvement": involvement, "signals": list(signals), **more}


def compared(right, coded):
    y = targets(coded)
    return compare(right, y.astype(float), y)


def test_figures_by_hand():
    right = [
        record("direct", ["expulsion", "accusation"]),
        record("direct", ["expulsion"]),
        record("partner"),
        record("none"),
    ]
    coded = [
        record("direct", ["expulsion"]),
        record("direct", ["sanctions"]),
        record("direct"),
        record("none"),
    ]
    result = compared(right, coded)
    assert result.involvement_accuracy == 0.75
    assert (result.micro.n_hits, result.micro.n_coded, result.micro.n_true) == (1, 2, 3)
    assert result.micro.f1 == pytest.approx(2 / 5)
    assert result.signals["expulsion"].f1 == pytest.approx(2 / 3)
    assert result.macro_f1 == pytest.approx((2 / 3 + 0) / 2)  # sanctions never occur
    assert result.involvement.loc["partner", "direct"] == 1
    assert result.confusion.loc["expulsion", "expulsion"] == 1
    assert result.confusion.loc["expulsion", "sanctions"] == 1
    assert result.confusion.loc["accusation", "nothing"] == 1
    assert result.confusion.to_numpy().sum() == 3


def test_calibration_is_the_mean_distance_of_probability_from_frequency():
    right = [record("direct", ["expulsion"]), record("direct")]
    p = np.zeros((2, 2 + len(KEYS)))
    p[:, 2 + EXPULSION] = 0.9  # once right, once wrong
    result = compare(right, p, targets(right))
    assert result.calibration_error == pytest.approx(0.4 * 2 / (2 * len(KEYS)))
    assert result.reliability["n"].tolist() == [2 * (len(KEYS) - 1), 2]
    assert result.reliability["share"].tolist() == [0, 0.5]


def test_groups_by_language_year_and_publisher():
    right = [record("direct", ["expulsion"], date="2021-10-18", source="A")] * 8
    right += [record(date="2022-01-01", source="B", language="fr")] * 8 + [record(source="C")]
    result = compared(right, right)
    assert {name: list(groups) for name, groups in result.groups.items()} == {
        "language": ["en", "fr"],
        "year": ["2021", "2022"],
        "publisher": ["A", "B", OTHERS],
    }
    assert result.groups["year"]["2021"].micro_f1 == 1
    assert math.isnan(result.groups["year"]["2022"].micro_f1)  # no signals: no score, not a bad one
    assert "–" in str(result)


def test_intervals_hold_the_figure_and_narrow_with_more_texts():
    right = [record("direct", ["expulsion"]), record("direct", ["sanctions"]), record()] * 20
    coded = [record("direct", ["expulsion"]), record("direct", ["accusation"]), record()] * 20
    few, many = compared(right, coded), compared(right * 10, coded * 10)
    for result in (few, many):
        assert result.intervals["micro"].low < result.micro.f1 < result.intervals["micro"].high
    assert few.intervals["micro"].high - few.intervals["micro"].low > 2 * (
        many.intervals["micro"].high - many.intervals["micro"].low
    )


def test_nothing_to_compare_is_no_error():
    result = compared([], [])
    assert (result.n_texts, result.micro.f1, result.calibration_error) == (0, 0, 0)


def test_figures_stand_in_one_file_that_asks_for_nothing():
    result = compared([record("direct", ["expulsion"])], [record("direct", ["accusation"])])
    drawn = [reliability_figure(result.reliability), confusion_figure(result.confusion, "<Signals>")]
    html = document("A & B", drawn, "1 < 2")
    assert "<title>A &amp; B</title>" in html
    assert "1 &lt; 2" in html
    assert html.count("plotly-graph-div") == 2
    assert "<script src" not in html


def test_the_command_prints_the_table_and_writes_the_page(tmp_path):
    coded = [record("direct", ["expulsion"], title="Russia expels ten American diplomats"), record(title="Cup final")]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, coded)))
    options = ["evaluate", "--gold", str(tmp_path / "gold.jsonl"), "--figures", str(tmp_path / "page.html")]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 0, result.output
    assert "2 texts; involvement accuracy 1.000" in result.stdout
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


def test_a_file_that_is_no_gold_is_named(tmp_path):
    (tmp_path / "gold.jsonl").write_text('{"title": "x"}\n')
    result = CliRunner().invoke(main, ["evaluate", "--gold", str(tmp_path / "gold.jsonl")])
    assert result.exit_code == 1
    assert "gold.jsonl:1" in result.stderr


def test_training_twice_gives_the_same_bytes(tmp_path):
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, LABELS)))
    (tmp_path / "corpus").mkdir()
    options = ["train", "--labels", str(tmp_path / "labels.jsonl"), "--corpus", str(tmp_path / "corpus"), "--output"]
    for name in ("one", "two"):
        result = CliRunner().invoke(main, [*options, str(tmp_path / name)])
        assert result.exit_code == 0, result.output
    assert "30 labels" in result.stdout
    assert "regression" in result.stderr  # the progress bar
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


LABELS = [
    labelled
    for i in range(10)
    for labelled in (
        record("direct", ["expulsion"], title=f"Russia expels {i} diplomats of a NATO state"),
        record("partner", ["armed_attack"], title=f"Russian strikes kill {i} in Ukraine"),
        record(title=f"Cup final ends {i} to nil"),
    )
]
