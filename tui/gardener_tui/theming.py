"""Themes, read from TOML files."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from textual import constants
from textual.color import Color, ColorParseError
from textual.theme import Theme

from gardener_core.errors import BadInput
from gardener_core.system.files.regular import read_regular

Depth = Literal["full", "indexed", "basic"]

LARGEST_THEME = 1_000_000
DEFAULT = "night"
# Tables of a theme for terminals with 256 and with 16 colours.
_FEWER: tuple[Depth, ...] = ("indexed", "basic")
_DEPTHS: Mapping[str | None, Depth] = {"truecolor": "full", "256": "indexed", "standard": "basic"}
_SUFFIX = ".toml"
# Words that a style may hold where a colour is expected.
_NOT_COLOURS = frozenset({"transparent", "none"})


def depth_of_terminal() -> Depth:
    """How many colours this terminal has, as Rich sees it."""
    system: Any = constants.COLOR_SYSTEM
    return _DEPTHS.get(Console(force_terminal=True, color_system=system).color_system, "full")


def built_in(depth: Depth = "full") -> dict[str, Theme]:
    """Every theme that ships with the program, by name, in the colours of the terminal."""
    themes = [_read(file, depth) for file in _toml_files(files("gardener_themes"))]
    return {theme.name: theme for theme in themes}


def of_user(folder: Path, depth: Depth = "full") -> tuple[dict[str, Theme], list[str]]:
    """The themes in the user's own folder, and what is wrong with the others."""
    themes: dict[str, Theme] = {}
    problems: list[str] = []
    try:
        listed = _toml_files(folder) if folder.is_dir() else []
    except OSError as problem:
        return {}, [f"The themes in {folder} cannot be read: {problem.strerror}."]
    for file in listed:
        try:
            theme = _read(file, depth)
        except BadInput as problem:
            problems.append(problem.what)
        else:
            themes[theme.name] = theme
    return themes, problems


def parse_theme(text: str, file: str, depth: Depth = "full") -> Theme:
    """Parse a theme; `file` names it in an error.

    Colours are checked, because a wrong one would crash the screen once the theme is selected.
    """
    try:
        theme = Theme(**_at_depth(tomllib.loads(text), depth))
        colours = _colours(theme)
        if not isinstance(theme.name, str):
            raise TypeError(f"its name is {theme.name!r}")
    except RecursionError:
        raise BadInput(f"The theme {file} cannot be read: it is nested too deeply.") from None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as problem:
        raise BadInput(f"The theme {file} cannot be read: {problem}.") from None
    for key, value in colours.items():
        try:
            Color.parse(value)
        except (ColorParseError, AttributeError):
            raise BadInput(f"The theme {file} has no colour in {key}: {value!r}.") from None
    return theme


def _at_depth(table: dict[str, Any], depth: Depth) -> dict[str, Any]:
    """The colours of a theme, overridden by those for terminals with fewer colours."""
    fewer = {name: table.pop(name, {}) for name in _FEWER}
    over = fewer.get(depth, {})
    variables = {**table.get("variables", {}), **over.get("variables", {})}
    return {**table, **over, "variables": variables}


def _read(file: Traversable, depth: Depth) -> Theme:
    try:
        if isinstance(file, Path):
            text = read_regular(file, LARGEST_THEME).decode("utf-8")
        else:
            text = file.read_text("utf-8")
        return parse_theme(text, file.name, depth)
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"The theme {file.name} cannot be read: {problem}.") from None


def _toml_files(folder: Traversable) -> list[Traversable]:
    themes = [item for item in folder.iterdir() if item.name.endswith(_SUFFIX)]
    return sorted(themes, key=lambda item: item.name)


def _colours(theme: Theme) -> dict[str, str]:
    named = {
        key: getattr(theme, key)
        for key in (
            "primary", "secondary", "accent", "success", "warning", "error",
            "background", "surface", "panel", "foreground",
        )
    }  # fmt: skip
    colours = {**named, **theme.variables}
    words = ("-style",)
    return {
        key: value
        for key, value in colours.items()
        if value and value not in _NOT_COLOURS and not key.endswith(words)
    }
