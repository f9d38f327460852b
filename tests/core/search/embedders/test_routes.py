"""One encoder, three ways to run it, the same vectors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from support.ollama_double import DIGEST, OllamaDouble
from support.tiny_encoder import DIMENSIONS, Reference, save_folder, write_gguf

from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.opening import EmbedderAccess, open_embedder
from gardener_core.system.places import Places

Open = Callable[..., Embedder]
ROUTES = ("ollama", "gguf", "folder")
QUERY, DOCUMENT = "search_query: ", "search_document: "
TEXTS = (
    "session.py\nSession.refresh\ndef refresh(self):\n    return rotate(self.token)",
    "where is the socket closed?",
    "x",
)
SAME = 0.999
# Other weights, prefix, pooling or cut give the right shape and another meaning.
KNOWN_QUERY = [-0.06006, 0.07445, 0.20123, -0.17202]
KNOWN_DOCUMENT = [0.16466, -0.08167, 0.29867, -0.05252]


@pytest.fixture(scope="module")
def routes(tiny, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Embedder]]:
    home = tmp_path_factory.mktemp("routes")
    double = OllamaDouble(tiny.reference)
    places = Places(config=home / "config", data=home / "data")
    terms = EmbedderAccess(places, code_may_leave=False, environment={"OLLAMA_HOST": double.host})
    named = ("ollama:nomic-embed-text", f"gguf:{tiny.gguf}", f"folder:{tiny.folder}")
    opened = [open_embedder(EmbedderChoice(wanted), terms) for wanted in named]
    yield dict(zip(ROUTES, opened, strict=True))
    for embedder in opened:
        embedder.close()
    double.close()


@pytest.mark.parametrize("route", ROUTES)
def test_vectors_equal_the_reference(route: str, routes: dict[str, Embedder], tiny) -> None:
    embedder = routes[route]
    rows = embedder.embed_documents(TEXTS)
    assert rows.dtype == np.float32 and rows.shape == (len(TEXTS), DIMENSIONS)
    expected = tiny.reference.embed([DOCUMENT + text for text in TEXTS])
    assert (rows * expected).sum(axis=1).min() > SAME
    (query,) = tiny.reference.embed([QUERY + TEXTS[1]])
    assert embedder.embed_query(TEXTS[1]) @ query > SAME
    assert embedder.embed_query(TEXTS[1]) @ rows[1] < SAME  # the prefix makes a difference


@pytest.mark.parametrize("route", ROUTES)
def test_known_vectors(route: str, routes: dict[str, Embedder]) -> None:
    embedder = routes[route]
    np.testing.assert_allclose(embedder.embed_query(TEXTS[1])[:4], KNOWN_QUERY, atol=2e-3)
    long = "x y z " * 400  # cut to 384 characters, which are too many tokens, then halved
    (row,) = embedder.embed_documents([long])
    np.testing.assert_allclose(row[:4], KNOWN_DOCUMENT, atol=2e-3)


@pytest.mark.parametrize("route", ROUTES)
def test_long_text_costs_its_neighbours_nothing(route: str, routes: dict[str, Embedder]) -> None:
    _, after = routes[route].embed_documents(["z y x " * 1000, "close " + TEXTS[0]])
    (alone,) = routes[route].embed_documents(["close " + TEXTS[0]])
    np.testing.assert_allclose(after, alone, atol=1e-3)


def test_names_tell_which_weights(routes: dict[str, Embedder], tiny, opened: Open) -> None:
    assert routes["ollama"].name == f"ollama:nomic-embed-text@{DIGEST[:12]}"
    assert routes["folder"].name.startswith("folder:nomic-embed-text@")
    name, _, digest = routes["gguf"].name.partition("@")
    assert (name, len(digest)) == ("gguf:nomic-embed-text.gguf", 12)
    other = opened(f"gguf:{tiny.gguf}", query_prefix="ask: ")
    assert other.name.startswith(f"{name}@{digest}+")


@pytest.mark.parametrize("pooling", ["cls", "last"])
def test_pooling_is_ours(pooling: str, tiny, opened: Open) -> None:
    expected = Reference(tiny.folder, pooling).embed([DOCUMENT + text for text in TEXTS])
    embedder = opened(f"gguf:{tiny.gguf}", pooling=pooling)
    assert (embedder.embed_documents(TEXTS) * expected).sum(axis=1).min() > SAME


@pytest.mark.long
def test_folder_says_its_own_pooling_and_a_gguf_has_that_of_its_name(
    tmp_path: Path, opened: Open
) -> None:
    folder = save_folder(tmp_path / "unknown", pooling="last")
    by_name = write_gguf(folder, tmp_path / "CodeRankEmbed-q8.gguf", name="CodeRankEmbed")
    last, cls = opened(f"folder:{folder}"), opened(f"gguf:{by_name}")
    for embedder, pooling in ((last, "last"), (cls, "cls")):
        expected = Reference(folder, pooling).embed(TEXTS)
        assert (embedder.embed_documents(TEXTS) * expected).sum(axis=1).min() > SAME
    asked = "Represent this query for searching relevant code: where"
    (query,) = Reference(folder, "cls").embed([asked])
    assert cls.embed_query("where") @ query > SAME
