"""The static embedder loads fast and finds code by its meaning."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from gardener_core.pretraining.corpus import HELD_OUT, SHARE_ALIKE, is_permissive
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.static import StaticEmbedder, document_text, load_static
from gardener_core.search.embedders.static_table import LearnedTable, StaticTable, quantised

DATA = Path(str(files("gardener_core.search.embedders"))) / "data"
LARGEST_BYTES = 6_000_000
QUERY = [0.07389, 0.00011, 0.04024, -0.0235]
DOCUMENT = [-0.03418, 0.02438, 0.00147, -0.0551]
ALIKE = 0.54238
MOST_SECONDS = 0.2  # of processor time; 20 ms where nobody else works


@pytest.fixture(scope="module")
def embedder() -> Iterator[StaticEmbedder]:
    yield load_static()


def test_it_loads_fast_and_without_torch() -> None:
    code = (
        "import sys, time; from gardener_core.search.embedders.static import load_static; "
        "began = time.process_time(); load_static(); "
        "print(time.process_time() - began, bool({'torch', 'lancedb'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    seconds, is_heavy = answer.stdout.split()
    assert float(seconds) < MOST_SECONDS
    assert is_heavy == "False"


def test_known_vectors(embedder: StaticEmbedder) -> None:
    """Another table, formula or way to make terms gives the right shapes and another meaning."""
    query = embedder.embed_query("where is the connection closed after a timeout")
    text = document_text(
        "a/http/pool.py", "Pool.close", "def close(self):\n    self.socket.close()"
    )
    (document,) = embedder.embed_documents([text])
    np.testing.assert_allclose(query[:4], QUERY, atol=1e-5)
    np.testing.assert_allclose(document[:4], DOCUMENT, atol=1e-5)
    assert query @ document == pytest.approx(ALIKE, abs=1e-5)


def test_rows_have_length_one_and_zero_where_nothing_is_known(embedder: Embedder) -> None:
    rows = embedder.embed_documents(["def close(self): ...", "", "漢字"])
    assert rows.shape == (3, embedder.dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 0, 0], atol=1e-6)
    assert not embedder.embed_query("漢字").any()


@pytest.mark.parametrize(
    "sentence", ["Parse the configuration file.", "Send an email to all users that signed up."]
)
def test_a_sentence_is_near_itself_as_code(embedder: Embedder, sentence: str) -> None:
    same, other = embedder.embed_documents([sentence, "Draw a circle around the mouse pointer."])
    query = embedder.embed_query(sentence)
    assert query @ same > 0.8
    assert query @ other < 0.4


def test_meaning_finds_what_shares_no_word(embedder: Embedder) -> None:
    query = embedder.embed_query("delete a directory and everything below it")
    right = "def rmtree(path):\n    for entry in os.scandir(path):\n        os.unlink(entry)"
    wrong = "def blend(image, color):\n    return image.pixels * (1 - color.a) + color"
    near, far = embedder.embed_documents([right, wrong])
    assert query @ near > query @ far + 0.2


def test_place_and_name_belong_to_a_document() -> None:
    assert document_text("a/b/c/pool.py", "Pool.close", "body") == "c pool Pool.close body"
    assert document_text("pool", "", "body") == "pool  body"


def test_the_table_is_the_one_that_its_card_describes() -> None:
    data = (DATA / "static-1.npz").read_bytes()
    card = json.loads((DATA / "static-1.json").read_text())
    assert hashlib.sha256(data).hexdigest() == card["sha256"]
    assert len(data) == card["bytes"] < LARGEST_BYTES
    table = StaticTable.from_bytes(data)
    assert table.vectors.shape == (card["terms"], card["dimensions"])
    assert len(table.terms) == card["terms"]
    assert sum(package["pairs"] for package in card["packages"]) == card["pairs"]


def test_the_card_names_only_what_may_be_learned_from() -> None:
    for package in json.loads((DATA / "static-1.json").read_text())["packages"]:
        assert package["name"].lower().replace("-", "_") not in HELD_OUT | SHARE_ALIKE
        assert is_permissive(package["licence"]), package
        assert package["version"]


def test_eight_bits_keep_every_row_and_the_same_table_gives_the_same_bytes() -> None:
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(50, 256)).astype(np.float32)
    vectors[7] = 0
    weights = np.ones(50, np.float32)
    table = quantised(LearnedTable(tuple(map(str, range(50))), vectors, weights, weights))
    again = StaticTable.from_bytes(table.to_bytes())
    assert again.to_bytes() == table.to_bytes()
    assert again.terms == table.terms
    kept = np.delete(again.vectors * again.scales[:, None], 7, axis=0)
    meant = np.delete(vectors, 7, axis=0)
    lengths = np.linalg.norm(kept, axis=1) * np.linalg.norm(meant, axis=1)
    assert ((kept * meant).sum(axis=1) / lengths).min() > 0.9999
    assert not again.vectors[7].any()
