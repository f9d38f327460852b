"""What is masked is written by people, and ends where it ended."""

import pytest

from gardener_core.evaluation.measuring.masking import Masked, masked_parts
from gardener_core.evaluation.measuring.similarity import edit_similarity, plain
from gardener_core.evaluation.measuring.stopping import end_of, trimmed
from gardener_core.evaluation.split import SourceFile

HEAD = "# " + "words " * 40 + "\n"
PYTHON = SourceFile(
    "a.py",
    HEAD
    + '''
def load(path, settings):
    """Words that nobody can guess."""
    # neither can these be
    opened = open_store(path)
    if settings:
        opened.configure(settings.values())
    return opened


def tiny():
    pass
''',
)
SCRIPT = SourceFile(
    "b.js",
    HEAD.replace("#", "//")
    + """
function load(path) {
  const opened = openStore(path);
  if (path) { opened.configure({}); }
  return opened;
}
""",
)


def parts(file: SourceFile, measure: str, known: str = "") -> list[Masked]:
    def elsewhere(word: str, path: str) -> bool:
        return word == known

    return masked_parts([file], measure, elsewhere)  # type: ignore[arg-type]


def test_statements_of_one_line_without_docs_and_comments() -> None:
    assert {part.expected for part in parts(PYTHON, "statement")} == {
        "opened = open_store(path)", "opened.configure(settings.values())", "return opened",
    }  # fmt: skip
    assert {part.expected for part in parts(SCRIPT, "statement")} == {
        "const opened = openStore(path);", "if (path) { opened.configure({}); }", "return opened;",
    }  # fmt: skip


def test_what_uses_another_file_comes_first_with_its_place() -> None:
    first = parts(PYTHON, "statement", known="open_store")[0]
    assert first.uses == ("open_store",)
    assert PYTHON.text[first.start : first.end] == first.expected == "opened = open_store(path)"
    assert PYTHON.text.splitlines()[first.line - 1].strip() == first.expected


def test_files_take_turns() -> None:
    other = SourceFile("c.py", PYTHON.text)
    paths = [part.path for part in masked_parts([PYTHON, other], "statement", lambda *_: False)]
    assert sorted(paths[:2]) == ["a.py", "c.py"] and len(paths) == 6


@pytest.mark.parametrize(
    ("file", "rest"),
    [(PYTHON, "\n\n\ndef another():\n    opened = 1"), (SCRIPT, "\n}\n\nfunction another() {")],
)
def test_a_body_ends_at_its_outdent_or_its_brace(file: SourceFile, rest: str) -> None:
    (body,) = parts(file, "scope")
    indent = file.text[: body.start].rpartition("\n")[2]
    written = f"\n{indent}{body.expected}"
    over = end_of(body, file.text)
    assert not over(written) and over(written + rest)
    assert plain(trimmed(body, file.text, written + rest)) == plain(body.expected)


def test_a_statement_ends_with_its_line() -> None:
    part = parts(PYTHON, "statement")[0]
    over = end_of(part, PYTHON.text)
    assert not over("\n\n    x = 1") and over("\n    x = 1\n")
    assert trimmed(part, PYTHON.text, "\n    x = 1 \n    y") == "\n    x = 1"


def test_similarity_counts_what_has_to_be_changed() -> None:
    assert edit_similarity("kitten", "sitting") == pytest.approx(1 - 3 / 7)
    assert edit_similarity("", "") == 1.0 and edit_similarity("a", "") == 0.0
    assert plain("\n    a  \n      b\n\n") == "a\n      b"
