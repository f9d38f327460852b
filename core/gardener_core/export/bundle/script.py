"""Complete code with the model of this folder."""

# Copied into bundles as run.py: it imports nothing of ours, and opens no connection.

import argparse
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WITHOUT_XLLAMACPP = """The package xllamacpp is not here. With llama.cpp's own program:
  llama-completion -m {model}{adapter} --temp 0 -n {tokens} -no-cnv -p PROMPT"""


def main() -> None:
    """Print what the model writes after the prompt, greedily."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompt", help="code to continue")
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--base-alone", action="store_true", help="without the adapter")
    wanted = parser.parse_args()
    bundle = json.loads((HERE / "bundle.json").read_text("utf-8"))
    model, adapter = HERE / bundle["model"], bundle["adapter"]
    try:
        import xllamacpp
    except ImportError:
        beside = f" --lora {HERE / adapter}" if adapter else ""
        sys.exit(WITHOUT_XLLAMACPP.format(model=model, adapter=beside, tokens=wanted.tokens))
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    if adapter and not wanted.base_alone:
        parameters.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(HERE / adapter), 1.0)]
    parameters.n_ctx = wanted.context
    parameters.cpuparams.n_threads = wanted.threads
    parameters.cpuparams_batch.n_threads = wanted.threads
    parameters.warmup = False
    parameters.port = 0
    output = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # llama.cpp prints on both
    os.dup2(1, 2)
    answer = xllamacpp.Server(parameters).handle_completions(
        {"prompt": wanted.prompt, "max_tokens": wanted.tokens, "temperature": 0}
    )
    print(answer["choices"][0]["text"], file=output, flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
