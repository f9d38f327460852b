"""Search is measured by the docs and commits of a project."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

from gardener_core.code.secrets.detection import Allowed
from gardener_core.code.worker import FileRead, read_for_index
from gardener_core.engine.embedders import OpenEmbedders
from gardener_core.engine.lanes.search import SearchLane
from gardener_core.events.index import Retrieved
from gardener_core.search.embedders.static import StaticEmbedder, load_static
from gardener_core.search.measuring.figures import Line, Measured, Remark
from gardener_core.search.measuring.mrr import NOWHERE, RankScores
from gardener_core.search.measuring.records import Retrieval, last_record
from gardener_core.search.measuring.retrieval import measure
from gardener_core.search.rows import rows_of_file
from gardener_core.search.table import ChunkTable
from gardener_core.store.project.catalog import Catalog, KnownFile
from gardener_core.store.project.fusion_weights import Weight
from gardener_core.system.places import Places

EMBEDDER = load_static()
QUESTIONS = 60
SUBJECT = "Styled text is written without any colours on request"


class Deaf(StaticEmbedder):
    """Gives every text the same vector, so that it cannot help."""

    def embed_query(self, text: str) -> Any:
        return np.ones(self.dimensions, np.float32) / np.sqrt(self.dimensions)

    embed_documents = None  # type: ignore[assignment]

    def embed_terms(self, texts: Any) -> Any:
        return np.tile(self.embed_query(""), (len(texts), 1))


@dataclass
class Sample:
    """An indexed project with a history, in a garden."""

    root: Path
    places: Places
    lines: list[Line]

    @property
    def folder(self) -> Path:
        return self.places.project("p")

    @property
    def record(self) -> Retrieval:
        found = last_record(self.folder)
        assert found is not None
        return found

    def questions(self) -> list[dict[str, Any]]:
        lines = Path(self.record.record).read_text().splitlines()
        return [json.loads(line) for line in lines[:-1]]


def index(root: Path, places: Places) -> None:
    table = ChunkTable.open_or_create(places.index("p"), EMBEDDER)
    catalog, allowed = Catalog(places.catalog("p")), Allowed.of_project(root)
    for path in sorted(root.glob("*.py")):
        read = read_for_index(root, path.name, allowed)
        assert isinstance(read, FileRead)
        table.add([{**row, "changed": 0.0} for row in rows_of_file(read, EMBEDDER)])
        file = KnownFile(path.name, 1, 1, read.hash, read.count, "")
        catalog.keep([file], facts=[read.facts])
    table.compact()


def git(root: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=Ann", "-c", "user.email=a@example.org", *arguments]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
    subprocess.run(command, cwd=root, check=True, capture_output=True, env=environment)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    home = tmp_path_factory.mktemp("retrieval")
    root = home / "click"
    shutil.copytree(Path(click.__file__).parent, root, ignore=shutil.ignore_patterns("__pycache__"))
    utils = root / "utils.py"
    text = utils.read_text()
    utils.write_text(text.replace("def echo(", "def echo(  # as it was\n    ", 1))
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Everything as it was installed")
    utils.write_text(text)
    git(root, "commit", "-qam", SUBJECT)
    places = Places(home / "config", home / "data")
    index(root, places)
    yield Sample(root, places, list(measure(root, places.index("p"), QUESTIONS, EMBEDDER)))


def test_every_arm_is_told_with_its_interval(sample: Sample) -> None:
    found = {line.name: line for line in sample.lines if isinstance(line, Measured)}
    for arm in ("words", "vectors", "joined", "grep-like"):
        told = found[f"docs, {arm}, MRR@10"]
        assert told.low < told.value < told.high and told.n == QUESTIONS
        recalls = [found[f"docs, {arm}, recall@{k}"].value for k in (1, 5, 10)]
        assert recalls == sorted(recalls) and recalls[-1] > told.value
    words, grep = found["docs, words, MRR@10"], found["docs, grep-like, MRR@10"]
    assert words.low > grep.value  # on code without docs, sub-tokens tell more than substrings
    assert found["commits, words, MRR@10"].n == 1


def test_the_record_holds_every_question_and_gives_the_same_figures(
    sample: Sample,
) -> None:
    questions = sample.questions()
    assert len(questions) == QUESTIONS + 1
    joined = f"weight {sample.record.weight:g}"
    for arm, key in (("words", "weight 0"), ("joined", joined), ("grep-like", "grep-like")):
        (told,) = (a for a in sample.record.arms if (a.questions, a.arm) == ("docs", arm))
        ranks = [each["ranks"][key] or NOWHERE for each in questions if each["kind"] == "docs"]
        again = RankScores(np.array(ranks, np.float64))
        assert told.mrr == pytest.approx(again.mrr(), abs=1e-4)
        assert told.recall_10 == pytest.approx(again.recall(10), abs=1e-4)
        assert (told.low, told.high) == pytest.approx(again.interval(), abs=1e-4)
    assert any(
        isinstance(line, Remark) and sample.record.record in line.text for line in sample.lines
    )


def test_questions_stand_nowhere_in_what_is_searched(sample: Sample) -> None:
    """Else a search for words would find each doc itself."""
    (commit,) = (each for each in sample.questions() if each["kind"] == "commits")
    assert commit["question"] == SUBJECT and commit["expected"] == [["utils.py", "echo"]]
    docs = [each for each in sample.questions() if each["kind"] == "docs"]
    own = ChunkTable.open(sample.places.index("p"))
    first = sum(
        own.by_words(each["question"].lower().split(), 1)[0]["symbol"] == each["expected"][0][1]
        for each in docs
    )
    bare = sum(each["ranks"]["weight 0"] == 1 for each in docs)
    assert first > bare  # with its doc, a function is found at once


def test_a_measurement_sets_no_weight_and_says_which_one_it_would_set(
    sample: Sample,
) -> None:
    assert Catalog(sample.places.catalog("p")).weights.all() == []
    chosen = sample.record.chosen_weight()
    assert chosen is not None and chosen.embedder == EMBEDDER.name
    assert chosen.weight == sample.record.weight and chosen.measured == sample.record.measured
    assert chosen.n == QUESTIONS + 1 and chosen.record == Path(sample.record.record).name


def test_searches_follow_a_weight_that_is_set(sample: Sample) -> None:
    weights = Catalog(sample.places.catalog("p")).weights
    for weight in (0.0, 0.2, 1.0):
        weights.put(Weight(EMBEDDER.name, weight, "now", 1, ""))
        finder = SearchLane(sample.places, OpenEmbedders(sample.places))
        found = finder.find("p", "write styled text to the terminal", 10)
        check_by_hand(found, weight, sample)
    assert weights.get("another") is None


def test_a_damaged_catalog_keeps_no_search_from_being_answered(
    sample: Sample, tmp_path: Path
) -> None:
    places = Places(tmp_path, tmp_path / "data")
    shutil.copytree(sample.places.index("p"), places.index("p"))
    places.catalog("p").write_bytes(b"this is no database, and was never one" * 100)
    assert SearchLane(places, OpenEmbedders(places)).find("p", "write styled text", 5).hits


def check_by_hand(found: Retrieved, weight: float, sample: Sample) -> None:
    """Each hit's reason, added up again from what the table tells."""
    asked = "write styled text to the terminal"
    table = ChunkTable.open(sample.places.index("p"))
    near = table.by_vector(EMBEDDER.embed_query(asked), 100)
    scores = [row["_similarity"] for row in near]
    mean, reach = float(np.mean(scores)), max(scores) - float(np.mean(scores))
    assert len(found.hits) == 10
    for hit in found.hits:
        why = hit.why
        parts = why.words_part + why.meaning_part + sum(each.value for each in why.corrections)
        assert hit.score == pytest.approx(parts, abs=5e-4)
        if not weight:
            assert (why.meaning_rank, why.meaning_part) == (0, 0.0)
        elif why.meaning_rank:
            most = weight * (why.meaning_score - mean) / reach
            least = most / 2  # where all is documented
            assert min(most, least) - 1e-3 <= why.meaning_part <= max(most, least) + 1e-3


def test_an_embedder_that_cannot_help_counts_nothing(sample: Sample, tmp_path: Path) -> None:
    deaf = Deaf(EMBEDDER._table)
    deaf.name = "deaf"
    places = Places(tmp_path, tmp_path / "data")
    shutil.copytree(sample.places.index("p"), places.index("p"))
    shutil.copy(sample.places.catalog("p"), places.catalog("p"))
    lines = list(measure(sample.root, places.index("p"), 50, deaf))
    found = last_record(places.project("p"))
    assert found is not None and (found.embedder, found.weight) == ("deaf", 0.0)
    assert any("does not help" in line.text for line in lines if isinstance(line, Remark))


def test_with_few_questions_the_usual_weight_stays(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path / "data")
    (tmp_path / "code").mkdir()
    body = "return " + " + ".join(["goods"] * 20)
    code = f'def sell(goods):\n    """Give the goods to whoever pays."""\n    {body}\n'
    (tmp_path / "code" / "shop.py").write_text(code)
    index(tmp_path / "code", places)
    lines = list(measure(tmp_path / "code", places.index("p"), 10, EMBEDDER))
    assert any("too few" in line.text for line in lines if isinstance(line, Remark))
    found = last_record(places.project("p"))
    assert found is not None and found.weight is None and found.arms[0].n == 1
    assert found.chosen_weight() is None


def test_a_project_without_docs_and_commits_is_told_so(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path / "data")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "shop.py").write_text("x = 1\n")
    index(tmp_path / "code", places)
    *_, last = measure(tmp_path / "code", places.index("p"), 10, EMBEDDER)
    assert isinstance(last, Remark) and "nothing to ask" in last.text
    assert last_record(places.project("p")) is None


def test_a_record_that_was_cut_off_is_passed_over(sample: Sample, tmp_path: Path) -> None:
    shutil.copytree(sample.folder / "retrieval", tmp_path / "retrieval")
    (tmp_path / "retrieval" / "9999.jsonl").write_text('{"kind": "docs"}\n{"meas')
    found = last_record(tmp_path)
    assert found is not None and found.measured == sample.record.measured
