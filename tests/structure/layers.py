"""Fails on an #include that points the wrong way: against smtp <- mail <- ui <- app, into a folder that its room keeps to itself,
or inside a room against the order of its folders; on a circle among that order's arrows; on a link against the rooms' order; on
a folder that docs/ARCHITECTURE.md does not name."""

import pathlib
import re
import sys

from sources import ROOMS, sources

# What each folder may include of its own room. Of the rooms to the left it may include everything but INNER. A room's own level,
# written ".", stands on its folders. Written from the ground up: a folder names only folders above its own line, so that no
# circle can be written down.
FOLDERS = {
    "smtp": {
        "syntax": "",
        "session": "syntax",
        "dns": "syntax session",
        "client": "syntax session dns",
        "server": "syntax session",
    },
    "mail": {
        "base": "",
        "settings": "base",
        "maildir": "base",
        "transcripts": "base",
        "journal": "base maildir",
        "message": "base maildir",
        "checks": "base message",
        "pictures": "base",
        "rules": "base maildir message",
        "pop3": "base maildir",
        "index": "base maildir journal message",
        "store": "base maildir journal message index",
        "routing": "base settings maildir message rules",
        "queue": "base settings maildir journal message routing",
        "journey": "base settings transcripts queue",
        "accept": "base settings maildir journal message rules store routing queue",
        "system": "base settings maildir transcripts journal message rules index store routing queue journey accept",
        "transfer": "base settings maildir message store system",
    },
    "ui": {
        "theme": "",
        "compose/spelling": "theme",
        "widgets": "theme",
        "words": "theme",
        "compose": "theme compose/spelling widgets words",
        "compare": "theme widgets words",
        "queue": "theme widgets words",
        "message/html": "theme widgets",
        "message/html/layout": "message/html",
        "message/html/webengine": "message/html message/html/layout",
        "message": "theme widgets words compose compare queue message/html",
        "message/pdf": "message/html message/html/layout message",
        "mailbox": "theme widgets words queue message",
        "sessions": "theme widgets words",
        "settings": "theme widgets words compose message/html",
        "status": "theme widgets words queue",
        "actions": "theme widgets words mailbox status",
        "transcript": "theme widgets words",
        ".": "theme widgets words compose compare queue message mailbox sessions settings status actions transcript",
    },
    "app": {
        "commandline": "",
        "console": "commandline",
        "messages": "console",
        "control": "commandline console messages",
        "http": "commandline console messages",
        "mcp": "commandline console control",
        "hooks": "messages",
        "pop3": "commandline",
        "commands": "commandline console control http mcp hooks pop3",
        ".": "commandline console control http commands",
    },
}
# Folders that a room keeps to itself: what writes, behind the services of mail/system.
INNER = {"mail": {"journal", "store"}}
DOCUMENT = "docs/ARCHITECTURE.md"
INCLUDE = re.compile(r'^\s*#\s*include\s*"((smtp|mail|ui|app)/[^"]*)"', re.M)
LINK = re.compile(r"glasspost_(smtp|mail|ui|app)\b")
# Modules a room may not see: the protocol and the mail system know no widgets.
FORBIDDEN_MODULES = {
    "smtp": re.compile(r"#\s*include\s*<(QtWidgets|QtGui|QtSql|QWidget|QSql\w+|gmime/)"),
    "mail": re.compile(r"#\s*include\s*<(QtWidgets|QtGui|QWidget)"),
    "ui": re.compile(r"#\s*include\s*<(QtNetwork/QTcp|QTcpSocket|QTcpServer|QSslSocket|gmime/)"),
}


def folder_of(name):
    """The room of a source and its folder there: a source of ui/compose/spelling is of ("ui", "compose/spelling")."""
    room, _, rest = name.partition("/")
    return room, rest.rpartition("/")[0] or "."


def order_faults(folders):
    """What is wrong with the order itself: an arrow to a folder that does not stand above it."""
    faults = []
    for room, rules in folders.items():
        above = set()
        for folder, allowed in rules.items():
            faults += [f"{room}/{folder} may include {other}, which stands below it or nowhere" for other in allowed.split()
                       if other not in above]
            above.add(folder)
    return faults


def wrong_includes(name, text, folders=None):
    folders = folders or FOLDERS
    room, folder = folder_of(name)
    rules = folders[room]
    if folder not in rules:
        return [f"{folder} is a folder without a rule: give it one in tests/structure/layers.py"]
    wrong = []
    for included in INCLUDE.finditer(text):
        other_room, other = folder_of(included.group(1))
        if ROOMS.index(other_room) > ROOMS.index(room):
            wrong.append(f"{included.group(0).strip()}: {room} may not include from {other_room}")
        elif other_room != room and other in INNER.get(other_room, ()):
            wrong.append(f"{included.group(0).strip()}: {other_room} keeps {other_room}/{other} to itself")
        elif other_room == room and other != folder and other not in rules[folder].split():
            wrong.append(f"{included.group(0).strip()}: {room}/{folder} may not include from {room}/{other}")
    modules = FORBIDDEN_MODULES.get(room)
    return wrong + ([m.group(0) for m in modules.finditer(text)] if modules else [])


def unused_arrows(used, folders=None):
    """Arrows that the table allows and no include takes: the table says what is, not what might be."""
    return [f"{room}/{folder} need not be allowed {other}" for room, rules in (folders or FOLDERS).items()
            for folder, allowed in rules.items() for other in allowed.split() if (room, folder, other) not in used]


def wrong_links(room, text):
    """text is the room's CMakeLists.txt."""
    return [f"{room}/CMakeLists.txt links {m.group(0)}" for m in LINK.finditer(text)
            if ROOMS.index(m.group(1)) > ROOMS.index(room)]


def unnamed_folders(document, folders=None):
    return [f"{DOCUMENT} does not name `{room}/{folder}/`" for room, rules in (folders or FOLDERS).items() for folder in rules
            if folder != "." and f"`{room}/{folder}/`" not in document]


def checks_can_fail():
    planted = {"mail": {"base": "", "journal": "base"}, "ui": {".": ""}}
    return (wrong_includes("mail/base/x.h", '#include "mail/journal/y.h"\n', planted)
            and wrong_includes("mail/base/x.h", '#include "ui/y.h"\n', planted)
            and wrong_includes("mail/new/x.h", "", planted)
            and not wrong_includes("mail/journal/x.h", '#include "mail/base/y.h"\n', planted)
            and not wrong_includes("ui/x.h", '#include "mail/base/y.h"\n', planted)
            and wrong_includes("ui/x.h", '#include "mail/journal/y.h"\n', planted)
            and wrong_includes("mail/base/x.h", "#include <QtWidgets/QLabel>\n", planted)
            and wrong_includes("ui/x.h", "# include <QTcpSocket>\n", planted)
            and not wrong_includes("mail/base/x.h", "#include <QString>\n", planted)
            and wrong_links("mail", "target_link_libraries(glasspost_mail PUBLIC glasspost_ui)")
            and not wrong_links("ui", "target_link_libraries(glasspost_ui PUBLIC glasspost_mail)")
            and unused_arrows(set(), planted) and not unused_arrows({("mail", "journal", "base")}, planted)
            and unnamed_folders("`mail/base/`", planted) and not unnamed_folders("`mail/base/` `mail/journal/`", planted)
            and order_faults({"mail": {"base": "journal", "journal": "base"}}) and not order_faults(planted))


def main(root):
    assert checks_can_fail()
    faults = order_faults(FOLDERS)
    used = set()
    for name in sources(root, ROOMS):
        text = (pathlib.Path(root) / name).read_text(encoding="utf-8")
        faults += [f"{name}: {line}" for line in wrong_includes(name, text)]
        room, folder = folder_of(name)
        used |= {(room, folder, folder_of(m.group(1))[1]) for m in INCLUDE.finditer(text) if m.group(2) == room}
    faults += unused_arrows(used)
    for room in ROOMS:
        faults += wrong_links(room, (pathlib.Path(root) / room / "CMakeLists.txt").read_text(encoding="utf-8"))
    faults += unnamed_folders((pathlib.Path(root) / DOCUMENT).read_text(encoding="utf-8"))
    print("\n".join(faults) or "includes point one way")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
