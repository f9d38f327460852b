"""Questions come from docs that were cut, and from commits that say something."""

import os
import subprocess
from pathlib import Path

import pytest

from gardener_core.code.docs.documented import documented, without_docs
from gardener_core.code.files.listing import SourceText
from gardener_core.search.measuring.questions import (
    RetrievalQuestion,
    commit_questions,
    doc_questions,
    subject_of,
)

GO = """package shop

// Sell gives the goods to whoever pays for them.
func Sell(goods int) int {
	// stays inside of it
	return goods + 1 + goods*goods
}

// A note that stands apart.

func bare() int { return 1 }
"""
RUST = """/// A store of everything that was sold.
#[derive(Debug)]
pub struct Store { sold: u32 }

impl Store {
    /**
     * Counts what was sold since the last night.
     */
    pub fn count(&self) -> u32 { self.sold + self.sold * 2 + 1 }
}
"""
PYTHON = '''
def sell(goods):
    """Give the goods to whoever pays for them."""
    total = goods + goods * goods
    return total - goods
'''


def source(path: str, text: str) -> SourceText:
    return SourceText(path, text.encode(), "utf-8")


def test_docs_are_cut_in_every_language_and_code_stays() -> None:
    bare = without_docs("shop.go", GO.encode()).decode()
    assert "gives the goods" not in bare and "stays inside" in bare and "stands apart" in bare
    assert "func Sell(goods int) int {" in bare and "func bare()" in bare
    bare = without_docs("store.rs", RUST.encode()).decode()
    assert "everything that was sold" not in bare and "last night" not in bare
    assert "#[derive(Debug)]\npub struct Store" in bare and "pub fn count" in bare
    assert "whoever" not in without_docs("shop.py", PYTHON.encode()).decode()
    assert without_docs("notes.md", b"# Notes\n\nAll of it.\n") == b"# Notes\n\nAll of it.\n"


def test_what_documented_functions_are_called() -> None:
    found = {item.symbol: (item.is_function, item.doc) for item in documented("store.rs",
             RUST.encode())}  # fmt: skip
    assert found["Store.count"] == (True, "Counts what was sold since the last night.")
    assert found["Store"][0] is False
    assert [item.symbol for item in documented("shop.go", GO.encode()) if item.doc] == ["Sell"]


def test_first_sentences_of_functions_are_questions() -> None:
    files = {"shop.go": GO, "store.rs": RUST, "shop.py": PYTHON.replace("goods to", "money to")}
    found = {item.text: item.answers for item in doc_questions(map(source, files, files.values()))}
    assert found == {
        "gives the goods to whoever pays for them.": {("shop.go", "Sell")},
        "Counts what was sold since the last night.": {("store.rs", "Store.count")},
        "Give the money to whoever pays for them.": {("shop.py", "sell")},
    }


def test_sentences_of_several_functions_and_of_tests_are_none() -> None:
    twice = [source("a.py", PYTHON), source("b.py", PYTHON)]
    assert list(doc_questions(twice)) == []
    assert list(doc_questions([source("tests/test_a.py", PYTHON)])) == []


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("fix(parser): tabs count as eight (#12)", "tabs count as eight"),
        ("[shop] Sell what is there", "Sell what is there"),
        ("Secrets: hide what overlaps", "Secrets: hide what overlaps"),
    ],
)
def test_marks_and_numbers_are_no_words_of_a_commit(subject: str, told: str) -> None:
    assert subject_of(subject) == told


class History:
    """A git project that grows by commits."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._git("init", "-q")

    def commit(self, subject: str, author: str = "Ann", **files: str) -> None:
        for name, text in files.items():
            path = self.root / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self._git("add", "-A")
        who = f"user.name={author}"
        self._git("-c", who, "-c", "user.email=a@example.org", "commit", "-qm", subject)

    def _git(self, *arguments: str) -> None:
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C"}
        subprocess.run(["git", "-C", str(self.root), *arguments], check=True, env=environment)


def two(first: str, second: str) -> str:
    return f"def first():\n    return {first}\n\n\nclass Shop:\n    def second(self):\n" \
        f"        return {second}\n"  # fmt: skip


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path)
    history.commit("All of the code so far", code=two("1", "1"))
    return history


KNOWN = frozenset({("code.py", "first"), ("code.py", "Shop.second"), ("code.py", "Shop")})


def questions(history: History) -> list[RetrievalQuestion]:
    return list(commit_questions(history.root, KNOWN, 10))


def test_a_commit_asks_for_what_it_touched(history: History) -> None:
    history.commit("The second one gives two", code=two("1", "2"))
    history.commit("The first one gives three (#4)", code="\n\n" + two("3", "2"))
    found = {item.text: item.answers for item in questions(history)}
    assert found["The second one gives two"] == {("code.py", "Shop.second")}
    assert found["The first one gives three"] == {("code.py", "first")}
    assert all(item.source.startswith("commit ") for item in questions(history))


@pytest.mark.parametrize(
    ("subject", "author"),
    [
        ("Bump the version of everything", "Ann"),
        ("Merge what others have made", "Ann"),
        ("Gives two instead of one", "dependabot[bot]"),
        ("two", "Ann"),
    ],
)
def test_chores_programs_and_single_words_ask_nothing(
    history: History, subject: str, author: str
) -> None:
    before = questions(history)
    history.commit(subject, author, code=two("1", "2"))
    assert questions(history) == before


def test_large_commits_and_those_of_what_is_gone_ask_nothing(history: History) -> None:
    before = questions(history)
    history.commit("A great many lines at once", more="x = 1\n" * 300, code=two("1", "2"))
    history.commit("Something that is gone by now", gone="def gone():\n    return 1\n")
    assert questions(history) == before


def test_a_folder_without_git_has_no_commits(tmp_path: Path) -> None:
    assert list(commit_questions(tmp_path, KNOWN, 10)) == []
