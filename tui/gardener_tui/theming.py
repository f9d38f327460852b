"""Themes, read from TOML files."""

import tomllib
from importlib.resources import files

from textual.color import Color, ColorParseError
from textual.theme import Theme

from gardener_core.errors import BadInput

DEFAULT = "night"
# Words that a style may hold where a colour is expected.
_NOT_COLOURS = frozenset({"transparent", "none"})


def theme_names() -> list[str]:
    """Every theme that ships with the program."""
    folder = files("gardener_themes").iterdir()
    return sorted(item.name.removesuffix(".toml") for item in folder if item.name.endswith(".toml"))


def load_theme(name: str) -> Theme:
    """Read one theme; a fault in it is told before Textual can crash on it."""
    source = files("gardener_themes") / f"{name}.toml"
    if not source.is_file():
        raise BadInput(
            f"There is no theme named {name!r}.", hint=f"Themes: {', '.join(theme_names())}"
        )
    return parse_theme(source.read_text("utf-8"), f"{name}.toml")


def parse_theme(text: str, file: str) -> Theme:
    """Make a theme out of TOML; `file` names it in an error."""
    try:
        theme = Theme(**tomllib.loads(text))
    except (tomllib.TOMLDecodeError, TypeError) as problem:
        raise BadInput(f"The theme {file} cannot be read: {problem}.") from None
    for key, value in _colours(theme).items():
        try:
            Color.parse(value)
        except ColorParseError:
            raise BadInput(f"The theme {file} has no colour in {key}: {value!r}.") from None
    return theme


def _colours(theme: Theme) -> dict[str, str]:
    named = {
        key: getattr(theme, key)
        for key in (
            "primary", "secondary", "accent", "success", "warning", "error",
            "background", "surface", "panel", "foreground",
        )
    }  # fmt: skip
    colours = {**named, **theme.variables}
    return {key: value for key, value in colours.items() if value and value not in _NOT_COLOURS}
