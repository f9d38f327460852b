"""Themes, read from TOML files."""

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from textual.color import Color, ColorParseError
from textual.theme import Theme

from gardener_core.errors import BadInput
from gardener_core.regular_files import read_regular

LARGEST_THEME = 1_000_000
DEFAULT = "night"
_SUFFIX = ".toml"
# Words that a style may hold where a colour is expected.
_NOT_COLOURS = frozenset({"transparent", "none"})


def built_in() -> dict[str, Theme]:
    """Every theme that ships with the program, by name."""
    found = [_read(file) for file in _toml_files(files("gardener_themes"))]
    return {theme.name: theme for theme in found}


def of_user(folder: Path) -> tuple[dict[str, Theme], list[str]]:
    """The themes in the user's own folder, and what is wrong with those that are left out."""
    themes: dict[str, Theme] = {}
    problems: list[str] = []
    try:
        found = _toml_files(folder) if folder.is_dir() else []
    except OSError as problem:
        return {}, [f"The themes in {folder} cannot be read: {problem.strerror}."]
    for file in found:
        try:
            theme = _read(file)
        except BadInput as problem:
            problems.append(problem.what)
        else:
            themes[theme.name] = theme
    return themes, problems


def parse_theme(text: str, file: str) -> Theme:
    """Make a theme out of TOML; `file` names it in an error.

    A colour that is none would crash the screen only when the theme is selected.
    """
    try:
        theme = Theme(**tomllib.loads(text))
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


def _read(file: Traversable) -> Theme:
    try:
        if isinstance(file, Path):
            return parse_theme(read_regular(file, LARGEST_THEME).decode("utf-8"), file.name)
        return parse_theme(file.read_text("utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"The theme {file.name} cannot be read: {problem}.") from None


def _toml_files(folder: Traversable) -> list[Traversable]:
    found = [item for item in folder.iterdir() if item.name.endswith(_SUFFIX)]
    return sorted(found, key=lambda item: item.name)


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
