"""Start other processes and end them."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

ENDING_SECONDS = 10.0
NOTHING: Mapping[str, str] = {}
# LanceDB and related libraries log to stderr.
QUIET = {"RUST_LOG": "error"}
# Threads of OpenMP that wait for each other spin, by default for so long that one busy neighbour
# takes 15/16 of the speed (13,900 tokens a second alone, 890 beside it). With short spinning it
# is 13,600 and 8,200. The user's own value wins.
PATIENT = {"GOMP_SPINCOUNT": "1000"}
# A run that the user asked to fetch something: the hub's library sends nothing beside that. Else it
# asks the hub which coding agents there are, and tells it which one and which torch is here.
FETCHING = {"HF_HUB_DISABLE_TELEMETRY": "1"}
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def python_command(code: str, *arguments: str | Path) -> list[str | Path]:
    """The command that runs our code, safe from a project's modules (-P)."""
    return [sys.executable, "-P", "-c", code, *arguments]


def environment_with(more: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """Our environment for a child, with more variables."""
    return {**PATIENT, **os.environ, **QUIET, **more}


def start_python(
    code: str,
    *arguments: str | Path,
    errors: int | None = subprocess.DEVNULL,
    more: Mapping[str, str] = NOTHING,
) -> subprocess.Popen[bytes]:
    """Start our code in a session of its own, with pipes.

    Its folder is `/`, and ctrl-C in the terminal does not reach it. The end of its standard input
    tells it that we have ended. `errors` is where its stderr goes.
    """
    return subprocess.Popen(
        python_command(code, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        cwd="/",
        env=environment_with(more),
        start_new_session=True,
    )


def start_detached(command: Sequence[str]) -> None:
    """Start a program that nobody waits for, in a session of its own."""
    subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )


def start_python_with_log(
    code: str, *arguments: str | Path, log: Path, more: Mapping[str, str] = NOTHING
) -> subprocess.Popen[bytes]:
    """The same with stderr in a new log file."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    with open(os.open(log, flags, 0o600), "ab") as file:
        return start_python(code, *arguments, errors=file.fileno(), more=more)


# The kernel sends the signal when the thread that started us ends; it survives an exec.
_LEASH = """\
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
    if os.getppid() != int(sys.argv[1]):
        os._exit(1)
os.execvp(sys.argv[2], sys.argv[2:])
"""


def start_leashed(
    command: Sequence[str], log: Path, more: Mapping[str, str] = NOTHING
) -> subprocess.Popen[bytes]:
    """Start a program with its output in a new log file; the kernel ends it with our thread."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    with open(os.open(log, flags, 0o600), "ab") as file:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LEASH, str(os.getpid()), *command],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            cwd="/",
            env=environment_with(more),
            start_new_session=True,
        )


def end_python(process: subprocess.Popen[bytes], seconds: float = ENDING_SECONDS) -> None:
    """Close a process's pipes, which ends it; kill it if it does not end."""
    assert process.stdin and process.stdout
    with suppress(OSError):
        process.stdin.close()
    process.stdout.close()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run(
    command: list[str | Path],
    seconds: float,
    *,
    folder: Path | str = "/",
    more: Mapping[str, str] = NOTHING,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program without a terminal to its end, capturing its output."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=folder,
        env=environment_with(more),
        timeout=seconds,
        check=False,
    )


def run_in_terminal(command: Sequence[str]) -> None:
    """Run a program of the user's on our terminal, and wait for it."""
    subprocess.run(command, check=False)


def start_on_terminal(
    command: list[str], terminal: int, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start a program on a terminal of its own."""
    return subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment,
        start_new_session=True,
    )
