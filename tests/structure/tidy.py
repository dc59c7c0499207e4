"""Runs clang-tidy with the tree's .clang-tidy over every source of the rooms, two at a time; fails on any finding.
What is read is what the build compiles: a source, or a unity file that includes ten of them."""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

from sources import ROOMS, sources

# Options of GCC, of its launcher and of its precompiled headers that Clang must not see.
UNKNOWN = re.compile(r"\s(-fpch-preprocess|-Wno-subobject-linkage|-Werror|-Winvalid-pch|-fsanitize=\S+|-fno-sanitize-recover=\S+)")
HEADER = re.compile(r"-include (\S+cmake_pch\.hxx)")


def is_of_rooms(file, root, build):
    """A source of a room, or a unity file that stands for some; not what moc and rcc wrote."""
    below = [os.path.realpath(os.path.join(top, room)) + os.sep for top in (root, build) for room in ROOMS]
    return any(file.startswith(top) for top in below) and "_autogen" not in file and "/.rcc/" not in file


def precompile(compiler, entry, header, target):
    """The room's precompiled header once more, by Clang, so that each file's own text is all there is to read."""
    words = shlex.split(HEADER.sub("", entry["command"]))
    start = next(i for i, word in enumerate(words) if word.endswith(("g++", "c++")) or "g++-" in word or "clang++" in word)
    options = words[start + 1:words.index("-o")]
    subprocess.run([compiler, *options, "-x", "c++-header", header, "-o", str(target)], cwd=entry["directory"], check=True)


def clang_database(compiler, root, build, target):
    """compile_commands.json of the rooms as Clang can read it, in target; the files it names."""
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text(encoding="utf-8"))
    entries = [e for e in entries if is_of_rooms(os.path.realpath(e["file"]), root, build)]
    target.mkdir(parents=True, exist_ok=True)
    made = {}
    for entry in entries:
        entry["command"] = UNKNOWN.sub("", entry["command"])
        header = HEADER.search(entry["command"])
        if header:
            if header.group(1) not in made:
                made[header.group(1)] = target / f"{len(made)}.pch"
                precompile(compiler, entry, header.group(1), made[header.group(1)])
            entry["command"] = HEADER.sub(f"-include-pch {made[header.group(1)]}", entry["command"])
    (target / "compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")
    return {os.path.realpath(e["file"]) for e in entries}


def covered(files):
    """The sources that these files are, or include."""
    found = set(files)
    for file in files:
        if "/Unity/" in file:
            found |= {os.path.realpath(p) for p in re.findall(r'#include "(.+?)"', pathlib.Path(file).read_text())}
    return found


# One name a line that the convention forbids, each of another kind.
PLANTED = """namespace Planted { // namespaces: lower_case
class lower_class // types: CamelCase
{
public:
    int Read() const { return value; } // functions: camelBack
    int m_open = 0; // only what is private has a prefix
private:
    int value = 0; // m_value
};
enum class Colour { red }; // enumerators: CamelCase
inline int with_underscore = 0; // variables: camelBack
inline int of(int Number) { return Number; } // parameters: camelBack
} // namespace Planted
"""


# A read and a write of what a mutex guards, without the mutex, and a read with it.
PLANTED_RACE = """#include "mail/base/mutex.h"
class Planted
{
public:
    int peek() const { return m_count; } // read
    void add() { ++m_count; } // written
    int read() { const glasspost::mail::MutexLock lock(m_mutex); return m_count; }
private:
    glasspost::mail::Mutex m_mutex;
    int m_count GUARDED_BY(m_mutex) = 0;
};
"""
THREAD_SAFETY = "--extra-arg=-Wthread-safety"


def unseen(program, root, folder):
    """Planted lines that the tree's rules let pass, and sound ones that they do not."""
    planted = folder / "planted.cpp"
    found = []
    for text in (PLANTED, PLANTED_RACE):
        planted.write_text(text, encoding="utf-8")
        run = subprocess.run([program, "--quiet", f"--config-file={pathlib.Path(root) / '.clang-tidy'}",
                              "--checks=-*,readability-identifier-naming,clang-diagnostic-*", THREAD_SAFETY, str(planted),
                              "--", "-std=c++20", f"-I{root}"], capture_output=True, text=True, check=False)
        seen = {int(n) for n in re.findall(r"planted\.cpp:(\d+):\d+: error: ", run.stdout)}
        found += [line for number, line in enumerate(text.splitlines(), 1)
                  if ("//" in line and not line.startswith("}")) != (number in seen)]
    return found


def main(root, build):
    program = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")
    compiler = shutil.which("clang++-14") or shutil.which("clang++")
    if program is None or compiler is None:
        print("clang-tidy or clang++ is missing: packages clang-tidy-14, clang-14")
        return 1
    folder = pathlib.Path(build) / "tidy"
    known = clang_database(compiler, root, build, folder)
    wrong = unseen(program, root, folder)
    if wrong:
        print("planted lines that .clang-tidy lets pass, or sound ones that it does not:", *wrong, sep="\n")
        return 1
    files = sorted(known)
    unread = {os.path.realpath(os.path.join(root, s)) for s in sources(root, ROOMS, (".cpp",))} - covered(files)
    if unread:
        print("not in the build, so not checked:", *sorted(unread))
        return 1

    def check(name):
        run = subprocess.run([program, "-p", str(folder), "--quiet", THREAD_SAFETY, name], cwd=root, capture_output=True, text=True,
                             check=False)
        return name, run.returncode, run.stdout + (run.stderr if run.returncode else "")

    faults = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, code, text in pool.map(check, files):
            if code:
                faults += 1
                print(f"== {name}\n{text}")
    print(f"{len(covered(files))} sources read, {faults} of {len(files)} compilations with findings")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
