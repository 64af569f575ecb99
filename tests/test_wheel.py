"""An installed wheel runs like the checkout: it carries data/, feeds.yaml and the page's configuration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

PROBE = """
import tension, tomllib
from pathlib import Path
from tension.resources import resource
from tension.index.reference import read_chronology, read_reference
from tension.signals.classifier import load_model
assert "site" in tension.__file__, tension.__file__
assert len(read_reference()) > 5000 and len(read_chronology()) > 50
assert tomllib.loads(resource(".streamlit/config.toml").read_text())["browser"]["gatherUsageStats"] is False
from tension.charts.shapes import read_shapes
from tension.signals.standing import standings
assert len(read_shapes().countries) > 40 and len(standings()) > 40
assert load_model().code(["Russia expels ten diplomats"])[0].signals
from tension.cli import main
main(["feeds", "list"])
"""


def test_the_wheel_carries_all_that_runs(tmp_path):
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run(pip + build, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(wheel)], check=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TENSION_")} | {"PYTHONPATH": str(site)}
    probe = subprocess.run(
        [sys.executable, "-P", "-c", PROBE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert probe.returncode == 0, probe.stderr
    assert len(probe.stdout.splitlines()) >= 40
    assert (tmp_path / "feeds.yaml").read_bytes() == (ROOT / "feeds.yaml").read_bytes()
