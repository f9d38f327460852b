"""A digest is remembered until its file changes."""

import os
from pathlib import Path

from gardener_core.store.caches.digests import DigestTable


def test_a_digest_is_of_the_file_as_it_was(tmp_path: Path) -> None:
    table = DigestTable(tmp_path / "vectors.db")
    file = tmp_path / "model.gguf"
    file.write_bytes(b"abc")
    assert table.get(file) == ""
    table.put(file, "sha")
    assert table.get(file) == "sha" == DigestTable(tmp_path / "vectors.db").get(file)
    os.utime(file, ns=(1, 1))
    assert table.get(file) == ""
    table.put(file, "new")
    file.write_bytes(b"abcd")
    assert table.get(file) == ""
