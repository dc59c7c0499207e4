"""Runs clang-tidy with the tree's .clang-tidy over every source of the rooms, two at a time; fails on any finding.
What is read is what the build compiles, a source or a file that includes ten of them; several of those at once, since
Qt's headers, which clang-tidy walks through anew each time, take it three times as long as ten sources do."""

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
AT_ONCE = 4  # such files; of more, too many have names in common


def is_of_rooms(file, root, build):
    """A source of a room, or a file that stands for some; not what CMake, moc and rcc wrote."""
    below = [os.path.realpath(os.path.join(top, room)) + os.sep for top in (root, build) for room in ROOMS]
    return any(file.startswith(top) for top in below) and not re.search("_autogen|cmake_pch", file) and "/.rcc/" not in file


def precompile(compiler, entry, header, target):
    """The room's precompiled header once more, by Clang, so that each file's own text is all there is to read."""
    words = shlex.split(HEADER.sub("", entry["command"]))
    start = next(i for i, word in enumerate(words) if word.endswith(("g++", "c++")) or "g++-" in word or "clang++" in word)
    options = words[start + 1:words.index("-o")]
    subprocess.run([compiler, *options, "-x", "c++-header", header, "-o", str(target)], cwd=entry["directory"], check=True)


def clang_database(compiler, root, build, target):
    """compile_commands.json of the rooms as Clang can read it, in target; the files that the build compiles, and what to
    read in their place: file -> those of them that it includes."""
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text(encoding="utf-8"))
    entries = [e for e in entries if is_of_rooms(os.path.realpath(e["file"]), root, build)]
    target.mkdir(parents=True, exist_ok=True)
    made = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for entry in entries:
            entry["command"] = UNKNOWN.sub("", entry["command"])
            if header := HEADER.search(entry["command"]):
                name = header.group(1)
                if name not in made:
                    file = target / f"{len(made)}.pch"
                    made[name] = file, pool.submit(precompile, compiler, dict(entry), name, file)
                entry["command"] = HEADER.sub(f"-include-pch {made[name][0]}", entry["command"])
    for _, work in made.values():
        work.result()
    joint, joined = join(entries, target)
    (target / "compile_commands.json").write_text(json.dumps(entries + joint), encoding="utf-8")
    return {os.path.realpath(e["file"]) for e in entries}, joined


def join(entries, target):
    """Entries that compile some joined files of one folder as one; file -> the files in it, also for what stays alone."""
    folders = {}
    for entry in entries:
        alone = "/joined/" not in entry["file"]
        folders.setdefault(entry["file"] if alone else os.path.dirname(entry["file"]), []).append(entry)
    joint, joined = [], {}
    for some in folders.values():
        some.sort(key=lambda e: [int(n) for n in re.findall(r"\d+", os.path.basename(e["file"]))])
        for begin in range(0, len(some), AT_ONCE):
            parts = [entry["file"] for entry in some[begin:begin + AT_ONCE]]
            file = parts[0]
            if len(parts) > 1:
                file = str(target / f"joined{len(joint)}.cxx")
                pathlib.Path(file).write_text("".join(f'#include "{part}"\n' for part in parts), encoding="utf-8")
                joint.append({**some[begin], "file": file, "command": some[begin]["command"].replace(parts[0], file)})
            joined[file] = parts
    return joint, joined


def covered(root, files):
    """The sources that these files are, or include."""
    found = set(files)
    for file in files:
        if "/joined/" in file:
            found |= {os.path.realpath(os.path.join(root, p)) for p in re.findall(r'#include "(.+?)"', pathlib.Path(file).read_text())}
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
    known, joined = clang_database(compiler, root, build, folder)
    wrong = unseen(program, root, folder)
    if wrong:
        print("planted lines that .clang-tidy lets pass, or sound ones that it does not:", *wrong, sep="\n")
        return 1
    unread = {os.path.realpath(os.path.join(root, s)) for s in sources(root, ROOMS, (".cpp",))} - covered(root, known)
    if unread:
        print("not in the build, so not checked:", *sorted(unread))
        return 1

    def read(name):
        run = subprocess.run([program, "-p", str(folder), "--quiet", THREAD_SAFETY, name], cwd=root, capture_output=True, text=True,
                             check=False)
        return run.stdout + run.stderr if run.returncode else ""

    def check(name):
        """What is wrong with the parts of it; a finding in all of them at once may be of two that have a name in common."""
        text, parts = read(name), joined[name]
        if not text or len(parts) == 1:
            return text, ""
        apart = "".join(f"== {part}\n{found}" for part in parts if (found := read(part)))
        return apart, "" if apart else f"-- read once more, each on its own: {' '.join(parts)}\n{text}"

    faults = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for text, hint in pool.map(check, sorted(joined, key=lambda name: -len(joined[name]))):
            faults += bool(text)
            print(text + hint, end="", flush=True)
    print(f"{len(covered(root, known))} sources read, {faults} of {len(joined)} compilations with findings")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
