#!/usr/bin/env python3
"""Which lines of the conformance catalogues are met, and which are not.

    report.py SOURCE_DIR             prints both; fails when a line that tests/conformance/met.txt names is met no longer
    report.py SOURCE_DIR --record    writes met.txt anew

A line of the server's or the client's catalogue (S1 to S120, C1 to C68) is met when a test of that name goes over a real
socket: a file tests/dialogues/*/s017-*.txt, a row "S17 ..." of a test function that opens a socket, or a row of a test
of the program itself (tests/peers, tests/reliability). A fault (F) or a case that fell short (T) is met by any test row of
its name. tests/conformance/waiting.txt names the rows that wait for other work, each with the reason.
"""
import pathlib
import re
import sys

CATALOGUE = {
    "S": range(1, 121),
    "C": range(1, 69),
    # The faults of docs/catalogue/faults.md that concern the wire, the queue and the files; reading and showing have tests too.
    "F": [*range(1, 13), *range(25, 35), *range(37, 42)],
    "T": range(1, 120),
}
ROW = re.compile(r'"((?:[SCFT]\d+(?:[ :,]+|"))+)')  # "C57 F34 SERVFAIL" shows both
SOCKET = re.compile(r"\bHouse\b|\bQTcpSocket\b|\bQSslSocket\b|\bQTcpServer\b|\bClientSession\b|\bMailSystem\b|\bsocketSession\b")
FUNCTION = re.compile(r"^( *)void (?:\w+::)?(\w+)\(\)[^;\n]*\n\1\{\n(.*?)^\1\}$", re.M | re.S)


def rows(text):
    for names in ROW.findall(text):
        yield from re.findall(r"([SCFT])(\d+)", names)


def from_dialogues(source):
    for path in sorted(source.glob("tests/dialogues/*/*.txt")):
        if match := re.match(r"([scft])(\d+)-", path.name):
            yield match[1].upper(), int(match[2]), path.name


def from_programs(source):
    """Rows of each data function, counted when the test they feed (or the file's helpers it calls) opens a socket."""
    for path in sorted(source.glob("tests/*/tst_*.cpp")):
        text = path.read_text()
        functions = {name: body for _, name, body in FUNCTION.findall(text)}
        helpers = text.split("private Q_SLOTS:")[0]
        for name, body in functions.items():
            if not name.endswith("_data"):
                continue
            test = functions.get(name.removesuffix("_data"), "")
            called = [part for part in re.split(r"\n\n", helpers)
                      if any(re.search(rf"\b{word}\(", part.split("\n{")[0]) for word in set(re.findall(r"\b(\w+)\(", test)))]
            over_socket = bool(SOCKET.search(test) or any(SOCKET.search(part) for part in called))
            for letter, number in rows(body):
                if over_socket or letter in "FT":
                    yield letter, int(number), f"{path.name} {name.removesuffix('_data')}"


def from_scripts(source):
    """Tests of the program: what a function or a table row says begins with the line's number."""
    for path in sorted(path for room in ("peers", "reliability", "structure", "bench") for path in source.glob(f"tests/{room}/*.py")):
        for letter, number in rows(path.read_text()):
            yield letter, int(number), path.name


def met(source):
    shown = {}
    for letter, number, where in [*from_dialogues(source), *from_programs(source), *from_scripts(source)]:
        if number in CATALOGUE[letter]:
            shown.setdefault(f"{letter}{number}", []).append(where)
    return shown


def waiting(source):
    lines = (source / "tests/conformance/waiting.txt").read_text().splitlines()
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))


def main():
    source = pathlib.Path(sys.argv[1])
    record = source / "tests/conformance/met.txt"
    shown = met(source)
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
