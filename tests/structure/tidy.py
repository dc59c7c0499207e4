"""Runs clang-tidy with the tree's .clang-tidy over every source file, two at a time; fails on any finding.
A file that was clean is not read again until it, a header of ours or the rules change (stamp in the build folder)."""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from sources import ROOMS, sources

# Options of GCC or of its precompiled headers that Clang does not know or must not see.
UNKNOWN = re.compile(r"\s(-fpch-preprocess|-Winvalid-pch|-fsanitize=\S+|-fno-sanitize-recover=\S+|-include \S+cmake_pch\.hxx)")


def clang_database(build, target):
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text(encoding="utf-8"))
    for entry in entries:
        pch = re.search(r"-include (\S+cmake_pch\.hxx)", entry["command"])
        entry["command"] = UNKNOWN.sub("", entry["command"])
        if pch:  # Clang reads the header's text
            entry["command"] += f" -include {pch.group(1)}"
    target.mkdir(parents=True, exist_ok=True)
    (target / "compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")
    return {os.path.realpath(e["file"]) for e in entries}


def main(root, build):
    program = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")
    if program is None:
        print("clang-tidy is missing: package clang-tidy-14")
        return 1
    folder = pathlib.Path(build) / "tidy"
    known = clang_database(build, folder)
    files = [f for f in sources(root, ROOMS, (".cpp",)) if os.path.realpath(os.path.join(root, f)) in known]
    if not files:
        print("no file of ours is in compile_commands.json")
        return 1
    headers = hashlib.sha256()
    for name in sources(root, ROOMS, (".h",)):
        headers.update(pathlib.Path(root, name).read_bytes())
    headers.update(pathlib.Path(root, ".clang-tidy").read_bytes())

    def check(name):
        digest = headers.copy()
        digest.update(pathlib.Path(root, name).read_bytes())
        stamp = folder / (name.replace("/", "_") + ".clean")
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return name, 0, ""
        run = subprocess.run([program, "-p", str(folder), "--quiet", name], cwd=root, capture_output=True, text=True, check=False)
        if run.returncode == 0:
            stamp.write_text(digest.hexdigest())
        return name, run.returncode, run.stdout + (run.stderr if run.returncode else "")

    faults = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, code, text in pool.map(check, files):
            if code:
                faults += 1
                print(f"== {name}\n{text}")
    print(f"{len(files)} files read, {faults} with findings")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
