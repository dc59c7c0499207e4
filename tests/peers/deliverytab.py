"""What the window tells of a message in its Delivery tab, and whether it is what the servers on the way tell."""

import json
import os
import pathlib

from peer import WAIT, check, same

VERBS = (b"MAIL", b"RCPT", b"DATA", b".")
STATES = {"delivered": "delivered", "failed": "refused", "expired": "given up"}  # by the record -> in the window


class Row:
    """One of the waterfall, a stage: what it says under the pointer."""

    def __init__(self, lines):
        self.kind = lines[0].split(": ")[0]
        self.text = "".join("".join(lines).split())  # long lines are divided somewhere
        commands = [line[3:] for line in lines if line.startswith("C: ")]
        replies = [line[3:] for line in lines if line.startswith("S: ")]
        self.command = commands[0] if commands else "." if self.kind == "End of the message" else ""
        self.reply = f"{replies[0][:3]} " + "; ".join(line[4:] for line in replies) if replies else ""

    @property
    def exchange(self):
        return self.command, self.reply


class Tab:
    def __init__(self, told):
        self.stations = told["stations"]
        self.attempts = []  # rows of each
        is_ours = False
        for lines in ([line.replace("\u2060", "") for line in row] for row in told["rows"]):
            is_heading = ": " not in lines[0]
            is_ours = lines[0].startswith("Attempt ") if is_heading else is_ours
            if is_heading and is_ours:
                self.attempts.append([])
            elif is_ours:  # else: how it came
                self.attempts[-1].append(Row(lines))

    @property
    def rows(self):
        return [row for attempt in self.attempts for row in attempt]

    def station(self, recipient):
        found = [texts for texts in self.stations if texts[0] == recipient]
        check(len(found) == 1, recipient, "in", self.stations)
        return found[0]

    def codes(self, recipient):
        """Of each attempt: what the server said of that recipient, or of the message where it was taken; None for nothing."""
        codes = []
        for attempt in self.attempts:
            said = [row.reply for row in attempt if row.command.startswith(f"RCPT TO:<{recipient}>")]
            if said and said[0].startswith("250"):
                said = [row.reply for row in attempt if row.command == "."]
            codes += [int(reply[:3]) if reply else None for reply in said]
        return codes


def tabs(here, names):
    """Name -> what the window tells of it; names: id of the message -> name. Nothing listens any more behind it."""
    here.listener.stop()
    program = os.environ.get("GLASSPOST_DELIVERY_TAB")
    check(program and pathlib.Path(program).exists(), "GLASSPOST_DELIVERY_TAB is to name the program that shows the tab")
    done = here.bench.run(program, here.data, *names, env={"QT_QPA_PLATFORM": "offscreen"}, timeout=WAIT * 5)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    same([one["id"] for one in told], list(names))
    return {names[one["id"]]: Tab(one) for one in told}


def compare_said(found, servers, as_told):
    """Every command about a message, and its reply, is in the tab of one message, and nothing else is."""
    heard = [(line.decode(), as_told(reply)) for server in servers for session in server.sessions
             for line, reply in session.exchanges if line[:4].upper() in VERBS]
    shown = [row.exchange for tab in found.values() for row in tab.rows if row.command[:4].upper().encode() in VERBS]
    same(sorted(shown), sorted(heard), "in the window")


def compare_recipient(tab, recipient, state, codes, is_notified):
    """codes: of its attempts, by the account of the servers; None: there is none."""
    station = tab.station(recipient)
    if state:
        check(state in station, state, "in", station)
    same("The sender was notified" in station, is_notified, recipient)
    if codes is None:
        return
    same(tab.codes(recipient), codes, f"{recipient} in the window")
    attempts = f"{len(codes)} attempt{'' if len(codes) == 1 else 's'}"
    check(attempts in station, attempts, "in", station)
    if codes[-1] is not None and state != STATES["expired"]:
        check(any(text.startswith(str(codes[-1])) for text in station), codes[-1], "in", station)
