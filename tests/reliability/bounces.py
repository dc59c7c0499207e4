"""C65: killed at one call after another between the last answer of a server and the report that tells of it: the sender
gets exactly one report, whatever the moment."""

import itertools

from faultlayer import KILL, FaultLayer
from household import Household, smarthost
from listener import ENVIRONMENT
from peer import WAIT, check, wait_for
from scripted import Gate, Scripted


def kill_before_report(bench, findings, step):
    """Every step-th call, until a whole story passes without being killed."""
    for place in itertools.count(0, step):
        if not one_kill(bench, findings, place):
            return


def one_kill(bench, findings, place):
    """Whether it was killed before the report stood in the mailbox and nothing was left in the queue."""
    gate = Gate(b"RCPT", b"550 5.1.1 no such user")
    server = Scripted(bench, gate.answer)
    domain = f"here{place}.test"
    layer = FaultLayer(bench, bench.folder / domain)
    here = Household(bench, smarthost(server.port), domain, environment={**ENVIRONMENT, **layer.environment})
    here.submit("nobody@far.test", sender=f"alice@{domain}")
    check(gate.reached.wait(WAIT), "the last attempt")
    layer.arm(KILL, "any", place)
    gate.open.set()
    process = here.listener.process
    wait_for(lambda: process.poll() is not None or (here.reports() and not here.entries()), "the kill or the report")
    killed = process.poll() is not None
    layer.disarm()
    if killed:
        findings["kills before a report"] += 1
        here.start()
    reports = here.wait_reports(1)
    here.wait_empty()
    here.restart()
    check(here.reports()[0].told == reports[0].told, "another report than before")
    findings["reports told twice"] += len(here.reports()) - 1
    here.listener.stop()
    server.end()
    return killed
