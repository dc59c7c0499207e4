"""Where the queue of a whole Glasspost takes mail: C55 to C62, with a nameserver and exchangers of the test's own."""

import datetime
import time

from fakeclock import FakeClock
from household import Household, direct, smarthost
from nameserver import NXDOMAIN, SERVFAIL, SILENT, Nameserver, address, alias, mx
from peer import check, free_port, run, same, wait_for
from scripted import Scripted

HOSTS = [f"127.0.6.{number}" for number in range(1, 9)]


def exchangers(bench, hosts, answer=lambda line, session: None, greeting=b"220 mx.test ESMTP"):
    """Host -> its server; all on one port, as exchangers are."""
    first = Scripted(bench, answer, hosts[0], greeting=greeting)
    return {hosts[0]: first, **{host: Scripted(bench, answer, host, first.port, greeting) for host in hosts[1:]}}


def port_of(servers):
    return next(iter(servers.values())).port


def taken(servers):
    return [host for host, server in servers.items() for _ in server.messages]


def send(bench, nameserver, domain, port, code=0):
    return bench.glasspost("send", "--from", "a@client.test", "--to", f"b@{domain}", "--direct", "--nameserver",
                           nameserver.place, "--port", port, "--tls", "none", code=code).stdout.decode()


def test_greylisting(bench):
    """C55: the first retry comes 5 to 15 minutes later, with the same sender, recipient and address."""
    clock = FakeClock(bench)
    seen = []

    def answer(line, session):
        if line.startswith(b"RCPT"):
            seen.append(session)
            return b"451 4.7.1 greylisted, come again" if len(seen) == 1 else None
        return None

    server = Scripted(bench, answer)
    here = Household(bench, smarthost(server.port), retry="", environment=clock.environment)
    began = time.time()
    here.submit("b@far.test")
    deferred = here.wait_recipient("b@far.test", lambda one: one["state"] == "deferred" and "last" in one)
    same(deferred["last"]["reply"], "451 4.7.1 greylisted, come again")
    wait = datetime.datetime.fromisoformat(deferred["nextAttempt"]).timestamp() - began
    check(5 * 60 - 2 <= wait <= 15 * 60, "the next attempt is planned in", wait, "seconds")
    here.listener.stop()
    clock.set("+200")
    here.start()
    here.submit("alice@here.test")
    wait_for(lambda: here.mail(), "other mail, while this one waits")
    same(len(server.sessions), 1, "sessions before its time")
    here.listener.stop()
    clock.set("+320")
    here.start()
    here.wait_empty()
    first, second = server.sessions
    for verb in (b"EHLO", b"MAIL", b"RCPT"):
        same(second.said(verb), first.said(verb))
    same((second.peer, len(second.messages)), (first.peer, 1))


def test_null_mx(bench):
    """C56: bounced at once, 5.1.10, and nobody is asked."""
    servers = exchangers(bench, HOSTS[:1])
    nameserver = Nameserver(bench, {"null.test": [mx(0, ""), address(HOSTS[0])]})
    here = Household(bench, direct(nameserver, port_of(servers)))
    here.submit("b@null.test")
    (report,) = here.wait_reports(1)
    same(report.told, [("b@null.test", "failed", "5.1.10")])
    here.wait_empty()
    same(servers[HOSTS[0]].sessions, [])
    check("5.1.10" in send(bench, nameserver, "null.test", port_of(servers), code=68), "said at once")


def test_no_such_domain_and_sick_nameservers(bench):
    """C57: NXDOMAIN bounces at once, 5.1.2; SERVFAIL and silence wait, 4.4.3."""
    nameserver = Nameserver(bench, {"sick.test": SERVFAIL, "silent.test": SILENT})
    here = Household(bench, direct(nameserver, free_port()), retry="")
    here.submit("b@nowhere.test", "c@sick.test", "d@silent.test")
    told = []
    for name in ("c@sick.test", "d@silent.test"):
        one = here.wait_recipient(name, lambda one: one["state"] == "deferred" and "last" in one)
        told.append(one["last"]["status"])
    same(told, ["4.4.3", "4.4.3"])
    (report,) = here.wait_reports(1)
    same(report.told, [("b@nowhere.test", "failed", "5.1.2")])
    check(nameserver.asked["silent.test", 15] > 1, "the silent one was asked again")


def test_without_mx(bench):
    """C58: no MX leads to the domain's own address, IPv4 or IPv6; an MX without an address never does: it
    bounces at once."""
    servers = exchangers(bench, HOSTS[:2])
    six = Scripted(bench, address="::1", port=port_of(servers))
    nameserver = Nameserver(bench, {"plain.test": [address(HOSTS[0])], "six.test": [address("::1")],
                                    "empty.test": [mx(10, "gone.test"), address(HOSTS[1])]})
    here = Household(bench, direct(nameserver, port_of(servers)), retry="")
    here.submit("a@plain.test", "b@six.test", "c@empty.test")
    (report,) = here.wait_reports(1)
    same(report.told, [("c@empty.test", "failed", "5.4.4")])
    here.wait_empty()
    same((taken(servers), len(six.messages)), ([HOSTS[0]], 1))
    same(servers[HOSTS[1]].sessions, [], "the address beside an MX")


def test_aliases(bench):
    """C59: an alias is followed, for the domain and for its exchanger; sixteen are too many, a circle bounces."""
    zone = {"alias.test": [alias("real.test")], "real.test": [mx(10, "host.test")], "host.test": [alias("box.test")],
            "box.test": [address(HOSTS[0])], "one.test": [alias("two.test")], "two.test": [alias("one.test")]}
    zone.update({f"l{number}.test": [alias(f"l{number + 1}.test")] for number in range(20)})
    zone["l20.test"] = [mx(10, "box.test")]
    servers = exchangers(bench, HOSTS[:1])
    here = Household(bench, direct(Nameserver(bench, zone), port_of(servers)))
    here.submit("a@alias.test", "b@one.test", "c@l0.test")
    (report,) = here.wait_reports(1)
    same(sorted(report.told), [("b@one.test", "failed", "5.4.6"), ("c@l0.test", "failed", "5.4.6")])
    here.wait_empty()
    same(servers[HOSTS[0]].said(b"RCPT"), [b"RCPT TO:<a@alias.test>"])


def test_preference_and_five_addresses(bench):
    """C60: by preference, five addresses at most."""
    servers = exchangers(bench, HOSTS[:7], greeting=b"450 4.3.2 not now")
    records = [mx(10 * number, f"mx{number}.test") for number in (3, 7, 1, 6, 4, 2, 5)]
    zone = {f"mx{number}.test": [address(host)] for number, host in enumerate(HOSTS[:7], 1)}
    send(bench, Nameserver(bench, {"order.test": records, **zone}), "order.test", port_of(servers), code=75)
    met = sorted((session.began, host) for host, server in servers.items() for session in server.sessions)
    same([host for _, host in met], HOSTS[:5])


def test_equal_preferences_are_shuffled(bench):
    """C60: each of two equals gets its share: sixteen messages to one alone come by chance once in 32,768 times."""
    servers = exchangers(bench, HOSTS[:3])
    nameserver = Nameserver(bench, {"equal.test": [mx(10, "one.test"), mx(10, "two.test"), mx(20, "three.test")],
                                    "one.test": [address(HOSTS[0])], "two.test": [address(HOSTS[1])],
                                    "three.test": [address(HOSTS[2])]})
    for _ in range(16):
        send(bench, nameserver, "equal.test", port_of(servers))
    same((set(taken(servers)), len(taken(servers))), (set(HOSTS[:2]), 16))


def test_ipv6_before_ipv4(bench):
    """C60: IPv6 first, then IPv4 of the same exchanger, then the next one."""
    servers = exchangers(bench, [HOSTS[0], "::1"], greeting=b"421 4.3.2 not here")
    last = Scripted(bench, address=HOSTS[1], port=port_of(servers))
    nameserver = Nameserver(bench, {"both.test": [mx(10, "both.mx.test"), mx(20, "last.mx.test")],
                                    "both.mx.test": [address(HOSTS[0]), address("::1")], "last.mx.test": [address(HOSTS[1])]})
    send(bench, nameserver, "both.test", port_of(servers))
    (six,), (four,), (end,) = servers["::1"].sessions, servers[HOSTS[0]].sessions, last.sessions
    check(six.began < four.began < end.began, "the order", six.began, four.began, end.began)
    same(len(end.messages), 1)


def test_private_exchangers(bench):
    """C62: an exchanger at a loopback or private address gets nothing, unless that is allowed."""
    servers = exchangers(bench, HOSTS[:1])
    six = Scripted(bench, address="::1", port=port_of(servers))
    hosts = {"loop.test": HOSTS[0], "six.test": "::1", "ten.test": "10.1.2.3", "local.test": "fe80::1"}
    zone = {name: [mx(10, f"mx.{name}")] for name in hosts}
    zone.update({f"mx.{name}": [address(host)] for name, host in hosts.items()})
    zone["plain.test"] = [address(HOSTS[0])]  # an implicit exchanger
    nameserver = Nameserver(bench, zone)
    here = Household(bench, direct(nameserver, port_of(servers), "allow-private-addresses = no"))
    for name in [*hosts, "plain.test"]:
        here.submit(f"b@{name}")
    told = sorted(one for report in here.wait_reports(5) for one in report.told)
    same(told, sorted((f"b@{name}", "failed", "5.4.4") for name in [*hosts, "plain.test"]))
    same(servers[HOSTS[0]].sessions + six.sessions, [])
    here.listener.stop()
    here.route(direct(nameserver, port_of(servers), "allow-private-addresses = yes"))
    here.start()
    here.submit("b@loop.test", "c@six.test")
    here.wait_empty()
    same((taken(servers), len(six.messages)), ([HOSTS[0]], 1))


if __name__ == "__main__":
    run(globals())
