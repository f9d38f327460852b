"""The settings' types, defaults and ranges."""

import dataclasses
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_type_hints

KEYS = "keys"
# Sections that a project may override; the others belong to the person.
OF_PROJECTS = ("search", "training")
CHOICES = {
    "models.engine": ("auto", "llama.cpp", "transformers"),
    "log.level": ("normal", "debug"),
    "screen.call_back": ("notification", "bell", "off"),
    "training.variant": ("lora", "rslora", "pissa", "olora", "dora"),
    "training.preset": ("custom", "sprout", "shrub", "tree"),
    "training.mix": ("mixed", "code"),
    "training.device": ("auto", "cpu", "cuda", "mps"),
    "search.pooling": ("auto", "mean", "cls", "last"),
}
# Lowest and highest value; a number without a range only must not be negative.
MOST_RESULTS = 1000
RANGES: Mapping[str, tuple[float, float]] = {
    "search.results": (1, MOST_RESULTS),
    "training.steps": (1, 1_000_000),
    "training.rank": (1, 1024),
    "training.alpha": (1, 4096),
    "training.learning_rate": (0, 1),
    "training.sequence_tokens": (16, 32_768),
    "training.rows_a_step": (1, 4096),
    "training.threads": (0, 1024),
    "training.seed": (0, 2**31 - 1),
    "training.probe_lines": (0, 16),
    "models.context": (256, 1_048_576),
    "models.memory_mb": (0, 10_000_000),
    "growing.steps": (1, 1_000_000),
    "runs.keep": (0, 1_000_000),
}
# Texts with a certain form, and how the form is described.
FORMS = {
    "search.embedder": (
        re.compile(r"static-1|ollama:\S+|gguf:[/~].*\.gguf|folder:[/~].*|nomic:(local|hosted)"),
        "static-1, ollama:MODEL, gguf:/FILE.gguf, folder:/FOLDER, nomic:local or nomic:hosted",
    )
}
Value = int | float | str | bool

_TYPE_NAMES = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}


def setting(default: Any, effect: str) -> Any:
    """A setting with a sentence about its effect."""
    return field(default=default, metadata={"effect": effect})


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How searching works."""

    results: int = setting(10, "How many hits a search shows.")
    embedder: str = setting(
        "static-1",
        "What finds by meaning; index runs change to it. "
        "gardener index N --embedder E tells first what that costs.",
    )
    query_prefix: str = setting(
        "auto", "What a model embedder reads before a question. auto takes what it was made with."
    )
    document_prefix: str = setting(
        "auto", "What a model embedder reads before code. auto takes what it was made with."
    )
    pooling: str = setting("auto", "How a model embedder's states become one vector.")
    code_may_leave: bool = setting(False, "Lets an embedder elsewhere have code and questions.")


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How an adapter is trained."""

    preset: str = setting(
        "custom", "The dial: sprout (25 steps), shrub (250), tree (2,500); custom takes steps."
    )
    steps: int = setting(60, "Optimiser steps of a training run whose preset is custom.")
    variant: str = setting(
        "lora",
        "lora; rslora (a larger step at high ranks, and forgets more); pissa or olora (begin with "
        "the base's own largest parts: seconds to minutes more at the start, an adapter of twice "
        "the size). Once the rate is tuned they end within 1-2 % of each other. dora cannot be "
        "served here.",
    )
    rank: int = setting(16, "Rank of the LoRA matrices.")
    alpha: int = setting(32, "LoRA scale; the update is multiplied by alpha / rank.")
    learning_rate: float = setting(0.0, "Peak learning rate; 0 chooses by the base's size.")
    sequence_tokens: int = setting(512, "Tokens of one training row.")
    rows_a_step: int = setting(4, "Rows of one optimiser step.")
    threads: int = setting(0, "Threads of a training run; 0 takes every core.")
    device: str = setting(
        "auto",
        "What a run computes on: auto takes a GPU where one has room, else the CPU, and says why; "
        "cpu, cuda and mps insist.",
    )
    mix: str = setting(
        "mixed",
        "What a run reads: mixed (half code, the rest questions with cited answers, docs and a "
        "tenth of foreign code against forgetting) or code alone.",
    )
    by_itself: bool = setting(
        False,
        "Whether a training starts by itself while a screen is open: of a project without an "
        "adapter once it is indexed, and an update where a tenth of what an adapter learned has "
        "changed, 10 files or 20 commits. Only on an idle machine; gardener doctor says why not.",
    )
    probe_lines: int = setting(
        4,
        "Lines of held-out files that a run completes at some of its checkpoints, to be looked at; "
        "0 for none. Their time is in the forecast.",
    )
    seed: int = setting(0, "Draws the order of rows and the first weights; the same one repeats.")


@dataclass(frozen=True, slots=True)
class ModelsSettings:
    """How base models are fetched and served."""

    starter: bool = setting(
        True, "Whether the first screen gets the starter model (98 MB), once, and says so."
    )
    base: str = setting(
        "",
        "The base of projects that have none: a model here, or ollama:NAME to complete only. "
        "Empty: the largest that this machine trains in minutes.",
    )
    context: int = setting(4096, "Tokens that a served base reads at most; more takes memory.")
    engine: str = setting(
        "auto",
        "What answers: auto (whichever is expected to be faster), llama.cpp or transformers.",
    )
    explain: bool = setting(
        True, "Lets a project's base explain the card where its measured record allows it."
    )
    read_ahead: bool = setting(
        True, "Reads the prompt of a question while it is written; never on battery or under load."
    )
    guess_next: bool = setting(
        True,
        "Loads beforehand what the project needs that you probably go to next, where memory is "
        "plenty; never on battery or under load.",
    )
    beside_base: bool = setting(
        False,
        "Lets gardener deploy give Ollama servers from 0.30 to 0.34.0 the base and the adapter "
        "beside it; all others, and these without it, get the merged model.",
    )
    memory_mb: int = setting(
        0, "Memory that all loaded bases may take, in MB; 0 takes six tenths of what is free."
    )


@dataclass(frozen=True, slots=True)
class GrowingSettings:
    """How the built-in base model is grown."""

    steps: int = setting(
        260, "Steps that grow the seedling, about a minute. Measured on two cores."
    )


@dataclass(frozen=True, slots=True)
class RunsSettings:
    """How long runs are kept."""

    keep: int = setting(50, "Ended runs of a project that are kept; 0 keeps all.")
    end_command: str = setting(
        "",
        "Started when a run of over 20 seconds ends, with the run's id and its state (finished, "
        "failed, stopped) as arguments; without a shell.",
    )


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Alarms while a run trains; each fires once in a run and is kept in it."""

    nan: bool = setting(True, "Alert where a loss or a gradient is not a finite number.")
    plateau_steps: int = setting(
        0, "Alert where the smoothed loss was no lower for so many steps; 0 never."
    )
    held_out_rises: int = setting(
        2, "Alert where bits per byte held out rose so many times in a row; 0 never."
    )
    disk_mb: int = setting(1000, "Alert where less of the disk is free, in MB; 0 never.")
    memory_mb: int = setting(500, "Alert where less memory is available, in MB; 0 never.")
    command: str = setting(
        "",
        "Started at each alert, with the run's id, the rule (nan, plateau, held-out, disk, memory) "
        "and a sentence as arguments; without a shell.",
    )


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How the screen looks."""

    theme: str = setting("night", "Name of the theme.")
    mouse: bool = setting(True, "Whether the screen listens to the mouse.")
    motion: bool = setting(True, "Whether anything on the screen moves by itself.")
    call_back: str = setting(
        "notification",
        "When a run of over 20 seconds ends: bell rings, notification also tells the terminal "
        "(OSC 9), off does neither.",
    )


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What the program logs."""

    level: str = setting("normal", "What is logged; debug adds details, even code.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each has a default, so an empty file is valid.

    `keys` maps ids of the screen's actions to other keys.
    """

    search: SearchSettings = field(default_factory=SearchSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    models: ModelsSettings = field(default_factory=ModelsSettings)
    growing: GrowingSettings = field(default_factory=GrowingSettings)
    runs: RunsSettings = field(default_factory=RunsSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    log: LogSettings = field(default_factory=LogSettings)
    keys: Mapping[str, str] = field(default_factory=dict)


def value_problem(key: str, kind: type, value: Any) -> str:
    """What is wrong with a value; empty if it is valid."""
    if type(value) is not kind:
        return f"{key} takes {_TYPE_NAMES[kind]}, not {value!r}"
    lowest, highest = RANGES.get(key, (0, sys.float_info.max))
    if isinstance(value, int | float) and not lowest <= value <= highest:
        return f"{key} takes {_TYPE_NAMES[kind]} from {lowest:g} to {highest:g}, not {value}"
    if key in CHOICES and value not in CHOICES[key]:
        return f"{key} is one of {', '.join(CHOICES[key])}, not {value!r}"
    if key in FORMS and not FORMS[key][0].fullmatch(str(value)):
        return f"{key} is {FORMS[key][1]}, not {value!r}"
    return ""


def type_of(key: str) -> type | None:
    """The type of a setting; None if there is no such setting."""
    section, _, name = key.partition(".")
    if section == KEYS and name:
        return str
    return section_types().get(section, {}).get(name)


def section_types() -> dict[str, dict[str, type]]:
    """The types of all settings, by section and name."""
    sections = get_type_hints(Settings)
    return {
        section: get_type_hints(kind)
        for section, kind in sections.items()
        if dataclasses.is_dataclass(kind)
    }
