"""Bring .venv up to date; run as often as you like."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".up-to-date"
OLDEST, NEWEST = (3, 11), (3, 13)
TORCH_FALLBACK = "torch==2.13.0"
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
INDEX_PATIENCE_SECONDS = "5"


def main() -> None:
    """Do what is missing, and say what it does."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        restart_with_fitting_python()
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    make_venv()
    if not has_torch():
        install_torch()
    say("installing the other packages")
    pip("install", "--quiet", *constraints(), "--editable", str(ROOT), *dev_packages())
    STAMP.write_text(wanted)
    say(f"ready: torch {torch_version()}")


def restart_with_fitting_python() -> None:
    """Run again under an interpreter that the packages support."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, __file__])
    sys.exit(
        f"Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]} is needed, this is "
        f"{sys.version.split()[0]}. Name another one: make setup PYTHON=/path/to/python3.11"
    )


def fingerprint() -> str:
    """Changes when the environment has to change."""
    content = (ROOT / "pyproject.toml").read_bytes() + Path(__file__).read_bytes()
    return f"{sys.version_info[:2]} {hashlib.sha256(content).hexdigest()} {ROOT}"


def make_venv() -> None:
    """Make the environment; a half-made one or one of another Python is made again."""
    probe = "import sys, pip; print(*sys.version_info[:2])"
    if PYTHON.exists():
        answer = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
        if answer.stdout.split() == [str(part) for part in sys.version_info[:2]]:
            return
    say(f"making .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def install_torch() -> None:
    """Take the small build where there is no GPU; the plain one brings gigabytes of CUDA."""
    if not sys.platform.startswith("linux") or has_gpu():
        say("installing torch")
        pip("install", "--quiet", "torch>=2.8,<3")
        return
    say("installing torch for the CPU, from PyTorch's own index")
    patience = ("--timeout", INDEX_PATIENCE_SECONDS, "--retries", "0")
    if pip_can("install", "--quiet", *patience, "--index-url", TORCH_CPU_INDEX, "torch>=2.8,<3"):
        return
    say(f"that index is out of reach; installing {TORCH_FALLBACK} from the usual one, which may")
    say("be the CUDA build (over a gigabyte)")
    pip("install", "--quiet", TORCH_FALLBACK)


def has_gpu() -> bool:
    """Whether an NVIDIA card can be used here."""
    return Path("/dev/nvidia0").exists() or shutil.which("nvidia-smi") is not None


def has_torch() -> bool:
    """Whether torch was installed before."""
    return bool(torch_version())


def torch_version() -> str:
    """Version and build; `+cpu` is the small one."""
    ask = "import importlib.metadata as m; print(m.version('torch'))"
    answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def constraints() -> tuple[str, ...]:
    """Keep the torch that is there: no other package may pull another build."""
    file = VENV / "constraints.txt"
    file.write_text(f"torch=={torch_version()}\n")
    return ("--constraint", str(file))


def dev_packages() -> list[str]:
    """The tools that the checks need."""
    import tomllib  # not in the old Pythons that only reach restart_with_fitting_python

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return list(project["dependency-groups"]["dev"])


def pip(*arguments: str) -> None:
    """Run pip, and end with its status when it fails; running set-up again goes on from there."""
    if not pip_can(*arguments):
        sys.exit("Set-up was not finished. Run the same command again; it goes on where it was.")


def pip_can(*arguments: str) -> bool:
    """Run pip and tell whether it did it."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, check=False).returncode == 0


def say(text: str) -> None:
    """One line of progress."""
    print(f"set-up: {text}", flush=True)


if __name__ == "__main__":
    main()
