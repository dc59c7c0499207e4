"""The window under Xvfb: how soon it stands, how much memory it takes, and whether it stays usable under load."""

import os
import re
import shutil
import signal
import subprocess
import time

from glasspost import indexed, memory, wait_port, with_settings
from peer import free_port, program, wait_for

LISTENER = "[listener]\nbindings = 1\n\n[binding]\naddress = 127.0.0.1\nport = {port}\n"


class Display:
    """An X server of our own, on whichever display is free."""

    def __init__(self, bench, size="1400x900"):
        reading, writing = os.pipe()
        bench.start(program("Xvfb", "xvfb"), "-displayfd", writing, "-screen", "0", f"{size}x24", "-nolisten", "tcp",
                    pass_fds=(writing,), stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as said:
            self.name = f":{said.readline().strip()}"
        self.environment = {**bench.environment, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb",
                            "NO_AT_BRIDGE": "1"}


class Window:
    """The program with the meter, its listener on a port of its own. settings: what stands before that."""

    def __init__(self, bench, display, meter, data, settings=""):
        self.data = data
        self.port = free_port()
        with_settings(data, settings + LISTENER.format(port=self.port))
        self.errors = bench.folder / f"window-{time.monotonic_ns()}"
        with open(self.errors, "wb") as errors:
            self.process = bench.start(meter, "--data", data, env=display.environment, stderr=errors)
        wait_port(self.port)

    def stop(self):
        """Ends it; gives the longest stall of its event loop in milliseconds, gross and net."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        told = self._stalls()
        return told[-1] if told else (float("inf"), float("inf"))

    def stall(self):
        """The longest since the start or the last call, gross and net."""
        before = len(self._stalls())
        self.process.send_signal(signal.SIGUSR1)
        return wait_for(lambda: self._stalls()[before:], "the meter")[0]

    def _stalls(self):
        told = re.findall(r"STALL (\S+) (\S+)\n", self.errors.read_text(errors="replace"))
        return [(float(gross), float(net)) for gross, net in told]


def settled(window):
    """Past the meter's starting time, and quiet."""
    end = time.monotonic() + 3.5
    wait_for(lambda: time.monotonic() > end, "the start to be over")


def first_window(display, command, environment, bench, data):
    """Seconds from the start of the program to the mapping of its first large window, and its memory two seconds
    later. The X server itself says when."""
    from Xlib import X, display as xdisplay
    watcher = xdisplay.Display(display.name)
    watcher.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
    watcher.sync()
    began = time.monotonic()
    process = bench.start(*command, env={**display.environment, **environment}, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
    took = None
    while took is None:
        event = watcher.next_event()
        if event.type == X.MapNotify and event.window.get_geometry().width > 300:
            took = time.monotonic() - began
    watcher.close()
    end = time.monotonic() + 2
    wait_for(lambda: time.monotonic() > end, "the program to settle")
    resident = memory(process)
    process.terminate()
    process.wait(60)
    return took, resident


SYLPHEED = """<?xml version="1.0" encoding="UTF-8"?>
<folderlist><folder type="mh" name="Mail" path="Mail"><folderitem type="inbox" name="inbox" path="inbox"/></folder></folderlist>
"""


def home_of(bench, part, name):
    """A home folder for a part of the bench, in which the peer finds a mailbox and an account, so that it asks nothing."""
    home = bench.folder / f"home-{part}-{name}"
    (home / "Mail" / "inbox").mkdir(parents=True)
    rc = home / (".sylpheed-2.0" if name == "sylpheed" else ".claws-mail")
    rc.mkdir()
    account = ("[Account: 1]\naccount_name=a\nis_default=1\nname=a\naddress=a@example.test\nprotocol=0\n"
               "receive_server=localhost\nsmtp_server=localhost\nuser_id=a\n")
    (rc / "accountrc").write_text(account)
    (rc / "folderlist.xml").write_text(SYLPHEED)
    return {"HOME": str(home)}


def copy_of(data, bench, name):
    folder = bench.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(data, folder, symlinks=True)
    return folder
