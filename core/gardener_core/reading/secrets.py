"""Find secrets, and keep them out of everything."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

ALLOWED_FILE = ".gardenersecrets"
HIDDEN = "[secret]"
NEVER = (
    ".env",
    ".env.*",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".htpasswd",
    "credentials",
    "credentials.json",
    "kubeconfig",
)
# Shapes that providers give their keys: a marker that is cheap to look for, then the shape. A
# shape begins with its letters and not with \b, which would make the search ten times slower.
_SHAPES = (
    ("aws", "AKIA", r"AKIA[0-9A-Z]{16}\b"),
    ("aws", "ASIA", r"ASIA[0-9A-Z]{16}\b"),
    ("github", "ghp_", r"ghp_[A-Za-z0-9]{36,}"),
    ("github", "gho_", r"gho_[A-Za-z0-9]{36,}"),
    ("github", "ghu_", r"ghu_[A-Za-z0-9]{36,}"),
    ("github", "ghs_", r"ghs_[A-Za-z0-9]{36,}"),
    ("github", "ghr_", r"ghr_[A-Za-z0-9]{36,}"),
    ("github", "github_pat_", r"github_pat_[A-Za-z0-9_]{60,}"),
    ("gitlab", "glpat-", r"glpat-[A-Za-z0-9_-]{20,}"),
    ("openai-like", "sk-", r"sk-(?:proj-|svcacct-|ant-|or-)?[A-Za-z0-9_-]{32,}"),
    ("huggingface", "hf_", r"hf_[A-Za-z0-9]{30,}"),
    ("slack", "xox", r"xox[abeprs]-[A-Za-z0-9-]{20,}"),
    ("slack", "hooks.slack.com", r"hooks\.slack\.com/services/[A-Za-z0-9/]{30,}"),
    ("google", "AIza", r"AIza[0-9A-Za-z_-]{35}"),
    ("google", "ya29.", r"ya29\.[0-9A-Za-z_-]{30,}"),
    ("google", "GOCSPX-", r"GOCSPX-[0-9A-Za-z_-]{24,}"),
    ("jwt", "eyJ", r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("npm", "npm_", r"npm_[A-Za-z0-9]{36}"),
    ("pypi", "pypi-", r"pypi-[A-Za-z0-9_-]{60,}"),
    ("stripe", "k_live_", r"[srp]k_live_[A-Za-z0-9]{20,}"),
    ("stripe", "k_test_", r"[srp]k_test_[A-Za-z0-9]{20,}"),
    ("stripe", "whsec_", r"whsec_[A-Za-z0-9]{24,}"),
    ("sendgrid", "SG.", r"SG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}"),
    ("twilio", "SK", r"SK[0-9a-f]{32}\b"),
    ("twilio", "AC", r"AC[0-9a-f]{32}\b"),
    ("digitalocean", "_v1_", r"do[opr]_v1_[a-f0-9]{60,}"),
    ("shopify", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    ("telegram", ":AA", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    ("mailgun", "key-", r"key-[0-9a-f]{32}\b"),
    ("databricks", "dapi", r"dapi[0-9a-f]{32}\b"),
    ("age", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}"),
    ("azure", "AccountKey=", r"(?<=AccountKey=)[A-Za-z0-9+/=]{60,}"),
)
_SHAPE_RULES = [(rule, marker, re.compile(shape)) for rule, marker, shape in _SHAPES]
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.S,
)
# Both begin with letters that are cheap to look for; what stands before them is looked at after.
_URL = re.compile(r"://[^\s:/@'\"<>{}$]*:(?!//)(?P<v>[^\s:/@'\"<>{}$]{5,})@")
_SCHEME_ENDS = re.compile(r"[a-z0-9+.-]")
_HEADER = re.compile(
    r"(?:Basic|basic|BASIC|Bearer|bearer|BEARER|Token|token|TOKEN)\s+"
    r"(?P<v>[A-Za-z0-9+/=._-]{20,})"
)
_ASSIGNED = re.compile(
    r"""(?:=>|[:=])\s*(?:(?P<q>["'`])(?P<v>[^"'`\s,;(){}<>$]{8,})|(?P<w>[^"'`\s,;(){}<>$]{20,}))"""
)
_KEY_BEFORE = re.compile(
    r"""(?i)(?:api_?key|secret|passwd|password|passphrase|(?<![a-z])pwd|(?<![a-z])pass|token
    |access_?key|auth_?key|account_?key|signing_?key|encryption_?key|credential|private_?key)
    [\w.-]*["'\])]*\s*:?\s*$""".replace("\n    ", "")
)
LONGEST_KEY = 60
_LONG = re.compile(r"""["'`](?P<v>[A-Za-z0-9+/_=-]{40,})["'`]""")
_HEX = re.compile(r"^[0-9a-f-]+$", re.I)
_SAID_TO_BE_NONE = re.compile(
    r"example|sample|placeholder|changeme|change_me|xxxx|your[_-]|dummy|redacted|\*\*\*|\.\.\.",
    re.I,
)
_CODE_NOT_VALUE = re.compile(
    r"^(https?:|\$|%|\.|/|0x)|\w\.\w+\.|[\[\]]|self\.|os\.|->|::|^[a-z_]+\.[a-z_]+", re.I
)
_PLAIN_PASSWORD = re.compile(r"^(pass(word)?|secret|user|admin|root|test|\*+|x+)\d{0,3}$", re.I)


@dataclass(frozen=True, slots=True)
class Secret:
    """Characters that must not be kept; the line is 1-based."""

    rule: str
    line: int
    start: int
    end: int


def holds_secrets(path: str) -> bool:
    """Whether the name alone says that the file must not be indexed or trained on."""
    name = PurePosixPath(path).name.lower()
    return any(fnmatchcase(name, pattern) for pattern in NEVER)


def find_secrets(text: str) -> list[Secret]:
    """Every secret of a text, in order, none inside another."""
    found: list[Secret] = []
    end = 0
    for rule, first, last in sorted(_candidates(text), key=lambda item: (item[1], -item[2])):
        if first >= end:
            found.append(Secret(rule, text.count("\n", 0, first) + 1, first, last))
            end = last
    return found


def hide(text: str, secrets: Sequence[Secret]) -> str:
    """Put `[secret]` in their places; the lines stay where they are."""
    parts, at = [], 0
    for secret in secrets:
        lines = text.count("\n", secret.start, secret.end)
        parts += [text[at : secret.start], HIDDEN, f"\n{HIDDEN}" * lines]
        at = secret.end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True, slots=True)
class Allowed:
    """False alarms that the user let pass: lines of a path pattern and a rule, or `*`."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of_project(cls, root: Path) -> "Allowed":
        """Read the file beside .gardenerignore, where there is one."""
        try:
            lines = (root / ALLOWED_FILE).read_text("utf-8", "replace").splitlines()
        except OSError:
            return cls(())
        told = [line.split() for line in lines if line.strip() and not line.startswith("#")]
        return cls(tuple((words[0], words[1] if len(words) > 1 else "*") for words in told))

    def keep(self, path: str, secrets: Sequence[Secret]) -> list[Secret]:
        """The secrets of a file that are to be hidden all the same."""
        rules = [rule for pattern, rule in self.pairs if fnmatchcase(path, pattern)]
        return [item for item in secrets if not {"*", item.rule} & set(rules)]


def _candidates(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _PRIVATE_KEY.finditer(text):
        yield "private-key", *match.span()
    for rule, marker, shape in _SHAPE_RULES:
        if marker in text:
            for match in shape.finditer(text):
                inside_a_word = text[max(0, match.start() - 1) : match.start()].isalnum()
                if not inside_a_word and not _SAID_TO_BE_NONE.search(match[0]):
                    yield rule, *match.span()
    for match in _URL.finditer(text):
        has_scheme = _SCHEME_ENDS.fullmatch(text[max(0, match.start() - 1) : match.start()])
        if (
            has_scheme
            and not _PLAIN_PASSWORD.match(match["v"])
            and not _SAID_TO_BE_NONE.search(match["v"])
        ):
            yield "url-password", *match.span("v")
    for match in _HEADER.finditer(text):
        inside_a_word = text[max(0, match.start() - 1) : match.start()].isidentifier()
        if not inside_a_word and _bits(match["v"]) >= 3.6 and re.search(r"\d", match["v"]):
            yield "header", *match.span("v")
    for match in _ASSIGNED.finditer(text):
        value = "v" if match["q"] else "w"
        if _looks_assigned(match[value]) and _is_key_before(text, match.start()):
            yield "assigned", *match.span(value)
    for match in _LONG.finditer(text):
        if _looks_random(match["v"]):
            yield "random", *match.span("v")


def _looks_assigned(value: str) -> bool:
    if _CODE_NOT_VALUE.search(value) or _SAID_TO_BE_NONE.search(value):
        return False
    mixed = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
    return bool(mixed) and _bits(value) >= 3.0


def _is_key_before(text: str, at: int) -> bool:
    return _KEY_BEFORE.search(text[max(0, at - LONGEST_KEY) : at]) is not None


def _looks_random(value: str) -> bool:
    if _HEX.match(value) or re.search(r"sha\d|/[a-z]+/", value):
        return False
    classes = [re.search(kind, value) for kind in (r"[a-z]", r"[A-Z]", r"\d")]
    return all(classes) and _bits(value) > 4.7


def _bits(value: str) -> float:
    """Entropy a character."""
    counts, size = Counter(value).values(), len(value)
    return -sum(count / size * math.log2(count / size) for count in counts)
