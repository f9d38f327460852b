"""A file is divided into what an adapter does not know yet and what it knows."""

from gardener_core.evaluation.split import SourceFile
from gardener_core.training.data.cleaning import Cleaner, CleanFile
from gardener_core.training.data.dividing import divide, divided
from gardener_core.training.data.mix import mix_of
from gardener_core.training.data.near_copies import NearCopies
from gardener_core.training.retraining.lines import digest_lines

LICENCE = "# Copyright 2026 the gardeners. Licensed under the MIT licence.\n\n"
ONE = "def one(plant):\n    water = plant.level + 1\n    return plant.drink(water)\n\n\n"
TWO = "def two(plant):\n    light = plant.light * 2\n    return plant.turn(light)\n"


def clean(text: str) -> CleanFile:
    file = Cleaner(NearCopies(), {}).clean(SourceFile("garden.py", text))
    assert file is not None
    return file


def learned(file: CleanFile | None) -> str:
    return "".join(file.text[start:end] for start, end in file.runs) if file else ""


def test_the_known_part_and_the_new_part_are_the_file() -> None:
    file = clean(ONE + TWO)
    new, earlier = divide(file, frozenset({digest_lines(ONE)}))
    assert learned(new).strip() == TWO.strip()
    assert learned(earlier).strip() == ONE.strip()
    assert sorted(learned(new) + learned(earlier)) == sorted(learned(file))
    assert new is not None and new.definitions == file.definitions


def test_a_header_that_is_cut_off_makes_nothing_new() -> None:
    file = clean(LICENCE + ONE + TWO)
    assert LICENCE.strip() not in learned(file)
    known = frozenset(digest_lines(part) for part in (LICENCE, LICENCE + ONE, ONE, TWO))
    new, _ = divide(file, known)
    assert learned(new).strip() == ""


def test_files_without_anything_new_are_left_out() -> None:
    files = [clean(ONE), clean(TWO)]
    new, earlier = divided(files, frozenset({digest_lines(ONE)}))
    assert (len(new), len(earlier)) == (1, 1)
    assert learned(new[0]).strip() == TWO.strip()


def test_an_update_reads_what_is_known_beside_what_is_new() -> None:
    for name in ("mixed", "code"):
        assert "earlier" not in mix_of(name, updates=False)
        update = mix_of(name, updates=True)
        assert update["earlier"] == 0.3
        assert abs(sum(update.values()) - 1) < 1e-9
