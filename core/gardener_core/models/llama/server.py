"""The process that llama.cpp runs in."""

import fcntl
import json
import os
import sys
import time

import xllamacpp

from gardener_core.models.llama.process import KEY_NAME, PLACES, Setup

LOOPBACK = "127.0.0.1"
LOG_SECONDS = 0.3  # the reason is written to the log by a thread of llama.cpp
_POOLING = {
    "mean": xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN,
    "cls": xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_CLS,
    "last": xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_LAST,
}


def main() -> None:
    """Serve one base with its adapters on loopback until the parent closes stdin."""
    _end_with_stdin()
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # llama.cpp prints on stdout
    os.nice(5)
    os.umask(0o077)  # what it saves holds a person's code
    setup = Setup.decode(sys.argv[1])
    try:
        server = xllamacpp.Server(_parameters(setup, os.environ.pop(KEY_NAME)))
    except RuntimeError as problem:
        time.sleep(LOG_SECONDS)
        output.write(json.dumps({"error": str(problem)}) + "\n")
        output.flush()
        os._exit(1)
    port = int(server.listening_address.rstrip("/").rpartition(":")[2])
    output.write(json.dumps({"host": LOOPBACK, "port": port}) + "\n")
    output.flush()
    sys.stdin.buffer.read()
    os._exit(0)


def _end_with_stdin() -> None:
    """Let the kernel end this process when the other end of stdin closes, even in a C call.

    Linux's PR_SET_PDEATHSIG would also end it when only the *thread* that started it ends.
    """
    if sys.platform == "linux":
        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


def _parameters(setup: Setup, key: str) -> xllamacpp.CommonParams:
    wanted = xllamacpp.CommonParams()
    wanted.model.path = setup.gguf
    wanted.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(path, 0.0) for path in setup.adapters]
    wanted.hostnames = [LOOPBACK]
    wanted.port = 0
    wanted.api_keys = [key]
    wanted.n_ctx = setup.context
    # Two places that share the context: what was read without an adapter stays beside what was
    # read with one.
    wanted.n_parallel = 1 if setup.pooling else PLACES
    wanted.kv_unified = not setup.pooling
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = setup.threads
    wanted.warmup = False
    wanted.ui = False
    wanted.endpoint_slots = False
    wanted.cache_ram_mib = 0  # 8 GB otherwise
    wanted.verbosity = 1
    if setup.states:
        wanted.slot_save_path = setup.states
    if setup.pooling:
        wanted.embedding = True
        wanted.pooling_type = _POOLING[setup.pooling]
        # An embedding has to fit into one batch.
        wanted.n_batch = wanted.n_ubatch = setup.context
    if setup.exact:
        f32 = xllamacpp.ggml_type.GGML_TYPE_F32
        wanted.cache_type_k = wanted.cache_type_v = f32
        disabled = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        wanted.flash_attn_type = disabled
    return wanted
