"""Names that exist nowhere are found, and no others."""

from gardener_core.code.packages import PackageNames
from gardener_core.evaluation.split import SourceFile
from gardener_core.jobs.scoring.defined_names import DefinedNames
from gardener_core.jobs.scoring.names import NameChecker

FILES = [SourceFile("a.py", "class Store:\n    def reload(self): ...\n")]
CHECKER = NameChecker(FILES, PackageNames(frozenset({"requests"}), frozenset({"fetch"}), True))


def test_invented_names_are_told_from_all_that_exist() -> None:
    code = "store = Store()\nstore.reload()\nrequests.fetch(len(path))\nstore.warm_it_up(seen)"
    count, invented = CHECKER.check("a.py", code, "def around(path, seen): ...")
    assert invented == ("warm_it_up",)
    assert count == 8  # its own `store` is not among them


def test_what_the_code_binds_itself_is_its_own() -> None:
    code = "for chunk_nr, piece_of in enumerate(things):\n    with_it = lambda elem_x: elem_x"
    assert CHECKER.check("a.py", code, "things") == (2, ())


def test_only_python_is_counted() -> None:
    assert CHECKER.check("a.go", "warmItUp()", "") == (0, ())


def test_definitions_are_found_in_other_files_only_and_where_they_are_few() -> None:
    named = [("reload", "a.py", "Store.reload", "method"), ("get", "b.py", "get", "function")]
    named += [("common", f"{n}.py", "common", "function") for n in range(9)]
    found = DefinedNames(named)
    assert found.of("reload", "x.py") == {("a.py", "Store.reload")}
    assert not found.elsewhere("reload", "a.py"), "its own file defines it"
    assert not found.elsewhere("get", "x.py") and not found.elsewhere("common", "x.py")
