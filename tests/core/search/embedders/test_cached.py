"""No text is embedded twice, and what is kept stays within its bounds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from support.ollama_double import OllamaDouble

from gardener_core.search.embedders.cached import CachedEmbedder
from gardener_core.search.embedders.embedder import Embedder, passage
from gardener_core.store.caches.vectors import VectorCache

Open = Callable[..., Embedder]


def test_text_is_embedded_once_for_all_projects(ollama: OllamaDouble, opened: Open) -> None:
    first = opened("ollama:nomic-embed-text")
    rows = first.embed_documents(["token", "session", "token"])
    np.testing.assert_array_equal(rows[0], rows[2])
    again = opened("ollama:nomic-embed-text")  # as another project, or after a restart
    assert isinstance(again, CachedEmbedder)
    assert again.unknown(["session", "port", "token", "port"]) == ["port"]
    np.testing.assert_array_equal(again.embed_documents(["session", "port"])[0], rows[1])
    told = [text for text in ollama.texts if "dimensions" not in text]
    assert told == [f"search_document: {text}" for text in ("token", "session", "port")]


def test_what_is_cut_off_makes_no_difference(ollama: OllamaDouble, opened: Open) -> None:
    embedder = opened("ollama:nomic-embed-text")
    embedder.embed_documents(["token " * 1000])
    asked = len(ollama.asked)
    embedder.embed_documents(["token " * 1001])
    assert len(ollama.asked) == asked


def test_other_prefix_is_another_embedder(ollama: OllamaDouble, opened: Open) -> None:
    (plain,) = opened("ollama:nomic-embed-text").embed_documents(["token"])
    (other,) = opened("ollama:nomic-embed-text", document_prefix="x ").embed_documents(["token"])
    assert abs(plain - other).max() > 0.01


def test_bounded_and_the_oldest_go_first(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.db", most_bytes=3_000_000)
    vectors = {number.to_bytes(16): bytes(1000) for number in range(4000)}
    for at in range(0, 4000, 500):
        cache.put("e", dict(list(vectors.items())[at : at + 500]))
        assert cache.total_bytes() <= 3_000_000
    keys = list(vectors)
    held = cache.holds("e", keys)
    assert cache.total_bytes() == 1000 * len(held) > 1_500_000
    assert keys[-1] in held and cache.holds("other", keys) == set()
    cache.put("e", {keys[-1]: bytes(1000)})  # again: counted once
    assert cache.total_bytes() == 1000 * len(held)
    assert cache.get("e", keys[-3:]) == dict(list(vectors.items())[-3:])


def test_one_that_is_larger_than_all_room_is_not_kept(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.db", most_bytes=10)
    cache.put("e", {b"k" * 16: bytes(100)})
    assert cache.total_bytes() == 0 and cache.get("e", [b"k" * 16]) == {}


def test_moved_folder_has_nothing_to_embed_again() -> None:
    row = {
        "symbol": "f",
        "signature": "def f():",
        "doc": "Say it.",
        "text": "def f():\n  'Say it.'",
    }
    there = passage({**row, "path": "old/place/core/a.py"})
    assert there == passage({**row, "path": "new/core/a.py"})
    assert there == "core/a.py\nf\ndef f():\n  'Say it.'"
    rest = passage({**row, "path": "a.py", "text": "  return 1"})  # a piece has no head
    assert rest == "a.py\nf\ndef f():\nSay it.\n  return 1"
