"""Lines of code are found wherever they stand together, and nowhere else."""

import random

from gardener_core.training.retraining.lines import FileLines, digest_lines


def test_lines_are_found_moved_and_indented_and_not_changed() -> None:
    piece = "def water(plant):\n    return plant.drink(2)\n"
    digest = digest_lines(piece)
    assert digest.lines == 2
    assert FileLines("import a\n\n" + piece + "\nx = 1\n").hold(digest)
    moved = "class Garden:\n    def water(plant):\n\n        return plant.drink(2)\n"
    assert FileLines(moved).hold(digest)
    assert not FileLines(piece.replace("2", "3")).hold(digest)
    assert not FileLines("def water(plant):\n    x = 1\n    return plant.drink(2)\n").hold(digest)
    assert not FileLines("").hold(digest)


def test_finding_agrees_with_comparing_all_windows() -> None:
    draw = random.Random(3)
    for _ in range(40):
        file = [draw.choice("abc") for _ in range(12)]
        size = draw.randint(1, 5)
        wanted = [draw.choice("abc") for _ in range(size)]
        stands = any(file[at : at + size] == wanted for at in range(len(file)))
        assert FileLines("\n".join(file)).hold(digest_lines("\n".join(wanted))) == stands
