"""Fails on an #include, or a link, that points against smtp <- mail <- ui <- app."""

import pathlib
import re
import sys

from sources import ROOMS, sources

INCLUDE = re.compile(r'^\s*#\s*include\s*"(smtp|mail|ui|app)/', re.M)
LINK = re.compile(r"glasspost_(smtp|mail|ui|app)\b")
# Modules a room may not see: the protocol and the mail system know no widgets.
FORBIDDEN_MODULES = {
    "smtp": re.compile(r"#\s*include\s*<(QtWidgets|QtGui|QtSql|QWidget|QSql\w+|gmime/)"),
    "mail": re.compile(r"#\s*include\s*<(QtWidgets|QtGui|QWidget)"),
    "ui": re.compile(r"#\s*include\s*<(QtNetwork/QTcp|QTcpSocket|QTcpServer|QSslSocket|gmime/)"),
}


def wrong_includes(room, text):
    own = ROOMS.index(room)
    wrong = [m.group(0).strip() for m in INCLUDE.finditer(text) if ROOMS.index(m.group(1)) > own]
    modules = FORBIDDEN_MODULES.get(room)
    return wrong + ([m.group(0) for m in modules.finditer(text)] if modules else [])


def main(root):
    faults = []
    for name in sources(root, ROOMS):
        room = name.split("/")[0]
        text = (pathlib.Path(root) / name).read_text(encoding="utf-8")
        faults += [f"{name}: {line}" for line in wrong_includes(room, text)]
    for room in ROOMS:
        links = (pathlib.Path(root) / room / "CMakeLists.txt").read_text(encoding="utf-8")
        faults += [f"{room}/CMakeLists.txt links {m.group(0)}" for m in LINK.finditer(links)
                   if ROOMS.index(m.group(1)) > ROOMS.index(room)]
    # The check must be able to fail.
    assert wrong_includes("smtp", '#include "mail/error.h"\n') and not wrong_includes("ui", '#include "mail/error.h"\n')
    print("\n".join(faults) or "includes point one way")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
