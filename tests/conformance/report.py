#!/usr/bin/env python3
"""Which rows of the conformance catalogue (docs/catalogue) a test shows, and which it does not.

    report.py SOURCE_DIR [BUILD_DIR]             prints both, and fails: on a row that met.txt names and no test shows any more;
                                                 on one that no test shows and waiting.txt does not name; on one that a test
                                                 shows and met.txt does not name, or waiting.txt does
    report.py SOURCE_DIR [BUILD_DIR] --record    writes met.txt anew

The rows are those that the catalogue's tables define. A test shows a row when it is registered under its number: a scripted
session by its file's name; a Qt test by its data tag, "S17 RCPT before MAIL", for which the built program is asked (BUILD_DIR,
by default build/asan); a Python test by the beginning of its docstring, "C57 F34: ...", or of its module's, for which the
module is imported (pythontests.py). That a test runs and passes is for ctest to say; of tests/bench only load.py is one of
ctest's, so T72 is shown by tests/bench/run alone.

A row of the server's or the client's catalogue (S, C) counts when its test goes over a real socket: a scripted session, a
Python test, or a test function that tests/conformance/oversocket.txt names. A fault (F) or a case (T) counts with any test.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "structure"))

from citations import CATALOGUE, DEFINED  # noqa: E402

NUMBERS = re.compile(r"(?:[SCFT]\d+(?:[ :,]+|$))+")  # "C57 F34 SERVFAIL" shows both
PYTHON_TESTS = {"peers": "test_*.py", "reliability": "*.py", "bench": "receiving.py"}
PYTHON = "/usr/bin/python3"  # Debian's own, to which the peers' modules belong


def catalogue(source):
    """The numbers of all rows, S before C, F and T, each letter's in order."""
    numbers = {number for path in (source / CATALOGUE).glob("*.md") for number in DEFINED.findall(path.read_text())}
    return sorted(numbers, key=lambda number: ("SCFT".index(number[0]), int(number[1:])))


def rows(tag):
    match = NUMBERS.match(tag)
    return re.findall(r"[SCFT]\d+", match[0]) if match else []


def from_dialogues(source):
    for path in sorted(source.glob("tests/dialogues/*/*.txt")):
        if match := re.match(r"([scft])0*(\d+)-", path.name):
            yield f"{match[1].upper()}{match[2]}", path.name


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
            for row in rows(tag):
                if row[0] in "FT" or f"{name} {function}" in over_socket:
                    yield row, f"{name} {function}"


def from_python(source):
    for folder, pattern in PYTHON_TESTS.items():
        run = subprocess.run([PYTHON, HERE / "pythontests.py", source / "tests" / folder, pattern], stdout=subprocess.PIPE,
                             text=True, check=True, timeout=60)
        for module, function, docstring in (line.split("\t", 2) for line in run.stdout.splitlines()):
            for row in rows(docstring):
                yield row, f"{module} {function}"


def met(source, build):
    shown = {}
    for row, where in [*from_dialogues(source), *from_programs(source, build), *from_python(source)]:
        shown.setdefault(row, []).append(where)
    return shown


def waiting(source):
    """Row -> reason."""
    lines = (source / "tests/conformance/waiting.txt").read_text().splitlines()
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))


def faults(defined, shown, recorded, waits):
    """What does not agree between the catalogue's rows, the tests and the two lists."""
    known = set(defined)
    found = {
        "met before, and no test shows it any more": [row for row in recorded if row not in shown],
        "shown by no test, and without a reason in waiting.txt": [row for row in defined if row not in shown and row not in waits],
        "shown by a test, and not in met.txt (report.py --record)": [row for row in defined if row in shown and row not in recorded],
        "in waiting.txt, though a test shows it": [row for row in waits if row in shown],
        f"without a row in {CATALOGUE}": sorted({*shown, *recorded, *waits} - known),
    }
    return [f"{' '.join(numbers)}: {words}" for words, numbers in found.items() if numbers]


def can_fail():
    """Each kind of disagreement is seen, and agreement is none."""
    defined, shown, recorded, waits = ["S1", "F2", "T3"], {"S1": ["x"], "T3": ["y"]}, ["S1", "T3"], {"F2": "why"}
    return (not faults(defined, shown, recorded, waits) and faults(defined, {"S1": ["x"]}, recorded, waits)
            and faults(defined, shown, recorded, {}) and faults(defined, shown, ["S1"], waits)
            and faults(defined, shown, recorded, {**waits, "T3": "why"}) and faults(["S1", "F2"], shown, recorded, waits)
            and rows("C57 F34 SERVFAIL") == ["C57", "F34"] and rows("F31: each call") == ["F31"] and not rows("the F31"))


def main():
    assert can_fail()
    folders = [pathlib.Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    source = folders[0]
    build = folders[1] if len(folders) > 1 else source / "build/asan"
    record = source / "tests/conformance/met.txt"
    defined = catalogue(source)
    shown = met(source, build)
    waits = waiting(source)
    for letter in "SCFT":
        numbers = [number for number in defined if number.startswith(letter)]
        missing = [number for number in numbers if number not in shown]
        print(f"{letter}: {len(numbers) - len(missing)} of {len(numbers)} met; not met: {' '.join(missing) or 'none'}")
    for row, reason in waits.items():
        print(f"{row} waits: {reason}")
    if "--record" in sys.argv:
        record.write_text("\n".join(row for row in defined if row in shown) + "\n")
    found = faults(defined, shown, record.read_text().split(), waits)
    print("\n".join(found) or "every row is shown by a test, or waits with a reason")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
