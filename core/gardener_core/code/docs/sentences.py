"""Take the first sentence out of a doc."""

import re

FEWEST_WORDS = 4
SHORTEST_CODE_CHARACTERS = 60
LONGEST_SENTENCE_CHARACTERS = 300
_END_OF_FIRST_PART = re.compile(
    r"\n\s*\n|\n\s*(?:@|:param|:type|:return|Args:|Parameters\n|Returns|Example|>>>|# )"
)
_SENTENCE = re.compile(r"(.+?[.!?])(\s|$)")
_LINK = re.compile(r"\{@\w+\s+([^}]*)\}")
_ROLE = re.compile(r":\w+:`([^`]*)`")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")


def first_sentence(doc: str, name: str) -> str:
    """A doc's first sentence, without markup and a leading name."""
    start = _END_OF_FIRST_PART.split(doc.replace("\r", "").strip())[0]
    if start.startswith("@"):
        return ""
    plain = _TAG.sub(" ", _ROLE.sub(r"\1", _LINK.sub(r"\1", start)))
    words = plain.replace("`", "").replace("*", "").split()
    found = _SENTENCE.match(" ".join(words))
    words = (found.group(1) if found else " ".join(words)).split()
    if words and words[0].strip("().,:").rpartition(".")[2] == name:
        words = words[1:]
    return " ".join(words)[:LONGEST_SENTENCE_CHARACTERS]


def is_informative(sentence: str) -> bool:
    """Whether a sentence is long enough to search for."""
    return sentence.isascii() and len(sentence.split()) >= FEWEST_WORDS
