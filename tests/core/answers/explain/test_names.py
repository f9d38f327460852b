"""Names of code are found in what is said, whole and while it is written."""

from gardener_core.answers.explain.names import NameStream, names_in, names_of

SAID = (
    'It calls `foo.bar(x, "miss it")` and get_name(). See os.path, e.g. README, `--no-color`.\n'
    "JavaScript and termui.py know Foo::baz and ParamType"
)
NAMES = ["foo.bar", "x", "--no-color", "get_name", "os.path", "termui.py", "Foo.baz", "ParamType"]


def test_what_is_quoted_called_or_compounded_is_a_name() -> None:
    assert names_of(SAID) == NAMES
    called = [name.text for name in names_in(SAID) if name.is_called]
    assert called == ["foo.bar", "get_name"]


def test_plain_words_and_addresses_are_none() -> None:
    assert names_of("The Context manager opens a file (see https://a.b/c_d), e.g. on GitHub.") == []


def test_each_is_given_once_and_only_when_it_is_whole() -> None:
    stream = NameStream()
    given = [name.text for letter in SAID for name in stream.take(letter)]
    assert "ParamType" not in given, "it could go on"
    assert sorted(given + [name.text for name in stream.rest()]) == sorted(NAMES)
    parts = NameStream()
    assert parts.take("It uses get_na") == [] and parts.take("me") == []
    assert [name.text for name in parts.take("() now")] == ["get_name"]
