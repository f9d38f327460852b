"""Secrets are found, hidden and named; what only looks like one is left alone."""

import base64
import random
import string
from pathlib import Path

import pytest

from gardener_core.code.files.listing import read_sources
from gardener_core.code.secrets.detection import HIDDEN, Allowed, find_secrets, hide, holds_secrets
from gardener_core.code.worker import FileRead, read_for_index
from gardener_core.events.parts import SkippedFile

draw = random.Random(7)
ALNUM = string.ascii_letters + string.digits


def made(alphabet: str, size: int) -> str:
    return "".join(draw.choice(alphabet) for _ in range(size))


def jwt() -> str:
    parts = [base64.urlsafe_b64encode(made(ALNUM, 30).encode()).decode().rstrip("=")]
    return f"eyJ{made(ALNUM, 20)}.eyJ{made(ALNUM, 30)}.{parts[0]}"


HEX = "0123456789abcdef"
# Planted by shape and by habit; no value here was ever a real one.
PLANTED = {
    "aws id": f'aws = "AKIA{made(string.ascii_uppercase + string.digits, 16)}"',
    "aws secret": f"aws_secret_access_key = {made(ALNUM + '/+', 40)}",
    "github": f"token: ghp_{made(ALNUM, 36)}",
    "github fine": f"x = 'github_pat_{made(ALNUM, 22)}_{made(ALNUM, 59)}'",
    "gitlab": f"git clone https://oauth2:glpat-{made(ALNUM, 20)}@gitlab.com/x.git",
    "openai": f'client = OpenAI(api_key="sk-proj-{made(ALNUM, 48)}")',
    "anthropic": f"ANTHROPIC_API_KEY=sk-ant-api03-{made(ALNUM + '-_', 80)}",
    "huggingface": f"login('hf_{made(string.ascii_letters, 34)}')",
    "slack": f"SLACK=xoxb-{made(string.digits, 12)}-{made(ALNUM, 24)}",
    "slack hook": f"https://hooks.slack.com/services/T{made(ALNUM, 9)}/{made(ALNUM, 34)}",
    "google": f"key=AIza{made(ALNUM + '_-', 35)}",
    "google secret": f'"client_secret": "GOCSPX-{made(ALNUM, 28)}"',
    "jwt": f"headers = {{'Authorization': 'Bearer {jwt()}'}}",
    "npm": f"//registry/:_authToken=npm_{made(ALNUM, 36)}",
    "pypi": f"password = pypi-AgEIcHlwaS5vcmc{made(ALNUM, 70)}",
    "stripe": f"stripe.api_key = 'sk_live_{made(ALNUM, 24)}'",
    "stripe hook": f"WEBHOOK = 'whsec_{made(ALNUM, 32)}'",
    "sendgrid": f"SG.{made(ALNUM, 22)}.{made(ALNUM, 43)}",
    "twilio": f"sid = 'AC{made(HEX, 32)}'",
    "digitalocean": f"DO_TOKEN=dop_v1_{made(HEX, 64)}",
    "telegram": f"bot = '{made(string.digits, 9)}:AA{made(ALNUM, 33)}'",
    "mailgun": f"auth=('api', 'key-{made(HEX, 32)}')",
    "databricks": f"dapi{made(HEX, 32)}",
    "shopify": f"shpat_{made(HEX, 32)}",
    "azure": f"AccountName=x;AccountKey={made(ALNUM + '+/', 86)}==;",
    "age": f"AGE-SECRET-KEY-1{made(string.ascii_uppercase + string.digits, 58)}",
    "postgres url": f"DATABASE_URL=postgres://app:{made(ALNUM, 16)}@db.internal/app",
    "redis url": f"redis://:{made(ALNUM, 20)}@cache:6379/0",
    "basic": f"Authorization: Basic {base64.b64encode(made(ALNUM, 24).encode()).decode()}",
    "password": f'PASSWORD = "{made(ALNUM, 6)}9{made(ALNUM + "!%&", 8)}"',
    "yaml password": f"  db_password: {made(ALNUM, 12)}7{made(ALNUM, 12)}",
    "json secret": f'{{"client_secret": "{made(ALNUM, 10)}3{made(ALNUM, 21)}"}}',
    "go": f'const apiKey = "{made(ALNUM, 12)}5{made(ALNUM, 20)}"',
    "java": f'private static final String TOKEN = "{made(ALNUM, 10)}8{made(ALNUM, 20)}";',
    "js": f"const authToken = `{made(ALNUM, 10)}4{made(ALNUM, 20)}`;",
    "ruby": f"secret_key_base: '{made(HEX, 63)}a'",
    "php": f"$config['api_key'] = '{made(ALNUM, 10)}2{made(ALNUM, 20)}';",
    "django": f"SECRET_KEY = 'django-insecure-{made(ALNUM + '!@#%^&*', 50)}'",
    "random": f'x = "{made(ALNUM + "+/", 64)}"',
    "private key": f"-----BEGIN PRIVATE KEY-----\n{made(ALNUM, 64)}\n-----END PRIVATE KEY-----",
}  # fmt: skip

HARMLESS = [
    'password = "example-password-1"',
    "token = os.environ['API_TOKEN']",
    "api_key: str | None = None",
    "secret = settings.secret_key_1",
    "def refresh(token, password): return check_password1(token)",
    'url = "https://user:password@localhost/db"',
    'sha = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
    "integrity sha512-abc",
    "task-runner-with-a-long-name-that-is-not-a-key-at-all-1",
    "token_type_ids = tokenizer.token_type_ids[0]",
    "password=***",
    'API_KEY = "your_api_key_here_12345"',
    "authorization: Bearer <token>",
    "TOKEN_URL = 'https://auth.example.com/oauth2/v1/token'",
    "passwords = [p for p in passwords if p]",
    "secretName: my-app-credentials",
    'kind = "AbstractPasswordHasherFactoryBeanProvider"',
]


@pytest.mark.parametrize("name", PLANTED)
def test_planted_secret_is_found_and_hidden(name: str) -> None:
    text = f"before\n{PLANTED[name]}\nafter\n"
    found = find_secrets(text)
    assert found, PLANTED[name]
    assert found[0].line == 2
    clear = hide(text, found)
    assert HIDDEN in clear and clear.count("\n") == text.count("\n")
    for secret in found:
        assert text[secret.start : secret.end] not in clear
    assert clear.startswith("before\n") and clear.endswith("\nafter\n")


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_left_alone(text: str) -> None:
    assert find_secrets(text) == []


@pytest.mark.parametrize("name", [".env", "a/.env.local", "deploy/server.pem", "id_rsa", ".npmrc"])
def test_files_made_of_secrets_are_never_read(name: str, tmp_path: Path) -> None:
    assert holds_secrets(name)
    assert read_for_index(tmp_path, name, Allowed(())) == SkippedFile(name, "holds secrets")


def test_no_secret_reaches_index_or_training(tmp_path: Path) -> None:
    secret = f"ghp_{made(ALNUM, 36)}"
    text = f'"""Doc {secret}."""\nA = "{secret}"\n\n\ndef f(token="{secret}"):\n    return 1\n'
    (tmp_path / "a.py").write_text(text)
    read = read_for_index(tmp_path, "a.py", Allowed(()))
    assert isinstance(read, FileRead)
    assert [(item.rule, item.line) for item in read.secrets] == [
        ("github", 1), ("github", 2), ("github", 5),
    ]  # fmt: skip
    assert secret not in str(read.chunks)
    assert [(c.start_line, c.end_line) for c in read.chunks] == [(1, 4), (5, 6)]
    ((_, told),) = read_sources(tmp_path)
    assert secret not in told and told.count("\n") == text.count("\n")


def test_false_alarm_can_be_allowed(tmp_path: Path) -> None:
    secret = f"ghp_{made(ALNUM, 36)}"
    (tmp_path / "tests").mkdir()
    for name in ("tests/a.py", "b.py"):
        (tmp_path / name).write_text(f"x = '{secret}'\n")
    (tmp_path / ".gardenersecrets").write_text("# made up\ntests/* github\n")
    allowed = Allowed.of_project(tmp_path)
    first = read_for_index(tmp_path, "tests/a.py", allowed)
    second = read_for_index(tmp_path, "b.py", allowed)
    assert isinstance(first, FileRead) and isinstance(second, FileRead)
    assert (len(first.secrets), len(second.secrets)) == (0, 1)
    assert secret in first.chunks[0].text
