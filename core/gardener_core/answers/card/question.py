"""Take a question apart."""

import re
from dataclasses import dataclass
from functools import cached_property

from gardener_core.events.answer import QuestionKind
from gardener_core.events.parts import CodeSpan
from gardener_core.search.terms import STOP_TERMS, terms_of_question, terms_of_text

# Words about code as such: rare in code, so their absence tells nothing.
_FRAME_WORDS = frozenset(
    terms_of_text(
        "code about function functions method methods class classes file files module modules "
        "project thing stuff work works working happen happens get gets set sets make makes "
        "made do done use used uses using calls call called caller callers deal deals dealing "
        "handle handles handled configure configured configuration change changed changes "
        "test test tests tested testing find look show list explain describe path way chain "
        "touch touches involved related concerned responsible locate located implementation "
        "implement implemented purpose overview part parts source sources everything all "
        "place places line run write exercise coverage cover covered verify recent recently "
        "history commit commits modified introduced added needs invoked invoke invokes "
        "anywhere usage usages reference references breaks break lead reach reaches end "
        "between walk return returns wrong sometimes turn off enable disable switch defined "
        "define definition live exactly default defaults stand tell please repo codebase "
        "actually last latest lately newest"
    )
)
_WORD = re.compile(
    r"`([^`]+)`|[A-Za-z_$][\w$]*(?:(?:\.|::|#|->)[A-Za-z_$][\w$]*)+|[A-Za-z_$][\w$]*"
)
_HUMP = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]|[A-Z][a-z]+[A-Z]")
_SEPARATORS = re.compile(r"::|#|->|/")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
FILE_SUFFIXES = [
    "py",
    "pyi",
    "js",
    "jsx",
    "mjs",
    "cjs",
    "ts",
    "tsx",
    "go",
    "rs",
    "java",
    "kt",
    "c",
    "h",
    "cc",
    "cpp",
    "cs",
    "rb",
    "php",
    "css",
    "html",
    "md",
    "rst",
    "txt",
    "json",
    "toml",
    "yaml",
    "yml",
    "cfg",
    "ini",
    "sh",
    "lock",
    "com",
    "org",
    "io",
    "net",
    "dev",
]
_ABBREVIATIONS = frozenset({"e.g", "i.e", "etc"})
SHORTEST_WORD = 4


@dataclass(frozen=True, slots=True)
class Name:
    """A word of a question that may name a symbol; some can be nothing else."""

    word: str
    is_code: bool

    @property
    def last(self) -> str:
        """The name without its owners."""
        return self.word.rpartition(".")[2]


@dataclass(frozen=True)
class Question:
    """A question with its kind; `about` is the symbol that was spoken of before and is meant."""

    text: str
    kind: QuestionKind
    about: CodeSpan | None = None

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The informative terms; frame words only where there is nothing else."""
        terms = tuple(dict.fromkeys(terms_of_question(self.text)))
        return tuple(term for term in terms if term not in _FRAME_WORDS) or terms

    @cached_property
    def has_content(self) -> bool:
        """Whether any word is more than a frame."""
        return any(term not in _FRAME_WORDS for term in self.terms)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The words that may name symbols, in order."""
        bare = not self.has_content  # then a word of the frame is what is asked for
        found = (_name(match, self.text, bare) for match in _WORD.finditer(self.text))
        return tuple(dict.fromkeys(name for name in found if name))

    @property
    def code_names(self) -> tuple[Name, ...]:
        """Those that can be nothing but names of code."""
        return tuple(name for name in self.names if name.is_code)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The informative words as they were written, longest forms only."""
        written = (match[0] for match in re.finditer(r"[A-Za-z_][\w]*", self.text))
        wanted = set(self.terms)
        return tuple(dict.fromkeys(word for word in written if set(terms_of_text(word)) & wanted))


def is_informative(word: str) -> bool:
    """Whether a word is more than a frame around what is asked."""
    return bool(set(terms_of_text(word)) - _FRAME_WORDS - STOP_TERMS)


def _name(match: re.Match[str], text: str, bare: bool) -> Name | None:
    quoted = match[1]
    word = _SEPARATORS.sub(".", (quoted or match[0]).strip().removesuffix("()")).strip(".")
    if not _NAME.fullmatch(word) or word.lower() in _ABBREVIATIONS:
        return None
    last = word.rpartition(".")[2]
    if "." in word and last.lower() in FILE_SUFFIXES:
        return None  # a file
    called = text[match.end() : match.end() + 2] == "()"
    # A trailing point ends a sentence, so only inner ones make a name.
    is_code = (
        bool(quoted)
        or called
        or "." in word
        or "_" in word.strip("_")
        or ("_" in word or bool(_HUMP.search(word)))
    )
    terms = set(terms_of_text(word))
    is_frame = terms <= _FRAME_WORDS and not bare
    if not is_code and (len(word) < SHORTEST_WORD or is_frame or terms <= STOP_TERMS):
        return None
    return Name(word, is_code)
