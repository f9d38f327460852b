"""Pairs of a sentence and its code are mined from packages that allow it."""

import json
from pathlib import Path

import pytest
from embedder_training.mining import Measured, is_fit, mine

from gardener_core.code.docs.sentences import first_sentence, is_informative
from gardener_core.pretraining.corpus import Package, SourceDocument
from gardener_core.pretraining.npm_corpus import npm_corpus

GOOD = Package("good", "1.0", "MIT")
CODE = '''def drain(pool):
    """Closes every connection of the pool. Then waits."""
    for connection in pool.connections:
        connection.close(timeout=pool.patience)
'''


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        ("Closes it. Then more.", "Closes it."),
        ("Closes\n    the pool\n\nMore", "Closes the pool"),
        ("drain the pool", "the pool"),
        ("Sets :attr:`size` of *it*.", "Sets size of it."),
        ("<p>Gives {@link Pool} back.</p>", "Gives Pool back."),
        ("Says it.\n @param {number} a", "Says it."),
        ("@private", ""),
        ("", ""),
    ],
)
def test_first_sentence(doc: str, sentence: str) -> None:
    assert first_sentence(doc, "drain") == sentence


def test_short_or_foreign_sentences_tell_nothing() -> None:
    assert is_informative("Closes all the connections.")
    assert not is_informative("Closes it.")
    assert not is_informative("Schließt alle offenen Verbindungen.")


@pytest.mark.parametrize("name", ["a/b.py", "three/src/math/Box.js", "zod/src/v4/core.ts"])
def test_sources_are_fit(name: str) -> None:
    assert is_fit(name)


@pytest.mark.parametrize(
    "name",
    [
        "three/build/three.js",
        "three/examples/jsm/a.js",
        "a/docs/conf.py",
        "a/b.min.js",
        "zod/index.d.ts",
        "zod/index.d.cts",
        "zod/src/a.test.ts",
        "a/b_pb2.py",
        "a/b.c",
    ],
)
def test_what_is_built_or_shown_is_not(name: str) -> None:
    assert not is_fit(name)


def test_a_pair_is_a_sentence_and_the_code_without_it(tmp_path: Path) -> None:
    (pair,) = mine([laid(tmp_path, "pool.py", CODE)], Measured())
    assert (pair.package, pair.path, pair.symbol) == (GOOD, "good/pool.py", "drain")
    assert pair.sentence == "Closes every connection of the pool."
    assert "Closes" not in pair.code
    assert "connection.close(timeout=pool.patience)" in pair.code


@pytest.mark.parametrize(
    "measured",
    [
        CODE.replace("Closes every connection of the pool. Then waits.", "Another doc."),
        CODE.replace("    ", "  ").replace("Closes", "Opens"),
        CODE.replace("connection", "link").replace("Closes every link", "Closes every connection"),
    ],
)
def test_nothing_that_is_measured_on_is_mined(tmp_path: Path, measured: str) -> None:
    """Neither a copied body nor a copied doc, whatever its white space."""
    known = Measured()
    known.add("pool.py", measured.encode())
    assert list(mine([laid(tmp_path, "pool.py", CODE)], known)) == []


def test_a_sentence_is_taken_once_a_package_and_twice_in_all(tmp_path: Path) -> None:
    packages = [Package(name, "1.0", "MIT") for name in "abc"]
    files = [
        laid(tmp_path, f"{package.name}{part}.py", CODE, package)
        for package in packages
        for part in range(2)
    ]
    assert [pair.package.name for pair in mine(files, Measured())] == ["a", "b"]


def test_npm_packages_of_permissive_licences_are_food(tmp_path: Path) -> None:
    (tmp_path / "src" / "third_party").mkdir(parents=True)
    for name in ("src/a.ts", "src/axios.js", "src/third_party/b.js", "src/c.css", "src/d.test.js"):
        (tmp_path / name).write_text("export const a = 1;\n")
    about = {"name": "@us/made", "version": "2.0", "license": "MIT"}
    (tmp_path / "package.json").write_text(json.dumps(about))
    names = [file.name for file in npm_corpus(tmp_path)]
    assert [name for name in names if is_fit(name)] == ["@us/made/src/a.ts"]
    assert next(npm_corpus(tmp_path)).package == Package("@us/made", "2.0", "MIT")

    (tmp_path / "package.json").write_text(json.dumps({**about, "license": "GPL-3.0"}))
    assert list(npm_corpus(tmp_path)) == []


def laid(folder: Path, name: str, text: str, package: Package = GOOD) -> SourceDocument:
    (folder / name).write_text(text)
    return SourceDocument(package, f"{package.name}/{name}", folder / name)
