"""The client reads what each version says, and so does the maker's own client of the double."""

from collections.abc import Iterator
from pathlib import Path

import ollama
import pytest
from support.ollama_double import CODER, GENERATIONS, MODEL, PIECES, OllamaDouble
from support.ollama_server import create

from gardener_core.errors import OllamaDown, OllamaModelMissing
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.probe import OllamaProbe, probe


@pytest.fixture(params=GENERATIONS)
def each(request: pytest.FixtureRequest) -> Iterator[OllamaDouble]:
    double = OllamaDouble(generation=request.param)
    yield double
    double.close()


def environment(double: OllamaDouble) -> dict[str, str]:
    return {"OLLAMA_HOST": double.host}


def test_no_server_and_no_address() -> None:
    with pytest.raises(OllamaDown, match=r"does not answer at 127\.0\.0\.1:9"):
        Ollama.of({"OLLAMA_HOST": "127.0.0.1:9"}).version()
    with pytest.raises(OllamaDown, match="no address"):
        Ollama.of({"OLLAMA_HOST": "http://[::1"})
    assert probe({"OLLAMA_HOST": "http://[::1"}).state == "down"


def test_its_models_are_described_and_deleted(each: OllamaDouble) -> None:
    server = Ollama.of(environment(each))
    coder = server.describe(server.find(CODER))
    assert coder.capabilities == ("completion", "insert") and coder.context == 32768
    assert (coder.choice, coder.parameters, coder.quantisation) == (
        f"ollama:{CODER}",
        "1.5B",
        "Q4_K_M",
    )
    assert coder.licence == "Apache License"
    assert server.find("nomic-embed-text").choice == "ollama:nomic-embed-text"
    server.delete(CODER)
    with pytest.raises(OllamaModelMissing, match=CODER):
        server.find(CODER)
    with pytest.raises(OllamaModelMissing, match=CODER):
        server.delete(CODER)
    with pytest.raises(OllamaModelMissing, match=CODER):
        server.show(CODER)


def test_the_makers_own_client_understands_the_double(each: OllamaDouble) -> None:
    """A double that only our client understands would be no measure of it."""
    theirs = ollama.Client(host=each.host, trust_env=False)
    assert [model.model for model in theirs.list().models] == [MODEL, CODER]
    shown = theirs.show(CODER)
    assert shown.capabilities == ["completion", "insert"]
    assert shown.modelinfo and shown.modelinfo["qwen2.context_length"] == 32768
    answer = list(theirs.generate(CODER, "import", raw=True, stream=True))
    assert "".join(part.response for part in answer) == "".join(PIECES) and answer[-1].done
    *_, last = theirs.pull("tiny", stream=True)
    assert last.status == "success" and theirs.show("tiny").details
    each.behaviours = ["error inside"]
    with pytest.raises(ollama.ResponseError, match="llama-server process has terminated"):
        list(theirs.generate(CODER, "import", stream=True))
    theirs.delete(CODER)
    with pytest.raises(ollama.ResponseError, match="not found"):
        theirs.show(CODER)


def test_a_model_is_made_of_a_file(each: OllamaDouble, tmp_path: Path) -> None:
    gguf = tmp_path / "tiny.gguf"
    gguf.write_bytes(b"GGUF and more")
    create(each.host, "tiny", gguf)
    assert Ollama.of(environment(each)).find("tiny").family == "llama"
    gguf.write_bytes(b"nothing of that kind")
    with pytest.raises(ollama.ResponseError, match="not in GGUF format"):
        create(each.host, "tiny", gguf)
    theirs = ollama.Client(host=each.host, trust_env=False)
    digest = theirs.create_blob(gguf)
    if each.generation == "0.34.2":
        with pytest.raises(ollama.ResponseError, match="no longer supported"):
            theirs.create("tuned", from_="tiny", adapters={"a.gguf": digest})


def test_a_list_is_looked_at_again_and_a_model_described_once(double: OllamaDouble) -> None:
    looking = OllamaProbe(environment(double))
    listing = looking.listing()
    assert listing.status.state == "up" and listing.status.version == "0.34.2"
    assert [model.choice for model in listing.models] == [
        "ollama:nomic-embed-text",
        f"ollama:{CODER}",
    ]
    assert looking.listing() is listing, "not within two seconds"
    double.held[CODER].context = 1
    looking.forget()
    assert looking.listing().models[1].context == 32768, "its digest is the same"
    double.close()
    looking.forget()
    assert looking.listing().status.state == "down" and looking.listing().models == ()


def test_what_is_wanted_of_it_is_there_or_named(double: OllamaDouble) -> None:
    assert probe(environment(double), ["nomic-embed-text", CODER]).state == "up"
    missing = probe(environment(double), ["nomic-embed-text", "bge-m3"])
    assert (missing.state, missing.model) == ("model missing", "bge-m3")
    double.version = "0.5.1"
    assert probe(environment(double), ["bge-m3"]).state == "too old"


def test_one_that_hangs_is_a_state_and_hangs_nobody(double: OllamaDouble) -> None:
    double.looks_hang = True
    assert probe(environment(double)).state == "silent"
