"""The dial of a training run."""

from collections.abc import Mapping
from typing import Literal, get_args

Preset = Literal["sprout", "shrub", "tree"]
PRESETS: tuple[Preset, ...] = get_args(Preset)

# Steps of four rows: 100, 1,000 and 10,000 rows. A small project is read more than once then, and
# training ends by itself when that helps no more.
STEPS: Mapping[Preset, int] = {"sprout": 25, "shrub": 250, "tree": 2500}
EXPECT: Mapping[Preset, str] = {
    "sprout": "names and style of the project",
    "shrub": "the project's own calls and patterns in completions",
    "tree": "a large project; more data is worth more than more steps",
}


def preset_named(name: str) -> Preset | None:
    """The preset of this name, if there is one."""
    return next((preset for preset in PRESETS if preset == name), None)
