"""Measure whether invented names are noticed."""

import random
import re
from collections.abc import Iterator, Sequence

from gardener_core.answers.explain.library_names import libraries_of, library_names
from gardener_core.answers.requests import CheckNamesRequest
from gardener_core.code.files.listing import read_sources
from gardener_core.code.languages.table import language_of
from gardener_core.code.roles import role_of
from gardener_core.engine.client import Engine
from gardener_core.events.answer import NamesChecked
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.facts import Symbol
from gardener_core.upkeep.bench_project import Result

MOST_NAMES = 200
SEED = 7
MOST_TOLD = 10
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# What a model gives to a class that has nothing of the kind.
_VERBS = (
    "run", "connect", "refresh", "serialize_all", "load_from_disk", "warm_up", "commitChanges",
    "render_async", "teardown", "dispatchAll", "validateAll", "rollback",
)  # fmt: skip
_OF_LIBRARIES = {
    "python": "os.path.join isinstance() ValueError shutil.copy() pathlib.Path json.loads() "
    "functools.partial sys.stdout contextlib.suppress() dict.get() str.strip() re.compile() "
    "collections.OrderedDict KeyError typing.Optional logging.getLogger() super() __init__",
    "javascript": "JSON.parse() Promise.all() Array.isArray() process.env fs.readFileSync() "
    "Object.keys() console.log() Map.prototype path.join() setTimeout() Math.max() TypeError",
}


def bench_names(engine: Engine, catalog: Catalog, project: Project) -> Iterator[Result | str]:
    """Let right and invented names be checked, in the forms in which a model says them."""
    symbols = [
        item
        for kind in ("function", "method", "class", "interface")
        for item in catalog.symbols.of_kind(kind)
        if role_of(item.path) == "code" and libraries_of([language_of(item.path)])
    ]
    if not symbols:
        return
    dice = random.Random(SEED)
    languages = tuple(sorted({language_of(item.path) for item in symbols}))
    libraries = sorted(libraries_of(languages) or ())
    known = {word for _, text in read_sources(project.path) for word in _WORD.findall(text)}
    known |= {name for library in libraries for name in library_names(library)}
    right = [name for each in libraries for name in _OF_LIBRARIES[each].split()]
    right += _right(catalog, symbols, dice)
    invented = _invented(symbols, known, dice)
    for title, names in (("invented names marked", invented), ("right names marked", right)):
        text = "\n".join(f"It is `{name}` here." for name in names)
        request = CheckNamesRequest(project.id, text, languages)
        unknown = set(engine.result(request, NamesChecked).unknown)
        marked = [name for name in names if name.removesuffix("()") in unknown]
        share = round(len(marked) / len(names), 4) if names else 0.0
        yield Result(title, share, "share", len(names), share, share)
        wrong = [name for name in names if (name in marked) == (names is right)]
        for name in wrong[:MOST_TOLD]:
            yield f"{name}: {'marked, and is right' if names is right else 'not noticed'}"


def _right(catalog: Catalog, symbols: Sequence[Symbol], dice: random.Random) -> list[str]:
    """Names of the project as they are told: with their class, their module, or called."""
    found = []
    for item in dice.sample(list(symbols), min(MOST_NAMES, len(symbols))):
        module = item.path.rpartition("/")[2].partition(".")[0]
        is_class = item.kind in ("class", "interface")
        top = f"{module}.{item.symbol}" if module.isidentifier() else item.symbol
        forms = [item.symbol, top, item.name if is_class else f"{item.name}()"]
        found.append(dice.choice(forms))
    for path, symbol, base_path, base in catalog.sources.base_links()[:MOST_NAMES]:
        members = [
            each.name
            for each in catalog.symbols.of_file(base_path)
            if each.symbol == f"{base}.{each.name}" and each.kind == "method"
        ]
        if members and role_of(path) == "code":
            found.append(f"{symbol}.{dice.choice(members)}()")
    return list(dict.fromkeys(name for name in found if "#" not in name))


def _invented(symbols: Sequence[Symbol], known: set[str], dice: random.Random) -> list[str]:
    """Names put together of parts of real ones, and members that a class does not have."""
    classes = [item.symbol for item in symbols if item.kind == "class"] or [symbols[0].symbol]
    found: list[str] = []
    for _ in range(MOST_NAMES * 3):
        one, other = dice.choice(symbols).name, dice.choice(symbols).name
        first, last = _PARTS.findall(one), _PARTS.findall(other)
        if not first or not last:
            continue
        parts = [*first[: max(1, len(first) - 1)], last[-1]]
        snake = "_".join(part.lower() for part in parts)
        camel = "".join(part.capitalize() for part in parts)
        verb = dice.choice([each for each in _VERBS if each not in known] or ["warm_up"])
        owner = dice.choice(classes)
        forms = [f"{snake}()", camel, f"{owner}.{snake}()", f"{owner}.{verb}()", snake]
        name = dice.choice(forms)
        last_part = name.removesuffix("()").rpartition(".")[2]
        if last_part not in known and len(parts) > 1:
            found.append(name)
    return list(dict.fromkeys(found))[:MOST_NAMES]
