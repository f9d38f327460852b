"""LanceDB comes without what we never use of it."""

import subprocess
import sys

PROGRAM = """
import sys
{first}
from gardener_core.search.lance import lancedb
print("lance_namespace_urllib3_client.api" in sys.modules, lancedb.connect(sys.argv[1]).uri)
"""


def imported(folder: object, first: str = "") -> list[str]:
    command = [sys.executable, "-c", PROGRAM.format(first=first), str(folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_the_client_of_a_server_is_not_imported(tmp_path: object) -> None:
    assert imported(tmp_path) == ["False", str(tmp_path)]


def test_where_it_is_there_already_nothing_is_changed(tmp_path: object) -> None:
    assert imported(tmp_path, "import lancedb") == ["True", str(tmp_path)]
