"""Secrets of published formats, planted in files of many kinds."""

import base64
import random
import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FORMATS = Path(__file__).with_name("secret_formats.txt")
LATER = "# LATER:"
SEED = 20
EACH = 8
ALNUM = string.ascii_letters + string.digits
_ALPHABETS = {
    "A": ALNUM,
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "u": string.ascii_uppercase + string.digits,
    "l": string.ascii_lowercase + string.digits,
    "w": ALNUM + "_-",
    "d": string.digits,
    "c": string.ascii_letters,
    "b": ALNUM + "+/",
}
_HOLE = re.compile(r"\{([AhHulwdcb])(\d+)\}")

# Beside a name: {KEY}, {key}, {kebab}, {camel}, {dotted} are ways to write it.
NAMED = (
    ("a.py", '{KEY} = "{value}"\n'),
    ("call.py", "client = Client(\n    region='eu',\n    {key}='{value}',\n)\n"),
    ("dict.py", 'config = {{"debug": True, "{key}": "{value}"}}\n'),
    ("environ.py", "os.environ['{KEY}'] = '{value}'\n"),
    ("default.py", "value = os.getenv('{KEY}', '{value}')\n"),
    ("typed.py", '{key}: str = "{value}"\n'),
    ("a.js", "const {camel} = '{value}';\n"),
    ("object.js", "module.exports = {{\n  port: 80,\n  {camel}: \"{value}\",\n}};\n"),
    ("env.ts", "const it = process.env.{KEY} || '{value}';\n"),
    ("field.ts", "  private readonly {camel}: string = `{value}`;\n"),
    ("a.yaml", "service:\n  {key}: {value}\n"),
    ("quoted.yaml", "service:\n  {kebab}: \"{value}\"\n"),
    ("deployment.yaml", "env:\n  - name: {KEY}\n    value: {value}\n"),
    ("compose.yaml", "environment:\n  - {KEY}={value}\n"),
    ("a.json", '{{\n  "name": "x",\n  "{camel}": "{value}"\n}}\n'),
    ("a.toml", "[service]\n{key} = \"{value}\"\n"),
    ("settings.txt", "PORT=80\n{KEY}={value}\n"),
    ("quoted.txt", "PORT=80\n{KEY}=\"{value}\"\n"),
    ("a.sh", "export {KEY}={value}\n"),
    ("run.sh", "{KEY}='{value}' ./run --fast\n"),
    ("flag.sh", "deploy --{kebab} {value} --force\n"),
    ("flag2.sh", "deploy --{kebab}={value} --force\n"),
    ("Dockerfile", "FROM x\nENV {KEY}={value}\n"),
    ("Dockerfile.old", "FROM x\nENV {KEY} {value}\n"),
    ("a.properties", "app.port=80\napp.{dotted}={value}\n"),
    ("a.ini", "[service]\n{key} = {value}\n"),
    ("a.tf", "resource \"x\" \"y\" {{\n  {key}   = \"{value}\"\n}}\n"),
    ("variables.tf", "variable \"{key}\" {{\n  type    = string\n  default = \"{value}\"\n}}\n"),
    ("a.xml", "<service>\n  <{camel}>{value}</{camel}>\n</service>\n"),
    ("web.config", '<add key="{camel}" value="{value}" />\n'),
    ("beans.xml", '<property name="{camel}" value="{value}"/>\n'),
    ("A.java", '  private static final String {KEY} = "{value}";\n'),
    ("a.go", "\tcfg.{camel} = \"{value}\"\n"),
    ("const.go", "const {camel} = \"{value}\"\n"),
    ("a.rs", "const {KEY}: &str = \"{value}\";\n"),
    ("A.cs", "public string {camel} = \"{value}\";\n"),
    ("a.rb", "ENV['{KEY}'] ||= '{value}'\n"),
    ("config.rb", "  config.{key} = '{value}'\n"),
    ("a.php", "define('{KEY}', '{value}');\n"),
    ("config.php", "  '{key}' => '{value}',\n"),
    ("comment.py", "# {key}: {value}\ndef f():\n    pass\n"),
    ("comment.js", "// old {KEY} = {value}\nrun();\n"),
    ("README.md", "Set it with `{KEY}={value}` before you start.\n"),
    ("query.py", 'url = f"https://api.acme.io/v1/items?page=1&{key}={value}"\n'),
)  # fmt: skip
# Without one.
ALONE = (
    ("alone.py", "login('{value}')\n"),
    ("list.py", "ALLOWED = [\n    '{value}',\n]\n"),
    ("alone.js", 'connect("{value}", 80);\n'),
    ("remark.py", "# was {value} until May\nx = 1\n"),
    ("alone.sh", "curl -H 'Authorization: Bearer {value}' https://api.acme.io/v1\n"),
    ("header.js", "headers: {{ 'X-Api-Key': '{value}' }},\n"),
    ("notes.md", "The current one is {value}, ask Kim for another.\n"),
    ("log.txt", "2024-05-01 12:00:01 INFO sent {value} to upstream\n"),
    ("path.py", "fetch('https://api.acme.io/hook/{value}/send')\n"),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A text with one secret in it."""

    format: str
    file: str
    text: str
    secret: str


@dataclass(frozen=True, slots=True)
class Format:
    """What one kind of secret looks like and goes by."""

    name: str
    shape: str
    key: str
    says_itself: bool


def formats() -> list[Format]:
    """All that are written down."""
    early, late = FORMATS.read_text().split(LATER)
    return [*_read(early), *_read(late)]


def halves() -> tuple[list[str], list[str]]:
    """Names of the first formats in two parts; the rules were mended on one part first."""
    early = FORMATS.read_text().split(LATER)[0]
    names = sorted({*(item.name for item in _read(early)), *_SCENES})
    random.Random(SEED).shuffle(names)
    return names[::2], names[1::2]


def later() -> list[str]:
    """Names of the formats that came when both parts had been seen."""
    return [item.name for item in _read(FORMATS.read_text().split(LATER)[1])]


def _read(table: str) -> list[Format]:
    lines = [line for line in table.splitlines() if " | " in line and not line.startswith("#")]
    rows = [[part.strip() for part in line.split(" | ")] for line in lines]
    return [Format(row[0].rstrip("*"), row[1], row[2], not row[0].endswith("*")) for row in rows]


def planted(names: Sequence[str]) -> Iterator[Planted]:
    """Eight of each format, each in another surrounding; the same ones every time."""
    wanted = set(names)
    for item in formats():
        draw = random.Random(f"{SEED} {item.name}")
        contexts = [*NAMED, *(ALONE if item.says_itself else ())]
        for file, template in draw.sample(contexts, EACH):
            if item.name in wanted:
                value = made(item.shape, draw)
                yield Planted(
                    item.name, file, template.format(value=value, **_ways(item.key)), value
                )
    for name, scenes in _SCENES.items():
        draw = random.Random(f"{SEED} {name}")
        for scene in scenes * 2:
            if name in wanted:
                file, text, secret = scene(draw)
                yield Planted(name, file, text, secret)


def made(shape: str, draw: random.Random) -> str:
    """One secret of a shape; random as real ones are, a digit and a letter where both may be."""
    return _HOLE.sub(lambda hole: _filled(_ALPHABETS[hole[1]], int(hole[2]), draw), shape)


def kept_back(text: str, secret: str, spans: Sequence[tuple[int, int]]) -> float:
    """The share of a secret that the spans cover."""
    start = text.index(secret)
    covered = sum(max(0, min(end, start + len(secret)) - max(first, start)) for first, end in spans)
    return covered / len(secret)


def _filled(alphabet: str, size: int, draw: random.Random) -> str:
    return "".join(draw.choice(alphabet) for _ in range(size))


def _ways(key: str) -> dict[str, str]:
    words = [word for word in re.split(r"[_-]", key.lower()) if word]
    return {
        "KEY": key.upper(),
        "key": "_".join(words),
        "kebab": "-".join(words),
        "camel": words[0] + "".join(word.title() for word in words[1:]),
        "dotted": ".".join(words),
    }


Scene = tuple[str, str, str]


def _url(scheme: str, host: str) -> Callable[[random.Random], Scene]:
    def scene(draw: random.Random) -> Scene:
        secret = _filled(ALNUM, draw.choice((10, 16, 24)), draw)
        return "settings.py", f'URL = "{scheme}://app:{secret}@{host}"\n', secret

    return scene


def _line(file: str, template: str, shape: str) -> Callable[[random.Random], Scene]:
    def scene(draw: random.Random) -> Scene:
        secret = made(shape, draw)
        return file, template.replace("VALUE", secret), secret

    return scene


def _private_key(kind: str, one_line: bool) -> Callable[[random.Random], Scene]:
    def scene(draw: random.Random) -> Scene:
        body = [_filled(ALNUM + "+/", 64, draw) for _ in range(6)]
        end = "\\n" if one_line else "\n"
        text = end.join([f"-----BEGIN {kind}-----", *body, f"-----END {kind}-----"])
        shown = f'{{"type": "service_account", "private_key": "{text}\\n"}}\n'
        return "key.txt", shown if one_line else f"before\n{text}\nafter\n", end.join(body)

    return scene


def _kubernetes(draw: random.Random) -> Scene:
    secret = base64.b64encode(_filled(ALNUM, 18, draw).encode()).decode()
    head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n"
    return "secret.yaml", f"{head}  username: YXBw\n  password: {secret}\n", secret


def _docker_auth(draw: random.Random) -> Scene:
    secret = base64.b64encode(f"ci:{_filled(ALNUM, 24, draw)}".encode()).decode()
    return "config.json", f'{{"auths": {{"r.acme.io": {{"auth": "{secret}"}}}}}}\n', secret


_SCENES: dict[str, list[Callable[[random.Random], Scene]]] = {
    "database url": [
        _url("postgresql", "db.acme.io:5432/app"), _url("mysql+pymysql", "10.0.0.3/app"),
        _url("mongodb+srv", "c0.ab1cd.mongodb.net"), _url("amqp", "mq.acme.io/v"),
    ],
    "web url": [
        _url("https", "git.acme.io/x.git"), _url("ftp", "files.acme.io"),
        _url("rediss", "cache.acme.io:6380/0"), _url("smtp", "mail.acme.io:587"),
    ],
    "connection string": [
        _line("a.cs", 'var c = "Server=db;Database=x;User Id=sa;Password=VALUE;";\n', "{A14}"),
        _line("A.java", '"jdbc:mysql://db/x?user=app&password=VALUE&ssl=1"\n', "{A16}"),
        _line("a.py", 'c = "Endpoint=sb://x.net/;SharedAccessKey=VALUE="\n', "{b43}"),
        _line("a.py", 'c = "host=db user=app password=VALUE dbname=x"\n', "{A15}"),
    ],
    "command line": [
        _line("a.sh", "curl -u admin:VALUE https://acme.io/x\n", "{A16}"),
        _line("a.sh", "sshpass -p 'VALUE' ssh app@acme.io\n", "{A14}"),
        _line("a.sh", "mysql -u root -pVALUE app\n", "{A16}"),
        _line("a.sh", "PGPASSWORD=VALUE psql -h db\n", "{A16}"),
    ],
    "basic header": [
        _line("a.sh", 'curl -H "Authorization: Basic VALUE=="\n', "{b38}"),
        _line("a.py", "headers['Authorization'] = 'Basic VALUE='\n", "{b39}"),
        _line("a.http", "Authorization: token VALUE\n", "{h40}"),
        _line("a.py", 'request.headers["X-Auth-Token"] = "VALUE"\n', "{h32}"),
    ],
    "login": [
        _line("a.py", 's.login("kim@acme.io", "VALUE")\n', "{A9}!{d2}"),
        _line("a.py", "requests.get(url, auth=('kim', 'VALUE'))\n", "{A16}"),
        _line("A.java", 'DriverManager.getConnection(url, "app", "VALUE");\n', "{A14}"),
        _line("netrc.txt", "machine acme.io login kim password VALUE\n", "{A14}"),
    ],
    "private key": [
        _private_key("RSA PRIVATE KEY", False), _private_key("EC PRIVATE KEY", False),
        _private_key("OPENSSH PRIVATE KEY", False), _private_key("PGP PRIVATE KEY BLOCK", False),
    ],
    "service account": [_private_key("PRIVATE KEY", True)] * 4,
    "kubernetes secret": [_kubernetes] * 4,
    "docker auth": [_docker_auth] * 4,
}  # fmt: skip
