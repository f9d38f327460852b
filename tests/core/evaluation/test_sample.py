"""Of many held-out files, a large base is scored on some, and on their beginnings."""

from gardener_core.evaluation.sample import (
    CHARACTERS,
    MOST_FILES,
    SMALL_BASE_BYTES,
    SMALL_BASE_CHARACTERS,
    sample_files,
)
from gardener_core.evaluation.split import SourceFile

FILES = [SourceFile(f"src/{number}.py", f"value = {number}\n" * 2_000) for number in range(80)]


def test_a_small_base_is_scored_on_everything_up_to_a_bound() -> None:
    few = FILES[:5]
    assert sum(len(file.text) for file in few) < SMALL_BASE_CHARACTERS
    sample = sample_files(few, SMALL_BASE_BYTES - 1)
    assert (list(sample.files), sample.of, sample.is_part) == (few, 5, False)
    assert sample_files(FILES, SMALL_BASE_BYTES - 1) == sample_files(FILES, SMALL_BASE_BYTES)


def test_a_large_base_is_scored_on_whole_lines_of_some_files() -> None:
    sample = sample_files(FILES, SMALL_BASE_BYTES)
    assert (len(sample.files), sample.of) == (MOST_FILES, 80)
    assert sum(len(file.text) for file in sample.files) <= CHARACTERS
    texts = {file.path: file.text for file in FILES}
    for file in sample.files:
        assert texts[file.path].startswith(file.text) and file.text.endswith("\n")
        assert sample.characters - 20 < len(file.text) <= sample.characters


def test_the_choice_stays_whatever_comes() -> None:
    chosen = {file.path for file in sample_files(FILES, SMALL_BASE_BYTES).files}
    more = [*(SourceFile(f"new/{number}.py", "x = 1\n") for number in range(40)), *FILES]
    again = {file.path for file in sample_files(more, SMALL_BASE_BYTES).files}
    assert {path for path in again if path.startswith("src")} <= chosen


def test_few_files_are_read_further() -> None:
    assert sample_files(FILES[:3], SMALL_BASE_BYTES).characters == CHARACTERS // 3
