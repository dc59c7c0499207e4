"""Writes TABLE.md: who was tried with what, as the tests declare it with tried(). --check: fails when it is stale."""

import importlib
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
HEAD = """# Who was tried with what

Made by `tests/peers/table.py` from what the tests declare; `peers/table` fails when it is stale. Each line is a real
program, started by the test on a free port of this machine.

"""


def declared():
    """(direction, peer) -> what was tried, in the order of the tests; and the tests."""
    found = {}
    for file in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(file.stem)
        for name, test in vars(module).items():
            if name.startswith("test_") and hasattr(test, "tried") and test.__module__ == file.stem:
                peer, direction, what = test.tried
                things, files = found.setdefault((direction, peer), ([], []))
                things += [one for one in what if one not in things]
                files += [file.stem[5:]] if file.stem[5:] not in files else []
    return found


def table():
    text = HEAD
    for direction, title in (("out", "Our client into"), ("in", "Into our listener")):
        text += f"## {title}\n\n| peer | tried | test |\n| --- | --- | --- |\n"
        for (way, peer), (things, files) in sorted(declared().items()):
            if way == direction:
                text += f"| {peer} | {'; '.join(things)} | {', '.join('peers/' + one for one in files)} |\n"
        text += "\n"
    return text.rstrip() + "\n"


if __name__ == "__main__":
    place = HERE / "TABLE.md"
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if place.read_text() == table() else "TABLE.md is stale: run tests/peers/table.py")
    place.write_text(table())
