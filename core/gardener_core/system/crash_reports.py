"""Write crash reports."""

import sys
import time
import traceback
from pathlib import Path

from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.places import NAME, Places
from gardener_core.system.versions import installed_version


def write_report(fault: BaseException, places: Places, program: str) -> Path:
    """Write the stack, without values: they may contain the user's code."""
    folder = make_folder(places.reports)
    report = folder / time.strftime("%y%m%d-%H%M%S.txt")
    import platform  # 7 ms, spent only on a crash

    about = f"{program} {installed_version(NAME)}, Python {sys.version}, {platform.platform()}\n\n"
    write_whole(report, (about + "".join(traceback.format_exception(fault))).encode())
    return report
