"""A file keeps the side that it had when it was first seen, whatever it is called."""

import subprocess
from pathlib import Path

from gardener_core.evaluation.split import SourceFile, Split
from gardener_core.jobs.data.sides import split_project
from gardener_core.store.project.catalog import Catalog, take_over


def files(*numbers: int) -> list[SourceFile]:
    return [SourceFile(f"m{n}.py", f"value_{n} = {n}\n" * 9) for n in numbers]


def sides_of(split: Split) -> dict[str, str]:
    return {
        file.path: side
        for side, found in (("train", split.train), ("dev", split.dev), ("out", split.held_out))
        for file in found
    }


def moved(found: list[SourceFile], old: str, new: str, more: str = "") -> list[SourceFile]:
    return [SourceFile(new, f.text + more) if f.path == old else f for f in found]


def test_a_renamed_file_keeps_its_side(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    found = files(*range(60))
    first = sides_of(split_project(found, tmp_path, catalog)[1])
    for side in ("train", "dev", "out"):
        old = next(path for path, its in first.items() if its == side)
        for number in range(30):  # whatever its new name draws
            now = moved(found, old, f"x/{side}{number}.py")
            _, split = split_project(now, tmp_path, Catalog(tmp_path / "catalog.db"))
            assert sides_of(split)[f"x/{side}{number}.py"] == side


def test_a_file_that_git_renamed_keeps_it_though_it_changed(tmp_path: Path) -> None:
    root = tmp_path / "web"
    root.mkdir()
    found = files(*range(40))
    write(root, found)
    git(root, "init", "-q")
    commit(root)
    catalog = Catalog(tmp_path / "catalog.db")
    first = sides_of(split_project(found, root, catalog)[1])
    old = [path for path, its in first.items() if its == "out"][:2]
    for number, path in enumerate(old):
        git(root, "mv", path, f"new{number}.py")
        found = moved(found, path, f"new{number}.py", "more = 2\n")
    write(root, found)
    commit(root)
    after = sides_of(split_project(found, root, catalog)[1])
    assert [after["new0.py"], after["new1.py"]] == ["out", "out"]


def test_what_comes_later_moves_nobody(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    few = files(*range(8))
    first = sides_of(split_project(few, tmp_path, catalog)[1])
    assert list(first.values()).count("out") >= 2 and "dev" not in first.values()
    later = sides_of(split_project(files(*range(70)), tmp_path, catalog)[1])
    assert {path: later[path] for path in first} == first and "dev" in later.values()


def test_sides_and_choices_survive_a_repair(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    split_project(files(*range(9)), tmp_path, catalog)
    catalog.sides.choose("m1.py", "value_1", False)
    catalog.sides.choose("m2.py", "", True)
    catalog.sides.choose("m2.py", "", None)
    take_over(tmp_path / "catalog.db", tmp_path / "new.db")
    new = Catalog(tmp_path / "new.db").sides
    assert new.all() == catalog.sides.all() and len(new.all()) == 9
    assert new.choices() == {("m1.py", "value_1"): False}


def write(root: Path, found: list[SourceFile]) -> None:
    for file in found:
        (root / file.path).write_text(file.text)


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    git(root, *who, "commit", "-q", "-m", "change")
