"""What code reads from outside is seen in every language that has a table for it."""

import pytest

from gardener_core.code.chunks import parse_and_cut
from gardener_core.code.files.listing import SourceText
from gardener_core.code.parsing.facts import facts_of
from gardener_core.code.secrets.detection import find_secrets, hide
from gardener_core.store.project.facts import ConfigurationPoint


def points(path: str, text: str) -> list[tuple[str, str, int, str]]:
    source = SourceText(path, text.encode(), "utf-8")
    found = facts_of(source, parse_and_cut(source).parsed, str).configuration
    return [(each.kind, each.name, each.line, each.default) for each in found]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.py", 'os.environ["HOME"]', ("environment", "HOME", 1, "")),
        ("a.py", 'os.environ.get("HOME", "/root")', ("environment", "HOME", 1, '"/root"')),
        ("a.py", 'os.getenv("HOME")', ("environment", "HOME", 1, "")),
        ("a.py", 'NAME = "APP_HOME"\nos.getenv(NAME)', ("environment", "APP_HOME", 2, "")),
        ("a.py", 'p.add_argument("-n", "--steps", default=5)', ("option", "--steps", 1, "5")),
        ("a.py", '@click.option("--force/--no-force", default=False)\ndef f(): ...',
         ("option", "--force", 1, "False")),
        ("a.py", 'config["timeout"]', ("key", "timeout", 1, "")),
        ("a.py", 'self.settings.get("timeout", 3)', ("key", "timeout", 1, "3")),
        ("a.py", "class TrainSettings:\n    steps: int = 100\n", ("key", "steps", 2, "100")),
        ("a.js", "const x = process.env.APP_HOME;", ("environment", "APP_HOME", 1, "")),
        ("a.ts", 'const x = process.env["APP_HOME"];', ("environment", "APP_HOME", 1, "")),
        ("a.ts", "const x = import.meta.env.VITE_URL;", ("environment", "VITE_URL", 1, "")),
        ("a.js", "program.option('-p, --port <n>', 'the port', 80);",
         ("option", "--port", 1, "80")),
        ("a.go", 'package a\nvar x = os.Getenv("HOME")', ("environment", "HOME", 2, "")),
        ("a.go", 'package a\nvar x = flag.String("host", "local", "the host")',
         ("option", "host", 2, '"local"')),
        ("a.go", 'package a\nfunc f() { c.Flags().StringVarP(&x, "name", "n", "", "its name") }',
         ("option", "name", 2, "")),
        ("A.java", 'class A { String x = System.getenv("HOME"); }', ("environment", "HOME", 1, "")),
        ("a.rs", 'fn f() { std::env::var("HOME"); }', ("environment", "HOME", 1, "")),
        ("a.rs", 'fn f() { Arg::new("port"); }', ("option", "port", 1, "")),
        ("a.c", 'char *f() { return getenv("HOME"); }', ("environment", "HOME", 1, "")),
        ("a.cpp", 'char *f() { return std::getenv("HOME"); }', ("environment", "HOME", 1, "")),
    ],
)  # fmt: skip
def test_knob_is_seen(path: str, text: str, expected: tuple[str, str, int, str]) -> None:
    assert points(path, text) == [expected]


@pytest.mark.parametrize(
    "text",
    ['cache.get("HOME")', 'd["timeout"]', 'os.environ.get("no name")', "os.getenv(f(1))"],
)
def test_other_reads_are_no_knobs(text: str) -> None:
    assert points("a.py", text) == []


def test_default_that_is_a_secret_is_hidden() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    source = SourceText("a.py", f'os.getenv("TOKEN", "{token}")\n'.encode(), "utf-8")
    facts = facts_of(
        source, parse_and_cut(source).parsed, lambda text: hide(text, find_secrets(text))
    )
    (point,) = facts.configuration
    assert isinstance(point, ConfigurationPoint) and token not in point.default
    assert token.encode() not in facts.uses + facts.outline
