"""The user's settings, read and checked."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from gardener_core.errors import BadInput


def setting(default: Any, effect: str) -> Any:
    """A setting with the sentence that tells what it does."""
    return field(default=default, metadata={"effect": effect})


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How searching works."""

    results: int = setting(10, "How many hits a search shows.")


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How an adapter is trained."""

    steps: int = setting(150, "Optimiser steps of a training run.")
    rank: int = setting(16, "Rank of the LoRA matrices.")
    alpha: int = setting(32, "LoRA scale; the update is multiplied by alpha / rank.")
    learning_rate: float = setting(0.0, "Peak learning rate; 0 chooses by the base's size.")
    sequence_tokens: int = setting(512, "Tokens of one training row.")
    rows_a_step: int = setting(4, "Rows of one optimiser step.")
    threads: int = setting(0, "Threads of a training run; 0 takes every core.")


@dataclass(frozen=True, slots=True)
class GrowingSettings:
    """How the built-in base model is grown."""

    steps: int = setting(
        260, "Optimiser steps that grow the seedling, about a minute on two cores."
    )


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How the screen looks."""

    theme: str = setting("night", "Name of the theme.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each has a default, so an empty file is a good file."""

    search: SearchSettings = field(default_factory=SearchSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    growing: GrowingSettings = field(default_factory=GrowingSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting: its value, where that comes from, and what it does."""

    key: str
    value: int | float | str
    source: str
    effect: str


def load_settings(path: Path) -> Settings:
    """Read the settings; every problem of the file is told at once."""
    return _checked(_read(path), path)


def explain(path: Path) -> list[Explained]:
    """Every setting with its value and source."""
    table = _read(path)
    settings = _checked(table, path)
    told = []
    for section in dataclasses.fields(Settings):
        values = getattr(settings, section.name)
        for item in dataclasses.fields(values):
            written = item.name in table.get(section.name, {})
            told.append(
                Explained(
                    key=f"{section.name}.{item.name}",
                    value=getattr(values, item.name),
                    source=str(path) if written else "default",
                    effect=item.metadata["effect"],
                )
            )
    return told


def parse_value(key: str, text: str) -> int | float | str:
    """Turn what a person typed into the type that the setting has."""
    section, _, name = key.partition(".")
    kind = _types().get(section, {}).get(name)
    if kind is None:
        raise BadInput(f"There is no setting named {key}.", hint="Run: gardener config")
    try:
        return kind(text)  # type: ignore[no-any-return]
    except ValueError:
        raise BadInput(f"{key} takes {_SAID[kind]}, not {text!r}.", hint="") from None


_SAID = {int: "a whole number", float: "a number", str: "a text"}


def _types() -> dict[str, dict[str, type]]:
    sections = get_type_hints(Settings)
    return {section: get_type_hints(kind) for section, kind in sections.items()}


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadInput(
            f"{path} cannot be read: {problem}.", hint="Mend or move the file."
        ) from None


def _checked(table: Mapping[str, Any], path: Path) -> Settings:
    problems: list[str] = []
    sections: dict[str, Any] = {}
    known = _types()
    for section, values in table.items():
        if section not in known or not isinstance(values, dict):
            problems.append(f"{section} is not a section")
            continue
        sections[section] = _section(section, values, known[section], problems)
    if problems:
        raise BadInput(f"{path}: {'; '.join(problems)}.", hint="Run: gardener config")
    kinds = get_type_hints(Settings)
    return Settings(**{name: kinds[name](**values) for name, values in sections.items()})


def _section(
    section: str, values: Mapping[str, Any], known: Mapping[str, type], problems: list[str]
) -> dict[str, Any]:
    good: dict[str, Any] = {}
    for name, value in values.items():
        kind = known.get(name)
        if kind is None:
            problems.append(f"{section}.{name} is not a setting")
        elif kind is float and type(value) is int:
            good[name] = float(value)
        elif type(value) is not kind:
            problems.append(f"{section}.{name} takes {_SAID[kind]}, not {value!r}")
        elif isinstance(value, int | float) and value < 0:
            problems.append(f"{section}.{name} cannot be negative")
        else:
            good[name] = value
    return good
