"""The keys in force, and their hints."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from textual.app import App
from textual.binding import Binding, BindingType
from textual.keys import Keys

from gardener_tui.keys import ANYWHERE, CARD, KEYS, PANES, Key

# What the footer shows in a place, most needed first; at most seven.
HINTS: Mapping[str, tuple[str, ...]] = {
    "welcome": ("help", "detach", "project.add", "welcome.models", "theme", "palette"),
    "projects": (
        "help", "detach", "projects.open", "project.add", "run.train", "search", "project.index",
    ),
    "training": (
        "help", "detach", "run.train", "run.pause", "run.stop", "run.list", "run.log",
    ),
    "context": (
        "help", "detach", "search", "context.why", "context.around", "context.open", "context.pin",
    ),
    "chat": (
        "help", "detach", "chat.write", "chat.again", "chat.edit", "chat.copy", "chat.left",
    ),
    "prompt": (
        "prompt.send", "prompt.leave", "prompt.newline", "prompt.older", "prompt.editor", "cancel",
    ),
    "query": ("query.send", "query.leave", "query.down", "jump", "palette"),
    "filter": ("filter.send", "filter.leave", "filter.down", "jump", "palette"),
    "plan": ("plan.start", "plan.more", "plan.base", "plan.update", "plan.leave"),
    "add": ("add.send", "add.fill", "add.leave"),
    "name": ("name.send", "name.leave"),
    "list": ("list.send", "list.down", "list.up", "list.leave"),
    "models": ("list.send", "list.down", "models.verify", "models.remove", "list.leave"),
    "versions": (
        "list.send", "versions.name", "versions.note", "versions.archive", "versions.remove",
        "versions.deploy", "list.leave",
    ),
    "exports": ("list.send", "list.down", "exports.measure", "list.leave"),
    "deployed": ("list.send", "deployed.back", "deployed.remove", "list.leave"),
    "short": ("list.send", "list.down", "short.edit", "short.delete", "list.leave"),
    "log": ("log.level", "log.down", "log.up", "log.leave"),
    "report": ("report.down", "report.up", "report.leave"),
    "jump": ("jump.leave",),
    "sides": ("sides.down", "sides.up", "sides.leave"),
    "beside": (
        "beside.turn", "beside.down", "beside.older", "beside.newer", "beside.swap", "beside.vote",
        "beside.leave",
    ),
    "vote": (
        "vote.left", "vote.right", "vote.same", "vote.skip", "vote.turn", "vote.leave",
    ),
    "rows": (
        "rows.turn", "rows.down", "rows.share", "rows.prepare", "rows.reject", "rows.leave",
    ),
    "worth": (
        "worth.turn", "worth.down", "worth.measure", "worth.older", "worth.leave",
    ),
    "reason": ("reason.send", "reason.leave"),
    "confirm": ("confirm.no", "confirm.yes", "confirm.turn", "confirm.choose"),
    "help": ("help.leave",),
}  # fmt: skip


class Keymap:
    """The keys, with the changes of the user."""

    def __init__(self, keys: tuple[Key, ...] = KEYS) -> None:
        self._keys = {item.id: item for item in keys}

    def key(self, key_id: str) -> Key:
        """The key with this id."""
        return self._keys[key_id]

    def keys_of(self, where: str) -> list[Key]:
        """The keys of one place."""
        return [item for item in self._keys.values() if item.where == where]

    def hints(self, where: str) -> list[Key]:
        """What the footer shows in a place."""
        return [self._keys[key_id] for key_id in HINTS.get(where, HINTS["projects"])]

    def changed(self, changes: Mapping[str, str]) -> tuple["Keymap", list[str]]:
        """Apply the user's changes; the second value is what is wrong with the rest."""
        problems: list[str] = []
        keys = dict(self._keys)
        for key_id, wanted in changes.items():
            problem = _fault(keys, key_id, wanted)
            if problem:
                problems.append(problem)
            else:
                keys[key_id] = replace(keys[key_id], keys=wanted)
        return Keymap(tuple(keys.values())), problems

    def differences(self) -> dict[str, str]:
        """The keys that differ from the built-in ones, as Textual takes them."""
        return {
            item.id: ",".join(item.names)
            for item in KEYS
            if item.keys != self._keys[item.id].keys
            for item in (self._keys[item.id],)
        }

    def table(self) -> str:
        """The keys of the four panes, as the README shows them: two keys a row."""
        rows = ["| key | does | key | does |", "|---|---|---|---|"]
        for where in (ANYWHERE, *PANES):
            cells = [_cells(item) for item in self.keys_of(where)]
            cells += [f"`{CARD[0]}` | {CARD[1]}"] if where == "chat" else []
            cells += [" |"] * (len(cells) % 2)
            rows.append(f"| **{where}** | | | |")
            pairs = zip(cells[::2], cells[1::2], strict=True)
            rows += [f"| {left} | {right} |" for left, right in pairs]
        return "\n".join(rows)


def _cells(item: Key) -> str:
    keys = " ".join(f"`{name}`" for name in item.all_shown.split(" "))
    return f"{keys} | {item.help}"


BUILT_IN = Keymap()


class KeyedApp(App[None]):
    """An app whose keys can differ from the built-in ones."""

    keys: Keymap = BUILT_IN


def of(app: App[Any]) -> Keymap:
    """The keys in force in an app."""
    return app.keys if isinstance(app, KeyedApp) else BUILT_IN


def bindings(where: str) -> list[BindingType]:
    """The keys of one place, as Textual binds them."""
    return [
        Binding(item.keys, item.action, item.label, show=False, id=item.id, priority=item.priority)
        for item in BUILT_IN.keys_of(where)
    ]


def _fault(keys: Mapping[str, Key], key_id: str, wanted: str) -> str:
    """What is wrong with a change, or ""."""
    if key_id not in keys:
        return f"there is no action {key_id}"
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    if not names:
        return f"{key_id} would have no key"
    unknown = [name for name in names if not _exists(name)]
    if unknown:
        return f"there is no key {unknown[0]} ({key_id})"
    where = keys[key_id].where
    for other in keys.values():
        if other.id != key_id and _overlap(where, other.where):
            both = set(names) & set(other.names)
            if both:
                return f"{sorted(both)[0]} would mean {key_id} and {other.id}"
    return ""


def _overlap(one: str, other: str) -> bool:
    """Whether the keys of two places are in force at the same time."""
    return one == other or (ANYWHERE in (one, other) and {one, other} <= {ANYWHERE, *PANES})


_KNOWN = frozenset(item.value for item in Keys) | frozenset(
    name for item in KEYS for name in item.names
)


def _exists(name: str) -> bool:
    last = name.removeprefix("ctrl+").removeprefix("alt+").removeprefix("shift+")
    return len(last) == 1 or name in _KNOWN or last in _KNOWN
