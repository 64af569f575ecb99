"""The reference series and the chronology: what travels with the code is whole and of this model."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from tension.index.baseline import BASE_PERIOD
from tension.index.measure import METHOD_VERSION
from tension.index.reference import REFERENCE_FILE, read_chronology, read_reference
from tension.resources import resource
from tension.signals.classifier import load_model
from tension.signals.codebook import BY_KEY


def test_the_series_was_made_by_this_model_and_method():
    source = resource(REFERENCE_FILE).with_name("SOURCE.md").read_text(encoding="utf-8")
    assert f"Model: `{load_model().version}`; method: `{METHOD_VERSION}`" in source
    assert re.search(r"SHA-256: `[0-9a-f]{64}`", source)


def test_the_series_has_a_mean_of_100_in_the_base_period():
    series = read_reference()
    assert series["index"].loc[slice(*BASE_PERIOD)].mean() == pytest.approx(100, abs=0.01)
    assert series.index.is_monotonic_increasing
    assert series.index.is_unique
    assert (series[["index", "threats", "acts", "easing", "smoothed"]] >= 0).all().all()
    np.testing.assert_allclose(series["index"], series["threats"] + series["acts"], atol=0.002)


def test_the_series_knows_the_great_events():
    monthly = read_reference()["index"].resample("MS").mean()
    assert monthly.idxmax() in pd.to_datetime(["2022-02-01", "2022-03-01"])
    assert monthly["2014-03-01"] > 3 * monthly["2013-11-01":"2014-01-01"].mean()


def test_events_are_dated_titled_and_of_the_codebook():
    events = read_chronology()
    assert events["date"].is_monotonic_increasing
    assert events["title"].str.len().between(10, 90).all()
    for event in events.itertuples():
        assert BY_KEY[event.signal].kind.value == event.kind, event.title
    assert "2021-10-18" in events["date"].dt.strftime("%Y-%m-%d").tolist()
