"""Every file is held out once, and few held-out files let the folds decide."""

from support.measured import a_card, a_file

from gardener_core.evaluation.card.composing import folds_of, gate_figures
from gardener_core.evaluation.card.items import Item
from gardener_core.evaluation.split import SourceFile, split_files
from gardener_core.jobs.scoring.folds import FOLDS, fold_of, fold_sources

FILES = [SourceFile(f"src/part_{n}.py", f"value = {n}\n" * 20) for n in range(60)]


def a_fold(number: int) -> Item:
    return a_file(f"src/{number}.py", 100, 90, control=98, measure="fold")


def test_each_third_is_held_out_once_and_never_learned_then() -> None:
    held_out = []
    for fold in range(FOLDS):
        split = split_files(fold_sources(FILES, fold))
        assert {fold_of(file.path) for file in split.held_out} == {fold}
        assert {file.path for file in split.train}.isdisjoint(file.path for file in split.held_out)
        assert len(split.held_out) > 10 and not split.dev
        held_out += [file.path for file in split.held_out]
    assert sorted(held_out) == sorted(file.path for file in FILES)


def test_of_few_held_out_files_the_folds_decide() -> None:
    few = [a_file(f"src/{n}.py", 100, 80, control=97) for n in range(4)]
    assert a_card(few).gate.verdict == "inconclusive"
    found = gate_figures([*few, *map(a_fold, range(30))], 0, "")
    assert found.held_out is not None and found.held_out.files == 30
    assert found.specificity is not None and found.specificity.files == 30
    assert found.scored == 4


def test_of_many_held_out_files_the_adapter_itself_decides() -> None:
    many = [a_file(f"src/{n}.py", 100, 80, control=97) for n in range(12)]
    found = gate_figures([*many, *map(a_fold, range(30))], 0, "")
    assert found.held_out is not None and found.held_out.files == 12
    folds = folds_of([*many, *map(a_fold, range(30))])
    assert folds is not None and folds.files == 30 and abs(folds.mean + 0.1) < 1e-9
