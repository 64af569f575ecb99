"""Assumptions are tried beside the published index, exactly, and change nothing that is stored."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from tension.archive.load import load
from tension.exports import index_table
from tension.index.measure import measure_panels
from tension.pipeline import Pipeline
from tension.signals.codebook import SIGNALS
from tension.storage import frames
from tension.storage.store import Store
from tension.whatif import Assumptions, Basis, basis, effect
from tests.feedlists import loopback_settings, write_feeds
from tests.panels import NO_REFERENCE, POOLED, TODAY, simulated

DAY = date(2022, 4, 5)
EXPELS = "Russia expels 34 French diplomats in response to Paris move"
WARNS = "Moscow warns NATO of a red line over troops in Estonia"


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Two archives of forty days: calm, with a warning now and then, and an expulsion on the last day."""
    home = tmp_path_factory.mktemp("whatif")
    settings = loopback_settings(home)
    write_feeds(settings.feeds, [])
    for name in ("one", "two"):
        rows = ["published_at,title,url"]
        for i in range(40):
            told = [f"Cup final {name} number {i} ends in a draw after {n} minutes" for n in range(6)]
            told += [f"{WARNS}, says {name}"] * (i % 4 == 0) + [EXPELS, f"{EXPELS} - {name}"] * (i == 39)
            rows += [f'{DAY - timedelta(days=39 - i)},"{t}",https://{name}.example/{i}/{n}' for n, t in enumerate(told)]
        (home / f"{name}.csv").write_text("\n".join(rows))
    store = Store.open(settings.url)
    with Pipeline(settings, store) as pipeline:
        for name in ("one", "two"):
            load(pipeline, home / f"{name}.csv", source=name, language="en")
        yield store.engine, pipeline.model.version
    store.engine.dispose()


@pytest.fixture(scope="module")
def known(stored) -> Basis:
    return basis(*stored, 0.5)


def published(engine) -> pd.DataFrame:
    return index_table(engine).set_index("date").astype({"index": float, "smoothed": float, "easing": float})


def test_the_codebook_and_all_feeds_give_the_published_index(stored, known):
    own, there = known.under(Assumptions()), published(stored[0])
    for name in ("index", "smoothed", "easing"):
        assert own[name].to_numpy() == pytest.approx(there[name].to_numpy(), abs=1e-9)


def test_what_is_faint_may_be_multiplied_instead_of_coded_anew(stored, known):
    every = Basis(known.seen, frames.strong(*stored, 0.0), 0.5, known.last)
    assert len(every.strong) > 2 * len(known.strong)
    assert np.abs(every.faint).max() < 1e-9
    chosen = Assumptions({"expulsion": 1.0, "red_line": 10.0, "accusation": 0.0})
    exact, quick = every.under(chosen)["index"], known.under(chosen)["index"]
    assert quick.to_numpy() == pytest.approx(exact.to_numpy(), rel=0.005)


def test_a_signal_that_counts_for_nothing_leaves_its_days(known):
    without = known.under(Assumptions({"expulsion": 0.0, "mission_closure": 0.0}))
    all_of_it = known.under(Assumptions())
    assert without["index"].iloc[-1] < 0.6 * all_of_it["index"].iloc[-1]
    assert without["index"].iloc[-5] == pytest.approx(all_of_it["index"].iloc[-5], rel=0.05)


def test_twice_the_intensity_of_easing_is_twice_the_easing_and_no_other_index(known):
    easing = {signal.key: min(2 * abs(signal.intensity), 10.0) for signal in SIGNALS if signal.intensity < 0}
    more, plain = known.under(Assumptions(easing)), known.under(Assumptions())
    assert more["index"].to_numpy() == pytest.approx(plain["index"].to_numpy())
    assert (more["easing"] > plain["easing"]).all()


def test_a_feed_left_out_says_nothing(stored, known):
    engine, _ = stored
    first, second = frames.feeds(engine).index
    for out in (first, second):
        one = known.under(Assumptions(left_out=frozenset({out})))
        assert one["index"].notna().all()
    assert known.under(Assumptions(left_out=frozenset({first, second})))["index"].dropna().empty


def test_a_shorter_half_life_follows_faster(known):
    slow, fast = (known.under(Assumptions(half_life_days=days))["smoothed"] for days in (20, 1))
    assert fast.iloc[-1] > slow.iloc[-1]


def test_nothing_is_published(stored, known):
    before = published(stored[0])
    known.under(Assumptions({"red_line": 1.0}, frozenset({1}), 9))
    pd.testing.assert_frame_equal(published(stored[0]), before)


@pytest.mark.parametrize(
    "wrong", [{"intensities": {"rain": 3.0}}, {"intensities": {"red_line": 11}}, {"half_life_days": 0}]
)
def test_what_cannot_be_assumed_is_refused(wrong):
    with pytest.raises(ValueError, match=r"rain|red_line|half-life"):
        Assumptions(**wrong)


def test_another_feed_moves_a_day_toward_what_it_says():
    seen = simulated(n_feeds=4, n_days=60)
    panels = measure_panels(seen, NO_REFERENCE, POOLED, TODAY, 0.5)
    days = panels[0].panel.days[-3:]
    quiet = pd.DataFrame({"n": 40.0, "threats": 0.0, "acts": 0.0}, index=days)
    loud = quiet.assign(acts=400.0)
    for told, direction in ((quiet, -1), (loud, 1)):
        found = effect(panels, told)
        assert list(found.index) == list(days)
        assert (np.sign(found["with_it"] - found["index"]) == direction).all()


def test_a_feed_like_the_panel_moves_nothing():
    """Every feed says 0.5 a story; so does the new one."""
    seen = simulated(n_feeds=3, n_days=60)
    seen.feed_days["acts"], seen.feed_days["threats"] = (
        0.4 * seen.feed_days["n_effective"],
        0.1 * seen.feed_days["n_effective"],
    )
    seen.feed_days["squares"] = 0.0
    panels = measure_panels(seen, NO_REFERENCE, POOLED, TODAY, 0.5)
    told = pd.DataFrame({"n": 30.0, "threats": 3.0, "acts": 12.0}, index=panels[0].panel.days[-3:])
    found = effect(panels, told)
    assert found["with_it"].to_numpy() == pytest.approx(found["index"].to_numpy(), rel=0.005)
