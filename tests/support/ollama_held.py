"""The models of the Ollama double, as lists and descriptions tell of them."""

from dataclasses import dataclass, field
from typing import Any

from support.tiny_encoder import DIMENSIONS, POSITIONS

MODEL = "nomic-embed-text:latest"
CODER = "qwen2.5-coder:1.5b"
DIGEST = "0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f"
LAYER = "sha256:" + "e3" * 32


@dataclass
class Held:
    """A model that the server has."""

    name: str
    digest: str
    size: int
    family: str
    parameters: str
    quantisation: str
    capabilities: list[str]
    context: int
    architecture: str
    licence: str = "Apache License\nVersion 2.0, January 2004"
    blob: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def listed(self) -> dict[str, Any]:
        """The model in /api/tags."""
        return {
            "name": self.name,
            "model": self.name,
            "modified_at": "2026-09-01T10:00:00.000000000Z",
            "size": self.size,
            "digest": self.digest,
            "details": self.details(),
            **self.extra,
        }

    def details(self) -> dict[str, Any]:
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameters,
            "quantization_level": self.quantisation,
        }

    def shown(self) -> dict[str, Any]:
        """The model in /api/show."""
        blob = self.blob or f"/models/blobs/sha256-{self.digest}"
        return {
            "license": self.licence,
            "modelfile": f"# Modelfile\nFROM {blob}\nTEMPLATE x\n",
            "template": "{{ .Prompt }}",
            "details": self.details(),
            "model_info": {
                "general.architecture": self.architecture,
                f"{self.architecture}.context_length": self.context,
                f"{self.architecture}.embedding_length": DIMENSIONS,
            },
            "capabilities": self.capabilities,
            "modified_at": "2026-09-01T10:00:00.000000000Z",
        }


def an_embedder() -> Held:
    return Held(
        MODEL, DIGEST, 274302450, "nomic-bert", "137M", "F16", ["embedding"], POSITIONS,
        "nomic-bert",
    )  # fmt: skip


def a_coder() -> Held:
    return Held(
        CODER, "ff" * 32, 986061892, "qwen2", "1.5B", "Q4_K_M", ["completion", "insert"], 32768,
        "qwen2",
    )  # fmt: skip


def a_pulled(name: str) -> Held:
    return Held(
        name if ":" in name else f"{name}:latest", "e3" * 32, 300_000, "llama", "1M", "Q4_1",
        ["completion"], 512, "llama",
    )  # fmt: skip


def pull_lines(name: str = "tiny", size: int = 300_000) -> list[dict[str, Any]]:
    """What a server tells while it pulls a model of one blob."""
    short = f"pulling {LAYER.removeprefix('sha256:')[:12]}"
    told = [{"completed": 1000}, {"completed": size // 2}, {"completed": size}]
    return [
        {"status": "pulling manifest"},
        {"status": short, "digest": LAYER, "total": size},
        *({"status": short, "digest": LAYER, "total": size, **one} for one in told),
        {"status": "verifying sha256 digest"},
        {"status": "writing manifest"},
        {"status": "success"},
    ]
