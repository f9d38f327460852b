"""What an export wrote comes to its place whole, also after a kill."""

import hashlib
import os
from pathlib import Path

import pytest

from gardener_core.errors import Damaged
from gardener_core.events.export import Exported
from gardener_core.jobs.exporting.delivering import deliver, delivery_of, listed_delivery
from gardener_core.system.interrupts import Interruptible


@pytest.fixture
def box(tmp_path: Path) -> Path:
    for name in ("a.gguf", "b.bundle/bundle.json", "b.bundle/model.gguf", "b.bundle/x/y.json"):
        place = tmp_path / "run" / "export" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(name)
    return tmp_path / "run" / "export"


def listed(box: Path) -> Exported:
    return delivery_of(box, box.parent.parent / "out", box.parent, None)


def moves(delivery: Exported, box: Path):
    target = box.parent.parent / "out"
    return deliver(delivery, box, target, box.parent, Interruptible())


def test_each_file_is_moved_and_named_with_its_digest(box: Path, tmp_path: Path) -> None:
    delivery = listed(box)
    list(moves(delivery, box))
    assert not box.exists()
    for file in delivery.files:
        data = Path(file.path).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.bytes, file.sha256)
    assert Path(delivery.files[-1].path).name == "bundle.json", "a folder without it is no bundle"
    assert not list((tmp_path / "out").rglob(".*"))


def test_a_killed_delivery_goes_on_where_it_was(box: Path, tmp_path: Path) -> None:
    delivery, out = listed(box), tmp_path / "out"
    moving = moves(delivery, box)
    next(moving)
    next(moving)
    moving.close()
    assert (out / "a.gguf").exists() and not (out / "b.bundle" / "bundle.json").exists()
    kept = listed_delivery(box.parent)
    assert kept == delivery
    list(moves(kept, box))
    assert all(Path(file.path).exists() for file in delivery.files)
    list(moves(kept, box))  # nothing is left to do


def test_a_file_that_is_nowhere_is_told(box: Path) -> None:
    delivery = listed(box)
    os.unlink(box / "a.gguf")
    with pytest.raises(Damaged, match=r"a\.gguf is gone"):
        list(moves(delivery, box))


def test_there_is_no_list_before_one_is_written(box: Path) -> None:
    assert listed_delivery(box.parent) is None
    (box.parent / "delivered.json").write_text("torn {")
    assert listed_delivery(box.parent) is None
