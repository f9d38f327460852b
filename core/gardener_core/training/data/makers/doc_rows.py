"""Rows from docs to code, and from code to docs."""

from collections.abc import Iterator

from gardener_core.code.docs.documented import code_without_doc, documented
from gardener_core.code.docs.documented_item import Documented
from gardener_core.code.docs.sentences import FEWEST_WORDS, first_sentence
from gardener_core.models.chat_template import ChatTurn
from gardener_core.training.data.cleaning import CleanFile
from gardener_core.training.data.kept.row import DataRow, Origin, Segment
from gardener_core.training.data.makers.forms import BaseForm

_OPENS = (b":", b"{")
_ASKED = "Write the documentation of this code.\n\n"


def doc_to_code_rows(file: CleanFile, form: BaseForm, commit: str) -> Iterator[DataRow]:
    """Documented functions as they stand: doc and signature are read, the rest is learned."""
    raw = file.text.encode()
    for item in informative_docs(file):
        end = item.cut[1] if item.cut else 0
        body = max(_after_signature(raw, item), end)
        read, learned = raw[begin(item) : body].decode(), raw[body : item.end].decode()
        if learned.strip():
            segments = (*form.header(file.path), Segment(read, False), Segment(learned, True))
            origin = _origin(file, raw, item, commit)
            yield DataRow("docs", "doc_to_code", origin, (*segments, *form.end()))


def code_to_doc_rows(file: CleanFile, form: BaseForm, commit: str) -> Iterator[DataRow]:
    """The doc of a function, filled in where it stands, or else asked for."""
    raw = file.text.encode()
    for item in informative_docs(file):
        start, end = item.cut or (0, 0)
        origin = _origin(file, raw, item, commit)
        if form.fills_in:
            before = raw[begin(item) : start].decode()
            head = (Segment(before, False),)
            after = raw[end : item.end].decode()
            segments = form.hole(head, after, raw[start:end].decode())
            yield DataRow("docs", "code_to_doc", origin, segments)
        elif form.has_chat:
            asked = ChatTurn("user", _ASKED + code_without_doc(raw, item))
            turns = (asked, ChatTurn("assistant", item.doc))
            shown = tuple((turn.role, turn.content) for turn in turns)
            yield DataRow("docs", "code_to_doc", origin, form.chat(turns), turns=shown)


def informative_docs(file: CleanFile) -> Iterator[Documented]:
    """The functions of a file that are learned and whose doc says something."""
    raw = file.text.encode()
    is_plain = len(raw) == len(file.text)
    for item in documented(file.path, raw):
        if not item.is_function or item.cut is None or not item.doc:
            continue
        start = begin(item)
        first = start if is_plain else len(raw[:start].decode("utf-8", "ignore"))
        last = item.end if is_plain else len(raw[: item.end].decode("utf-8", "ignore"))
        words = first_sentence(item.doc, item.name).split()
        if item.cut[1] <= item.end and file.learns(first, last) and len(words) >= FEWEST_WORDS:
            yield item


def begin(item: Documented) -> int:
    """The byte at which a function begins, with the comment above it."""
    return min(item.start, item.cut[0]) if item.cut else item.start


def _after_signature(raw: bytes, item: Documented) -> int:
    """Where the body begins: after the line that opens it."""
    at = item.cut[1] if item.cut and item.cut[0] == item.start else item.start
    for line in raw[at : item.end].splitlines(keepends=True):
        at += len(line)
        if line.rstrip().endswith(_OPENS):
            return at
    return item.start


def _origin(file: CleanFile, raw: bytes, item: Documented, commit: str) -> Origin:
    first = raw.count(b"\n", 0, begin(item)) + 1
    last = raw.count(b"\n", 0, max(item.start, item.end - 1)) + 1
    return Origin(file.path, first, last, item.symbol, commit)
