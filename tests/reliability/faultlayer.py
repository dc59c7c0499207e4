"""The Python side of faultlayer.c: builds it, arms it, and puts together what a power cut would have left."""

import ctypes
import mmap
import os
import pathlib
import random

CALLS = ("any", "open", "write", "fdatasync", "fsync", "syncfs", "rename", "link", "unlink", "ftruncate", "mkdir")
PROMISE, INDEX, SESSIONS = 1, 2, 4  # scopes: what a 250 rests on; the index; the transcripts
NOTHING, FAIL, KILL = 0, 1, 2
FOREVER = 0x7FFFFFFF


class Control(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("action", "call", "error", "span", "scopes")] + [
        ("countdown", ctypes.c_int32), ("fired", ctypes.c_uint32), ("counts", ctypes.c_uint32 * len(CALLS))]


class FaultLayer:
    """The layer for one data folder. shadow: keep what is durable, for power cuts."""

    def __init__(self, bench, data, shadow=False):
        library = bench.folder / "faultlayer.so"
        if not library.exists():
            source = pathlib.Path(__file__).with_name("faultlayer.c")
            bench.run("cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl", "-lpthread")
        self.data = data
        self.shadow = data.with_name(data.name + ".shadow") if shadow else None
        page = data.with_name(data.name + ".control")
        page.write_bytes(bytes(4096))
        with open(page, "r+b") as file:
            self.control = Control.from_buffer(mmap.mmap(file.fileno(), 4096))
        self.environment = {"LD_PRELOAD": str(library), "GLASSPOST_LAYER_CONTROL": str(page),
                            "GLASSPOST_LAYER_ROOT": str(data)}
        if shadow:
            for part in ("files", "folders"):
                (self.shadow / part).mkdir(parents=True)
            self.environment["GLASSPOST_LAYER_SHADOW"] = str(self.shadow)

    def arm(self, action, call, countdown, error=0, span=1, scopes=PROMISE):
        """The countdown-th such call from now on (0: the next) fails or kills, and span - 1 after it."""
        self.disarm()
        control = self.control
        control.call, control.error, control.span, control.scopes = CALLS.index(call), error, span, scopes
        control.countdown = countdown
        control.action = action

    def disarm(self):
        self.control.action = NOTHING
        self.control.fired = 0

    @property
    def fired(self):
        return self.control.fired




class PowerCut:
    """What the disk holds after a power cut, as one of three disks would have it: one that lost all that was not
    synced ("strict"), one that kept the names and lost the octets ("names"), one that kept a piece of what was
    appended ("torn")."""

    DISKS = ("strict", "names", "torn")

    def __init__(self, layer, disk, dice=random):
        self.layer = layer
        self.disk = disk
        self.dice = dice
        self.made = {}  # key -> path, for hard links
        self.keys = {}  # inode -> key with its birth, of what stands

    def rebuild(self, target):
        root = next(key for key in self._folder_keys() if key.startswith(f"{os.stat(self.layer.data).st_ino}."))
        if self.disk == "strict":
            self._durable_folder(root, target)
        else:
            self._live_folder(root, self.layer.data, target)

    def _folder_keys(self):
        return [entry.name for entry in (self.layer.shadow / "folders").iterdir()]

    def _durable_folder(self, key, target):
        target.mkdir(mode=0o700)
        listing = self.layer.shadow / "folders" / key
        for line in listing.read_text().splitlines() if listing.exists() else ():
            kind, child, name = line.split(" ", 2)
            if kind == "d":
                self._durable_folder(child, target / name)
            else:
                self._file(child, target / name, self._durable_octets(child))

    def _durable_octets(self, key):
        kept = self.layer.shadow / "files" / key
        return kept.read_bytes() if kept.exists() else b""

    def _live_folder(self, key, folder, target):
        target.mkdir(mode=0o700)
        for child in folder.iterdir():
            if child.is_dir():
                self._live_folder(None, child, target / child.name)
                continue
            durable_key = self._key_in_shadow(child)
            durable = self._durable_octets(durable_key) if durable_key else b""
            octets = durable
            if self.disk == "torn":
                octets += self._piece(child.read_bytes()[len(durable):])
            self._file(f"{child.stat().st_ino}", target / child.name, octets)

    def _key_in_shadow(self, path):
        if not self.keys:
            self.keys = {entry.name.split(".")[0]: entry.name
                         for entry in sorted((self.layer.shadow / "files").iterdir(), key=lambda e: e.stat().st_mtime_ns)}
        return self.keys.get(str(path.stat().st_ino))

    def _piece(self, tail):
        """The beginning of it, and a sector of it that was not written."""
        piece = bytearray(tail[:self.dice.randint(0, len(tail))])
        if len(piece) > 1024:
            at = self.dice.randrange(0, len(piece) - 512)
            piece[at:at + 512] = bytes(512)
        return bytes(piece)

    def _file(self, key, target, octets):
        if key in self.made:
            os.link(self.made[key], target)
            return
        target.write_bytes(octets)
        target.chmod(0o600)
        self.made[key] = target
