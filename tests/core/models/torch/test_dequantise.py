"""The folder that is trained on is made whole, or not at all."""

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import ModelUnfit
from gardener_core.events.run import PhaseAdvanced
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.models.torch.dequantise import ensure_training_folder, make_training_folder
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

# Until it is killed; the last tensor is written then, and nothing is in place.
HALF = """
import sys
from pathlib import Path
from gardener_core.models.store import ModelStore
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

home = Path(sys.argv[1])
base = ModelStore(Places(config=home / "config", data=home / "data")).get("tiny")
for event in make_training_folder(base, Interruptible()):
    print(event.done, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def base(base_gguf: Path, tmp_path: Path) -> BaseModel:
    """A GGUF base whose folder was never made."""
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    return ModelStore(places).register(base_gguf, "tiny")


def test_it_tells_how_far_it_is_and_is_made_once(base: BaseModel) -> None:
    *_, last = make_training_folder(base, Interruptible())
    assert last.phase == "converting" and last.unit == "tensors"
    assert last.done == last.total > 10
    assert base.has_folder
    assert list(make_training_folder(base, Interruptible())) == []


def test_what_is_stopped_leaves_nothing(base: BaseModel) -> None:
    making = make_training_folder(base, Interruptible())
    assert isinstance(next(making), PhaseAdvanced)
    assert [path.name for path in base.folder.parent.iterdir()] == [f".{base.folder.name}.new"]
    making.close()
    assert not list(base.folder.parent.iterdir())
    assert not base.has_folder


def test_no_event_is_told_where_the_work_may_be_interrupted(base: BaseModel) -> None:
    interruptible = Interruptible()
    for _ in make_training_folder(base, interruptible):
        assert not interruptible.is_open
    assert not interruptible.is_open


@pytest.mark.long
def test_a_killed_one_is_made_again(base: BaseModel, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HALF, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 10
        process.send_signal(signal.SIGKILL)
    assert not base.has_folder and not base.folder.exists()
    assert list(base.folder.parent.iterdir())
    ensure_training_folder(base)
    assert base.has_folder
    assert list(base.folder.parent.iterdir()) == [base.folder]


def _renamed(whole: bytes) -> bytes:
    return whole.replace(b"blk.0.ffn_up.weight", b"blk.0.ffn_xy.weight")


def _numbered(key: bytes, number: int) -> Callable[[bytes], bytes]:
    def change(whole: bytes) -> bytes:
        place = whole.index(key) + len(key) + 4
        return whole[:place] + number.to_bytes(4, "little") + whole[place + 4 :]

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_renamed, "has no tensor blk.0.ffn_up.weight"),
        (_numbered(b"llama.feed_forward_length", 96), r"of the shape \(\d+, \d+\), not \("),
        (
            _numbered(b"llama.block_count", 1),
            r"has the tensor blk\.1\..*, which the model does not",
        ),
        (lambda whole: whole[:-64], "cannot be read"),
    ],
    ids=["missing", "shape", "unused", "cut"],
)
def test_a_file_that_does_not_fit_is_refused_and_leaves_nothing(
    base: BaseModel, tmp_path: Path, change: Callable[[bytes], bytes], reason: str
) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(change(base.gguf.read_bytes()))
    with pytest.raises(ModelUnfit, match=reason):
        ensure_training_folder(replace(base, gguf=other))
    assert not list(base.folder.parent.iterdir())
