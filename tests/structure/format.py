"""Fails on a file that clang-format would write otherwise."""

import shutil
import subprocess
import sys

from sources import ROOMS, sources


def main(root):
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    if program is None:
        print("clang-format is missing: package clang-format-14")
        return 1
    files = sources(root, ROOMS + ["tests"])
    return subprocess.run([program, "--dry-run", "-Werror", *files], cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
