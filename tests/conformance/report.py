#!/usr/bin/env python3
"""Which lines of the conformance catalogues are met, and which are not.

    report.py SOURCE_DIR [BUILD_DIR]             prints both; fails when a line that tests/conformance/met.txt names is met no longer
    report.py SOURCE_DIR [BUILD_DIR] --record    writes met.txt anew

A row is what a test registers under a catalogue number, "S17 RCPT before MAIL": a dialogue by its file's name, a Qt test by
its data tags, which the built program is asked for (BUILD_DIR, by default build/asan), a script by what its checks are called.
A line of the server's or the client's catalogue (S1 to S120, C1 to C68) is met when a row goes over a real socket: a
dialogue, a script that drives the program, or a test function that tests/conformance/oversocket.txt names. A fault (F) or a
case that fell short (T) is met by any row. tests/conformance/waiting.txt names the rows that wait for other work, each with
the reason.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

CATALOGUE = {
    "S": range(1, 121),
    "C": range(1, 69),
    # The faults of docs/catalogue/faults.md that concern the wire, the queue and the files; reading and showing have tests too.
    "F": [*range(1, 13), *range(25, 35), *range(37, 42)],
    "T": range(1, 120),
}
NUMBERS = re.compile(r"(?:[SCFT]\d+(?:[ :,]+|$))+")  # "C57 F34 SERVFAIL" shows both
QUOTED = re.compile(r'"((?:[SCFT]\d+(?:[ :,]+|"))+)')


def rows(tag):
    if match := NUMBERS.match(tag):
        yield from ((letter, int(number)) for letter, number in re.findall(r"([SCFT])(\d+)", match[0]))


def from_dialogues(source):
    for path in sorted(source.glob("tests/dialogues/*/*.txt")):
        if match := re.match(r"([scft])(\d+)-", path.name):
            yield match[1].upper(), int(match[2]), path.name


def tags(program):
    """What a Qt test has registered: lines of class, function, data tag."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run([program, "-datatags"], env=environment, capture_output=True, text=True, check=True, timeout=60)
    return [line.split(" ", 2) for line in run.stdout.splitlines() if line.count(" ") >= 2]


def from_programs(source, build):
    programs = [build / "tests" / f"{path.parent.name}_{path.stem.removeprefix('tst_')}" for room in ("smtp", "mail", "ui", "app")
                for path in source.glob(f"tests/{room}/tst_*.cpp")]
    if missing := [str(program) for program in programs if not program.exists()]:
        raise SystemExit(f"not built, so not asked for their rows: {' '.join(missing)}")
    over_socket = set((source / "tests/conformance/oversocket.txt").read_text().split("\n"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, function, tag in sorted(line for found in pool.map(tags, programs) for line in found):
            for letter, number in rows(tag):
                if letter in "FT" or f"{name} {function}" in over_socket:
                    yield letter, number, f"{name} {function}"


def from_scripts(source):
    """Tests of the program: what a function or a table row says begins with the line's number."""
    for path in sorted(path for room in ("peers", "reliability", "structure", "bench") for path in source.glob(f"tests/{room}/*.py")):
        for quoted in QUOTED.findall(path.read_text()):
            for letter, number in rows(quoted.removesuffix('"')):
                yield letter, number, path.name


def met(source, build):
    shown = {}
    for letter, number, where in [*from_dialogues(source), *from_programs(source, build), *from_scripts(source)]:
        if number in CATALOGUE[letter]:
            shown.setdefault(f"{letter}{number}", []).append(where)
    return shown


def waiting(source):
    lines = (source / "tests/conformance/waiting.txt").read_text().splitlines()
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))


def main():
    folders = [pathlib.Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    source = folders[0]
    build = folders[1] if len(folders) > 1 else source / "build/asan"
    record = source / "tests/conformance/met.txt"
    shown = met(source, build)
    wanted = [f"{letter}{number}" for letter, numbers in CATALOGUE.items() for number in numbers]
    for letter, numbers in CATALOGUE.items():
        missing = [f"{letter}{number}" for number in numbers if f"{letter}{number}" not in shown]
        print(f"{letter}: {len(numbers) - len(missing)} of {len(numbers)} met; not met: {' '.join(missing) or 'none'}")
    for name, reason in waiting(source).items():
        if name not in shown:
            print(f"{name} waits: {reason}")
    if "--record" in sys.argv:
        record.write_text("\n".join(name for name in wanted if name in shown) + "\n")
        return 0
    lost = [name for name in record.read_text().split() if name not in shown]
    if lost:
        print("met before and not any more:", " ".join(lost))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
