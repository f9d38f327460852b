"""Each face words each remedy, the screen never as a command."""

from typing import get_args

import pytest

from gardener_core.cli.remedies import advice as typed
from gardener_core.errors import Act, Remedy
from gardener_tui.keymap import BUILT_IN
from gardener_tui.remedies import advice


@pytest.mark.parametrize("act", get_args(Act))
def test_every_remedy_is_a_command_and_a_key_or_a_sentence(act: Act) -> None:
    command = typed("", Remedy(act))
    assert command.startswith("Run: gardener ")
    shown = advice("", Remedy(act), BUILT_IN)
    assert shown and "gardener" not in shown


def test_the_command_names_what_it_is_about() -> None:
    assert typed("Make room.", Remedy("resume", "r1")) == "Make room. Run: gardener resume r1"
    assert typed("", Remedy("index", "my shop")) == "Run: gardener index 'my shop'"
    assert typed("", Remedy("index")) == "Run: gardener index NAME"
    assert typed("", Remedy("repair")) == "Run: gardener repair"
    assert typed("", Remedy("show settings", "acme")) == "Run: gardener config --project acme"
    assert typed("Look at the disk.", None) == "Look at the disk."


def test_the_screen_names_the_key_in_force() -> None:
    keys, _ = BUILT_IN.changed({"project.index": "Y"})
    assert advice("Save it first.", Remedy("index", "acme"), keys) == (
        "Save it first.\nY brings the index up to date"
    )
