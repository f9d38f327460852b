"""Files are split into training and held-out ones, and packed into rows."""

import itertools

import pytest
from support.draining import result_of

from gardener_core.errors import NothingToLearn
from gardener_core.evaluation.split import LONGEST_CHARACTERS, SourceFile, split_files
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.training.data.packing import file_tokens, pack_rows


def files_named(names: list[str]) -> list[SourceFile]:
    return [SourceFile(name, f"# {name}\n" + "value = 1\n" * 20) for name in names]


def test_a_file_keeps_its_side_whatever_comes_or_changes() -> None:
    names = [f"package/module_{number}.py" for number in range(60)]
    first = {file.path for file in split_files(files_named(names)).held_out}
    grown = [SourceFile(file.path, file.text + "more = 2\n") for file in files_named(names)]
    later = split_files([*reversed(grown), *files_named([f"new/{n}.py" for n in range(60)])])
    assert first == {file.path for file in later.held_out} & set(names)


def test_about_a_sixth_is_held_out_and_no_file_stands_on_both_sides() -> None:
    split = split_files(files_named([f"src/file_{number}.go" for number in range(3000)]))
    train = {file.path for file in split.train}
    held_out = {file.path for file in split.held_out}
    dev = {file.path for file in split.dev}
    assert not train & held_out and not dev & (train | held_out)
    assert len(train | held_out | dev) == 3000
    assert 0.04 < len(dev) / 3000 < 0.06
    assert 0.15 < len(held_out) / 3000 < 0.20


@pytest.mark.parametrize("start", range(0, 40, 4))
def test_six_files_are_enough_for_two_held_out(start: int) -> None:
    names = [f"a{number}.py" for number in range(start, start + 6)]
    assert len(split_files(files_named(names)).held_out) >= 2


def test_too_few_files_say_what_it_takes() -> None:
    with pytest.raises(NothingToLearn, match="3 text files") as refused:
        split_files(files_named(["x0.py", "x1.py", "x2.py"]))
    assert "6 text files" in refused.value.hint


def test_empty_and_huge_files_stand_on_no_side() -> None:
    odd = [SourceFile("empty.py", " \n"), SourceFile("huge.json", "1" * (LONGEST_CHARACTERS + 1))]
    split = split_files([*files_named([f"m{number}.py" for number in range(20)]), *odd])
    assert len(split.train) + len(split.held_out) == 20
    assert split.left_out == 1


def test_rows_cover_the_tokens_once_in_file_order(
    seedling: BaseModel, sources: tuple[SourceFile, ...]
) -> None:
    tokens = TextTokens(seedling.path)
    packed = result_of(pack_rows(sources, tokens, 128))
    assert all(row.is_one_piece and row.learned_tokens == 128 for row in packed)
    rows = [row.tokens.tolist() for row in packed]
    stream = [number for file in sources for number in file_tokens(file, tokens)]
    predicted = [number for row in rows for number in row[1:]]
    assert {len(row) for row in rows} == {129}
    assert rows[0][0] == stream[0]
    assert predicted == stream[1 : len(predicted) + 1]
    assert len(stream) - 1 - len(predicted) < 128
    assert all(row[0] == before[-1] for before, row in itertools.pairwise(rows))


def test_a_file_has_its_path_before_it_and_its_text_holds_no_special_token(
    seedling: BaseModel,
) -> None:
    tokens = TextTokens(seedling.path)
    begin, end = tokens.special("<|file|>"), tokens.special("<|eos|>")
    ids = file_tokens(SourceFile("a/b.py", "x = '<|eos|><|file|>'\n"), tokens)
    assert (ids[0], ids[-1]) == (begin, end)
    assert not {begin, end} & set(ids[1:-1])
    assert tokens.decode(ids[1:-1]) == "a/b.py\nx = '<|eos|><|file|>'\n"


def test_less_than_a_row_is_too_little(seedling: BaseModel) -> None:
    with pytest.raises(NothingToLearn, match="tokens to learn from"):
        result_of(pack_rows([SourceFile("a.py", "x = 1\n")], TextTokens(seedling.path), 128))
