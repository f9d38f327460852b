"""A real sshd on loopback, with keys of its own."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from support.processes import until

# sshd wants to be called by its whole path, which is in no ordinary PATH.
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
SSHD = shutil.which("sshd", path=PLACES)
SSH = shutil.which("ssh")
SCREEN = "from gardener_tui.cli import main; main()"


class Sshd:
    """Lets the user of the tests in, by one key, on a free port."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        for name in ("host", "user"):
            key = str(folder / name)
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        (folder / "config").write_text(
            f"Port {self._port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\n"
            f"AuthorizedKeysFile {folder / 'user.pub'}\nPidFile none\nStrictModes no\n"
            "UsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n"
        )
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        assert SSHD
        self._process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(folder / "config")],
            stderr=(folder / "log").open("wb"),
        )
        until(self._listens, "an sshd that listens")

    def client(self, code: str, variables: dict[str, str]) -> list[str]:
        """The command that runs Python code on the other side, with a terminal."""
        assert SSH
        told = [f"{name}='{value}'" for name, value in variables.items()]
        remote = " ".join(["env", *told, sys.executable, "-c", f"'{code}'"])
        return [
            SSH, "-tt", "-q", "-F", "none", "-p", str(self._port), "-i", str(self._folder / "user"),
            "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={self._folder / 'known'}",
            "127.0.0.1", remote,
        ]  # fmt: skip

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0
