"""The project's own C++ files, as git knows them (or as they lie, in a tree without git)."""

import pathlib
import subprocess

ROOMS = ["smtp", "mail", "ui", "app"]


def sources(root, folders, endings=(".cpp", ".h")):
    """Paths relative to root of every C++ file below the folders, sorted."""
    root = pathlib.Path(root)
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "--", *folders],
        capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.split("\n")
    else:
        names = [str(p.relative_to(root)) for f in folders for p in (root / f).rglob("*")]
    found = sorted(n for n in set(names) if n.endswith(endings) and (root / n).is_file())
    if not found:
        raise SystemExit(f"no sources below {folders}: this check would check nothing")
    return found
