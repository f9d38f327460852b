"""Find secrets by their own format."""

import re
from collections.abc import Iterator

Candidate = tuple[str, int, int]
PLACEHOLDER = re.compile(
    r"example|sample|placeholder|changeme|change_me|xxxx|your[_-]|dummy|redacted|\*\*\*|\.\.\.",
    re.I,
)
# Formats of providers' keys: a marker that is cheap to search for, then the format. A format
# begins with its letters and not with \b, which would make the search ten times slower.
_SHAPES = (
    ("aws", "AKIA", r"AKIA[0-9A-Z]{16}\b"),
    ("aws", "ASIA", r"ASIA[0-9A-Z]{16}\b"),
    ("aws", "ABIA", r"ABIA[0-9A-Z]{16}\b"),
    ("alibaba", "LTAI", r"LTAI[0-9A-Za-z]{20}\b"),
    ("1password", "A3-", r"A3-[A-Z0-9]{6}-[A-Z0-9]{6}(?:-?[A-Z0-9]{5}){1,4}\b"),
    ("github", "ghp_", r"ghp_[A-Za-z0-9]{36,}"),
    ("github", "gho_", r"gho_[A-Za-z0-9]{36,}"),
    ("github", "ghu_", r"ghu_[A-Za-z0-9]{36,}"),
    ("github", "ghs_", r"ghs_[A-Za-z0-9]{36,}"),
    ("github", "ghr_", r"ghr_[A-Za-z0-9]{36,}"),
    ("github", "github_pat_", r"github_pat_[A-Za-z0-9_]{60,}"),
    ("gitlab", "glpat-", r"glpat-[A-Za-z0-9_-]{20,}"),
    ("gitlab", "gldt-", r"gldt-[A-Za-z0-9_-]{20,}"),
    ("gitlab", "glrt-", r"glrt-[A-Za-z0-9_-]{20,}"),
    ("gitlab", "GR1348941", r"GR1348941[A-Za-z0-9_-]{20,}"),
    ("openai-like", "sk-", r"sk-(?:proj-|svcacct-|ant-|or-)?[A-Za-z0-9_-]{32,}"),
    ("huggingface", "hf_", r"hf_[A-Za-z0-9]{30,}"),
    ("slack", "xox", r"xox[abeprs]-[A-Za-z0-9-]{20,}"),
    ("slack", "xapp-", r"xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{30,}"),
    ("slack", "hooks.slack.com", r"hooks\.slack\.com/[a-z]{8,9}/[A-Za-z0-9/]{30,}"),
    ("teams", "webhook.office.com", r"webhook\.office\.com/webhookb2/[A-Za-z0-9@/-]{60,}"),
    ("new-relic", "NR", r"NR(?:AK|II|JS|AL)-[A-Za-z0-9_-]{19,}"),
    ("mailchimp", "-us", r"[0-9a-f]{32}-us[0-9]{1,2}\b"),
    ("huggingface", "api_org_", r"api_org_[A-Za-z]{30,}"),
    ("google", "AIza", r"AIza[0-9A-Za-z_-]{35}"),
    ("google", "ya29.", r"ya29\.[0-9A-Za-z_-]{30,}"),
    ("google", "GOCSPX-", r"GOCSPX-[0-9A-Za-z_-]{24,}"),
    # The look-behind keeps a megabyte of eyJeyJ from being read once for each of them.
    (
        "jwt",
        "eyJ",
        r"eyJ(?<![A-Za-z0-9_-]eyJ)[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    ),
    ("npm", "npm_", r"npm_[A-Za-z0-9]{36}"),
    ("pypi", "pypi-", r"pypi-[A-Za-z0-9_-]{60,}"),
    ("stripe", "k_live_", r"[srp]k_live_[A-Za-z0-9]{20,}"),
    ("stripe", "k_test_", r"[srp]k_test_[A-Za-z0-9]{20,}"),
    ("stripe", "k_prod_", r"[srp]k_prod_[A-Za-z0-9]{20,}"),
    ("stripe", "whsec_", r"whsec_[A-Za-z0-9]{24,}"),
    ("sendgrid", "SG.", r"SG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}"),
    ("square", "EAAA", r"EAAA[A-Za-z0-9_-]{50,}"),
    ("twilio", "SK", r"SK[0-9a-f]{32}\b"),
    ("twilio", "AC", r"AC[0-9a-f]{32}\b"),
    ("digitalocean", "_v1_", r"do[opr]_v1_[a-f0-9]{60,}"),
    ("shopify", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    ("telegram", ":AA", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    ("mailgun", "key-", r"key-[0-9a-f]{32}\b"),
    ("databricks", "dapi", r"dapi[0-9a-f]{32}\b"),
    ("vault", "hvb.", r"hvb\.[A-Za-z0-9_-]{60,}"),
    ("hashicorp", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}"),
    ("maxmind", "_mmk", r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk\b"),
    ("age", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}"),
    ("azure", "AccountKey=", r"(?<=AccountKey=)[A-Za-z0-9+/=]{60,}"),
)
_SHAPE_RULES = [(rule, marker, re.compile(shape)) for rule, marker, shape in _SHAPES]
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.S,
)
_URL = re.compile(r"://[^\s:/@'\"<>{}$]*:(?!//)(?P<v>[^\s:/@'\"<>{}$]{5,})@")
_PLAIN_PASSWORD = re.compile(r"^(pass(word)?|secret|user|admin|root|test|\*+|x+)\d{0,3}$", re.I)


def provider_formats(text: str) -> Iterator[Candidate]:
    """Find provider keys, private keys and passwords in URLs."""
    for match in _PRIVATE_KEY.finditer(text):
        yield "private-key", *match.span()
    for rule, marker, shape in _SHAPE_RULES:
        if marker in text:
            for match in shape.finditer(text):
                inside_a_word = text[max(0, match.start() - 1) : match.start()].isalnum()
                if not inside_a_word and not PLACEHOLDER.search(match[0]):
                    yield rule, *match.span()
    for match in _URL.finditer(text):
        if not _PLAIN_PASSWORD.match(match["v"]) and not PLACEHOLDER.search(match["v"]):
            yield "url-password", *match.span("v")
