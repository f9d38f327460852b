"""BLEU-4 and CodeBLEU of short pieces of code."""

import keyword
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from gardener_core.code.parsing.queries import syntax_root

LONGEST_GRAM = 4
OTHER_WEIGHT = 0.2  # of a word that is no keyword, as in the paper
_TOKEN = re.compile(r"\w+|[^\w\s]")
_JAVASCRIPT = frozenset({
    "async", "await", "break", "case", "catch", "class", "const", "continue", "debugger",
    "default", "delete", "do", "else", "export", "extends", "false", "finally", "for",
    "function", "if", "import", "in", "instanceof", "let", "new", "null", "of", "return",
    "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var",
    "void", "while", "yield",
})  # fmt: skip
_KEYWORDS = {
    "python": frozenset(keyword.kwlist),
    "javascript": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "tsx": _JAVASCRIPT,
}
_ASSIGNS = frozenset(
    {"assignment", "augmented_assignment", "named_expression", "variable_declarator",
     "assignment_expression", "augmented_assignment_expression", "for_statement"}
)  # fmt: skip
_SIDES = (("left", "right"), ("name", "value"))


def bleu_4(found: str, expected: str) -> float:
    """The geometric mean of the shares of common runs of one to four tokens, short texts less."""
    return _bleu(_TOKEN.findall(found), _TOKEN.findall(expected), {})


def code_bleu(language: str, found: str, expected: str) -> float | None:
    """The mean of BLEU-4, the same with keywords weighted, common subtrees and common data flow.

    What the expected code has none of is left out of the mean. None for a language that is not
    counted.
    """
    if language not in _KEYWORDS:
        return None
    one, other = _TOKEN.findall(found), _TOKEN.findall(expected)
    weights = dict.fromkeys(_KEYWORDS[language], 1.0)
    trees = [syntax_root(language, _dedented(text).encode()) for text in (found, expected)]
    if trees[0] is None or trees[1] is None:
        return None
    parts = [
        _bleu(one, other, {}),
        _bleu(one, other, weights),
        _common(_subtrees(trees[0]), _subtrees(trees[1])),
        _common(_flows(trees[0]), _flows(trees[1])),
    ]
    known = [part for part in parts if part is not None]
    return round(sum(known) / len(known), 4)


def _bleu(found: Sequence[str], expected: Sequence[str], weights: dict[str, float]) -> float:
    if not found or not expected:
        return 0.0
    logs = 0.0
    for length in range(1, LONGEST_GRAM + 1):
        common = whole = 0.0
        wanted = Counter(_grams(expected, length))
        for gram, count in Counter(_grams(found, length)).items():
            weight = weights.get(gram[0], OTHER_WEIGHT) if weights and length == 1 else 1.0
            common += weight * min(count, wanted[gram])
            whole += weight * count
        smooth = 0.0 if length == 1 else 1.0  # a short text has few long runs
        if common + smooth == 0 or whole + smooth == 0:
            return 0.0
        logs += math.log((common + smooth) / (whole + smooth))
    short = min(0.0, 1 - len(expected) / len(found))
    return round(math.exp(logs / LONGEST_GRAM + short), 4)


def _grams(tokens: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(tokens[at : at + length]) for at in range(len(tokens) - length + 1))


def _common(found: Counter[str], expected: Counter[str]) -> float | None:
    """The share of the expected ones that were found."""
    whole = expected.total()
    return (found & expected).total() / whole if whole else None


def _subtrees(root: Node) -> Counter[str]:
    """Every subtree by its shape; its words do not count."""
    shapes: Counter[str] = Counter()

    def shape(node: Node) -> str:
        children = [shape(child) for child in node.named_children]
        text = f"({node.type}{''.join(children)})"
        if children:
            shapes[text] += 1
        return text

    for child in root.named_children:
        shape(child)
    return shapes


def _flows(root: Node) -> Counter[str]:
    """From which variables each assigned one comes; variables are numbered as they appear."""
    numbers: dict[bytes, int] = {}

    def number(node: Node) -> int:
        return numbers.setdefault(node.text or b"", len(numbers))

    flows: Counter[str] = Counter()
    for node in _inside(root):
        if node.type not in _ASSIGNS:
            continue
        for left_name, right_name in _SIDES:
            left, right = node.child_by_field_name(left_name), node.child_by_field_name(right_name)
            if left is None or right is None:
                continue
            sources = [number(word) for word in _words(right)]
            for target in _words(left):
                for source in sources or [-1]:
                    flows[f"{number(target)} from {source}"] += 1
    return flows


def _words(node: Node) -> list[Node]:
    return [one for one in _inside(node) if one.type == "identifier"]


def _inside(root: Node) -> Iterator[Node]:
    open_nodes = [root]
    while open_nodes:
        node = open_nodes.pop()
        yield node
        open_nodes += reversed(node.named_children)


def _dedented(text: str) -> str:
    """Code that begins at the left: the first line has lost its indent already."""
    first, *rest = text.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in rest if line.strip()]
    least = min(indents, default=0)
    return "\n".join([first, *(line[least:] for line in rest)])
