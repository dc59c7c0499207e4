"""Prints the tests of a folder's Python modules as they are once these are imported: module, function ("-" for the module
itself) and the docstring's first line, with tabs between. A process for each folder, since two may have modules of one name.

    pythontests.py FOLDER PATTERN
"""

import importlib
import inspect
import pathlib
import sys

PEERS = pathlib.Path(__file__).resolve().parent.parent / "peers"


def tests(module):
    """The module, and its own functions; of a test_*.py those that peer.run() would call."""
    yield "-", module
    for name, one in vars(module).items():
        is_run = name.startswith("test_") or not module.__name__.startswith("test_")
        if is_run and inspect.isfunction(one) and one.__module__ == module.__name__:
            yield name, one


def main(folder, pattern):
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(folder), str(PEERS)]
    for path in sorted(folder.glob(pattern)):
        for name, one in tests(importlib.import_module(path.stem)):
            if one.__doc__:
                print(path.name, name, one.__doc__.splitlines()[0], sep="\t")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2])
