"""The clock of a program under test, as libfaketime sets it: the wall's alone, as a person or a time server sets it."""

import pathlib

from peer import check, program


class FakeClock:
    def __init__(self, bench, name="clock"):
        program("faketime", "faketime")
        libraries = list(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        check(libraries, "libfaketimeMT.so.1 is missing: install the package faketime")
        self.file = bench.folder / name
        self.environment = {
            "LD_PRELOAD": str(libraries[0]), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
            "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}
        self.set("+0")

    def set(self, offset):
        """"+365d", "-1d", "+8h": so far from the real time, at once."""
        self.file.write_text(offset + "\n")
