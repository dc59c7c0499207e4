"""Fails on a file that clang-format would write otherwise."""

import pathlib
import shutil
import subprocess
import sys

from sources import ROOMS, sources


PLANTED = "int  x( ){return 1 ;}\n"
SOUND = "int x()\n{\n    return 1;\n}\n"


def can_fail(program, root):
    """By the tree's rules the one would be written otherwise, and the other would not."""
    def code(text):
        words = [program, "--dry-run", "-Werror", f"--style=file:{(pathlib.Path(root) / '.clang-format').resolve()}"]
        return subprocess.run(words, input=text, capture_output=True, text=True, check=False).returncode
    return code(PLANTED) != 0 and code(SOUND) == 0


def main(root):
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    if program is None:
        print("clang-format is missing: package clang-format-14")
        return 1
    assert can_fail(program, root)
    files = sources(root, ROOMS + ["tests"])
    return subprocess.run([program, "--dry-run", "-Werror", *files], cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
