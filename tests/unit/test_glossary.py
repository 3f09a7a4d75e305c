"""docs/glossary.md fixes the zero, sign and range of every angle; here it is held to the code, and the code to it."""

import math
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from unslouch.core.body import BodyState, measure
from unslouch.core.events import Phase, Side, Verdict
from unslouch.core.features import FEATURES
from unslouch.core.motion import ArmAngles, LegAngles, TrunkAngles
from unslouch.core.pose import N_KEYPOINTS, PoseFrame

GLOSSARY = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
ANGLES = sorted(name for name in FEATURES if name.endswith("_deg"))


def rows(heading):
    """Return the table under a heading: {name: other cells}."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", GLOSSARY, flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    names = [row[0].strip("`") for row in cells]
    assert len(set(names)) == len(names)
    return {name: row[1:] for name, row in zip(names, cells, strict=True)}


MEASURED = rows("Angles that are measured")


def test_every_measured_angle_is_explained():
    assert sorted(MEASURED) == ANGLES, "give each angle its row in docs/glossary.md, with zero, sign and range"


def test_every_declared_angle_is_explained():
    declared = [field.name for part in (ArmAngles, TrunkAngles, LegAngles) for field in fields(part)]
    assert sorted(rows("Angles of a declared motion")) == sorted(name for name in declared if name.endswith("_deg"))


@pytest.mark.parametrize("word", [*Phase, *(verdict.replace("_", " ") for verdict in Verdict)])
def test_the_words_of_the_events_are_explained(word):
    assert re.search(rf"^\| [^|]*{word}|`{word}`", GLOSSARY, flags=re.MULTILINE)


def random_bodies(count):
    """Measure persons whose points lie anywhere at all."""
    rng = np.random.default_rng(7)
    for _ in range(count):
        frame = PoseFrame(
            t_s=0.0,
            size_px=(640, 480),
            keypoints_px=rng.uniform(0, 480, (N_KEYPOINTS, 2)),
            visibility=np.ones(N_KEYPOINTS),
            world_m=rng.normal(0, 0.5, (N_KEYPOINTS, 3)),
        )
        yield measure(BodyState(), frame)


@pytest.mark.parametrize("name", ANGLES)
def test_an_angle_stays_in_its_range(name):
    low, high = (float(bound.replace("−", "-")) for bound in MEASURED[name][-1].split(" … "))
    values = [FEATURES[name].compute(body, side) for body in random_bodies(200) for side in (Side.LEFT, Side.RIGHT)]
    values = [value for value in values if not math.isnan(value)]
    assert values
    assert low <= min(values)
    assert max(values) <= high
    # A range ten times too wide would tell nobody anything.
    assert max(values) - min(values) > (high - low) / 4
