"""Check rows before they are kept."""

import hashlib
from dataclasses import replace
from typing import Literal

from gardener_core.models.chat_template import ChatTurn
from gardener_core.training.data.kept.report import Tally
from gardener_core.training.data.kept.row import DataRow, Segment
from gardener_core.training.data.makers.forms import BaseForm
from gardener_core.training.data.near_copies import NearCopies

FEWEST_LEARNED = 4


class Validator:
    """Turns rows into tokens; those that are too long, empty, repeated or leaked are left out."""

    def __init__(self, form: BaseForm, most: int, copies: NearCopies) -> None:
        self.tally = Tally("validate", "rows")
        self._form = form
        self._most = most
        self._copies = copies
        self._seen: set[bytes] = set()

    def encoded(self, row: DataRow) -> tuple[DataRow, list[int]] | None:
        """The row with its tokens, and their ids."""
        parts = self._parts(row)
        if parts is None:
            self._drop("made for another base")
            return None
        segments, ids = self._form.encoded([part for part in parts if part.text])
        if len(ids) > self._most:
            if row.generator not in ("file", "foreign"):
                self._drop("longer than a sequence")
                return None
            segments, ids, cut = self._cut(segments, ids)
            row = replace(row, cut=cut)
        row = replace(row, segments=segments)
        if row.learned < FEWEST_LEARNED:
            self._drop("nothing to learn")
            return None
        key = hashlib.blake2b(row.text.encode(), digest_size=16).digest()
        if key in self._seen:
            self._drop("repeated")
            return None
        self._seen.add(key)
        if any(self._copies.holds(part.text) for part in segments if not part.special):
            self._drop("copy of held-out code")
            return None
        self.tally.keep()
        return row, ids

    def _parts(self, row: DataRow) -> tuple[Segment, ...] | None:
        """The segments of a row; those of an imported conversation in the form of this base."""
        known = all(self._form.has(part.text) for part in row.segments if part.special)
        if row.segments and known:
            return row.segments
        if not row.turns or not self._form.has_chat:
            return None
        return self._form.chat([ChatTurn(_role(role), said) for role, said in row.turns])

    def _cut(
        self, segments: tuple[Segment, ...], ids: list[int]
    ) -> tuple[tuple[Segment, ...], list[int], int]:
        """The beginning of a row that fits, and how many tokens it lost."""
        kept, room = [], self._most
        for part in segments:
            ends = part.ends[:room]
            room -= len(ends)
            if ends:
                kept.append(replace(part, text=part.text[: ends[-1]], ends=ends))
        return tuple(kept), ids[: self._most], len(ids) - self._most

    def _drop(self, reason: str) -> None:
        self.tally.drop(reason)


def _role(name: str) -> Literal["system", "user", "assistant"]:
    match name:
        case "system" | "user" | "assistant":
            return name
        case _:
            return "user"
