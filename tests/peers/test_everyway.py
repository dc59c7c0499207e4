"""T48: of more than forty messages, which took every way there is, each fact of the journey is there again: after a restart,
after queue/done and the index were deleted, in another folder, exported and imported again, after a crash; as the servers on the way
tell it; by the command, and in the window."""

import concurrent.futures
import hashlib
import json
import ssl

import deliverytab
import everyway
from everyway import Servers, Willing, kind_of
from peer import check, run, same, wait_for
from test_journey import ask, attempts, forget, journey, lasting, message, place, whole_bars

ENDS = {"refused": "failed", "bounced": "failed", "spurned": "failed", "given": "expired", "expired": "expired",
        "b@mismatch.test": "expired", "b@null.test": "failed"}  # of a kind or an address; else: delivered
NOTIFIED = {"refused": "failure", "bounced": "failure", "spurned": "failure", "given": "failure", "expired": "failure",
            "delayed": "delay", "success": "success", "b@mismatch.test": "failure", "b@null.test": "failure"}
SENDERS = {"listed1": "owner-crew@here.test", "delayed1": "alice@delayed.test", "expired1": "alice@expired.test",
           "released1": "shop@a.test"}
LATER = {"later": "failed", "relayed": "relayed"}
SHOWN = {"later": "bounced", "receipt": "displayed", "removed": ""}  # in the window; else by the state
# What an exchanger's session says of the DNS: the demand, and a note.
DEMANDS = {"plain": ("", "MX plain.test: 10 plain.mx.test (DNSSEC: secure)"),
           "good": ("DANE", "DANE: the certificate matches TLSA 3 1 1"),
           "anchor": ("DANE", "DANE: the certificate matches TLSA 2 0 1"),
           "useless": ("DANE without usable records", "its TLSA records are unusable"),
           "listed": ("MTA-STS", "MTA-STS: policy fetched, id 1"),
           "testing": ("", "MTA-STS (testing): the policy of testing.test does not list"),
           "mismatch": ("DANE", "no TLSA record matches the certificate"), "null": ("", "null.test accepts no mail (null MX)")}


def named(table, recipient, otherwise=None):
    """What the table has of this address or of its kind."""
    return table.get(recipient, table.get(kind_of(recipient), otherwise) if recipient.endswith("@far.test") else otherwise)


def as_told(reply):
    """A reply in one line, as the record has it; none is nothing."""
    if reply is None:
        return ""
    lines = reply.decode().split("\r\n")
    return f"{lines[0][:3]} " + "; ".join(line[4:] for line in lines)


def exchanges(trace):
    """Each command with its reply, by the record."""
    return [(one.get("command", "."), one.get("reply", "")) for one in trace["stages"]
            if "command" in one or one["stage"] == "end-of-data"]


def heard(server):
    return [[(line.decode(), as_told(reply)) for line, reply in session.exchanges] for session in server.sessions]


def kept(trace):
    """Octets of each message that the server took, by the record."""
    stages = trace["stages"]
    return [body["octets"] for body, dot in zip(stages, stages[1:])
            if body["stage"] == "body" and dot.get("reply", "").startswith("250")]


def told_of(named, tell):
    """The same names, with what tell(value) gives: several commands at a time."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return dict(zip(named, pool.map(tell, named.values())))


class Journeys:
    """What the command tells of everything that a household sent, by the queue's number."""

    def __init__(self, sent):
        self.of = told_of(sent, lambda one: journey(one.here, one.id))

    @property
    def traces(self):
        return {trace["session"]: trace for told in self.of.values() for trace in told["traces"]}

    @property
    def lasting(self):
        return {name: lasting(told) for name, told in self.of.items()}


def compare_sessions(sent, servers):
    """Every session that a server saw stands in the records, line by line and reply by reply, and no other does."""
    sessions = [session for server in servers for session in server.sessions]
    wait_for(lambda: all(session.said(b"QUIT") or session.exchanges[-1][1] is None for session in sessions), "the sessions to end")
    wanted = sorted(one for server in servers for one in heard(server))

    def recorded():
        found = Journeys(sent)
        return found if sum(len(exchanges(one)) for one in found.traces.values()) >= sum(map(len, wanted)) else None

    found = wait_for(recorded, "the record of all that was said", pause=1)
    same(sorted(exchanges(trace) for trace in found.traces.values()), wanted)
    for trace in found.traces.values():
        whole_bars(trace)
        same([one["reply"] for one in trace["stages"] if one["stage"] == "greeting"], ["220 mx.test ESMTP"])
        check(trace["port"] in [server.port for server in servers], trace)
    same(sorted(octets for trace in found.traces.values() for octets in kept(trace)),
         sorted(len(octets) for server in servers for octets in server.messages))
    return found


def compare(name, told, sent, account):
    """One journey: its recipients, the code that decided each attempt, what its sender was told, and its events."""
    same((told["damaged"], told["messageId"], told["subject"]), (False, message_id(name), f"Way {name}"))
    if not name.startswith("exchanger-"):
        same(told["from"], SENDERS.get(name, "alice@here.test"), name)
    same(sorted(one["address"] for one in told["recipients"]), sorted(sent.recipients), name)
    same(told["removed"] != "", name == "removed1", name)
    origin = [(one["role"], one["outcome"]) for one in told["sessions"] if one["session"] == told["originSession"]]
    same(origin, [] if name == "released1" else [("server", "completed")], name)  # that was made here, of another one
    same({trace["session"] for trace in told["traces"]}, set(told["attemptSessions"]), name)
    for one in told["recipients"]:
        recipient = one["address"]
        if account:
            same(attempts(told, recipient), account.of[recipient], recipient)
            same(one["attempts"], len(account.of[recipient]), recipient)
        if name != "removed1":
            same(one["state"], named(ENDS, recipient, "delivered"), recipient)
        notified = [event["what"] for event in told["events"]
                    if event["event"] == "notified" and event["recipient"] == recipient]
        wanted = named(NOTIFIED, recipient)
        same(notified, [wanted] if wanted else [], recipient)
    same([event["at"] for event in told["events"]], sorted(event["at"] for event in told["events"]), name)


def message_id(name):
    return f"{name}@here.test"


def in_order(told, *names):
    """These events, in this order, among the others."""
    rest = iter(event["event"] for event in told["events"])
    check(all(name in rest for name in names), names, "in", told["events"])


def compare_words(found):
    """What a person or somebody else did to it."""
    for name in ("held1", "held2"):
        in_order(found[name], "attempted", "held", "released", "attempted")
    in_order(found["given1"], "attempted", "expired", "notified")
    in_order(found["rerouted1"], "attempted", "rerouted", "attempted")
    for name, action in LATER.items():
        (one,) = found[f"{name}1"]["recipients"]
        same((one["later"]["action"], one["later"]["server"]), (action, "mx9.far.test"), name)
        in_order(found[f"{name}1"], "attempted", "report-folded")
    (one,) = found["receipt1"]["recipients"]
    same(one["receipt"]["disposition"].split("; ")[-1].split(";")[-1].strip(), "displayed")
    check(all("later" not in one and "receipt" not in one for name, told in found.items()
              if name not in ("later1", "relayed1", "receipt1") for one in told["recipients"]), "no more came back")
    (lost,) = [event["report"] for event in found["lost1"]["events"] if event["event"] == "attempted"][:1]
    same((lost["result"], lost["stage"]), ("unknown", "end-of-data"))


def compare_exchangers(found, world):
    """Look-ups, DANE, MTA-STS and the certificate, against the zone and the servers behind it."""
    own = hashlib.sha256(ssl.PEM_cert_to_DER_cert((world.certificates.folder / "own.pem").read_text())).hexdigest()
    taken = [f"b@{domain}.test" for domain in everyway.DOMAINS if domain not in ("mismatch", "null")]
    same(sorted(world.keeper.recipients), sorted((one, True) for one in taken))
    same(set(world.keeper.senders), {("exchangers.test", "alice@exchangers.test")})
    for name, told in found.items():
        domain = name.removeprefix("exchanger-")
        demand, note = DEMANDS[domain]
        trace = told["traces"][0]
        whole_bars(trace)
        notes = [one["text"] for stage in trace["stages"] for one in stage.get("notes", [])]
        check(any(note in one for one in notes), note, "in", notes)
        same(trace["demand"], demand, domain)
        if domain == "null":
            same(([one["stage"] for one in trace["stages"]], told["recipients"][0]["last"]["status"]), (["lookup"], "5.1.10"))
            continue
        same((trace["host"], trace["port"]), (f"{domain}.mx.test", world.port))
        same(trace["tls"]["chain"][0]["sha256"].replace(":", "").lower(), own, domain)
        check(bool(trace["tls"].get("fault")) == (domain == "mismatch"), trace["tls"])


def compare_window(here, ids, sent, account):
    """Of every one of these copies the window tells what the servers and the record do; ids: of the copy -> name. Gives the tabs."""
    found = deliverytab.tabs(here, ids)
    same(set(found), set(sent))
    for name, tab in found.items():
        check(not any("no longer kept" in text or "damaged" in text for texts in tab.stations for text in texts), tab.stations)
        for recipient in sent[name].recipients:
            state = named(SHOWN, recipient, deliverytab.STATES[named(ENDS, recipient, "delivered")])
            deliverytab.compare_recipient(tab, recipient, state, account and account.of[recipient],
                                          named(NOTIFIED, recipient) is not None)
    return found


def compare_window_words(found):
    """What a person or somebody else did to it."""
    for name, words in (("removed1", "Removed from the queue"), ("later1", "mx9.far.test reported later"),
                        ("relayed1", "mx9.far.test reported later"), ("receipt1", "Read receipt: displayed")):
        told = [text for texts in found[name].stations for text in texts]
        check(any(text.startswith(words) for text in told), words, "in", told)
        for other, tab in found.items():
            if other != name and words not in ("mx9.far.test reported later",):
                check(not any(text.startswith(words) for texts in tab.stations for text in texts), words, "of", other)


def compare_window_local(here, ids):
    """Nothing is said to have left of mail that did not; ids: of the message -> the session that brought it."""
    for name, tab in deliverytab.tabs(here, {one: one for one in ids}).items():
        same(tab.attempts, [], name)
        told = [text for texts in tab.stations for text in texts]
        check(any(text.startswith("Received from ") for text in told) == bool(ids[name]), told)
        check(not any("@far.test" in text for text in told), told)


def without_a_queue(here):
    """Of mail that stayed here or was put here, no delivery is claimed: message's id -> the session that brought it."""
    for number in (1, 2):
        here.submit("alice@here.test", message=message(f"local{number}"))
    file = here.bench.folder / "imported1.eml"
    file.write_bytes(message("imported1"))
    here.bench.glasspost("import", file, "--mailbox", "alice/Imported", "--data", here.data)

    def find():
        rows = [json.loads(line) for line in here.bench.glasspost(
            "search", "--json", "subject:local1 OR subject:local2 OR subject:imported1", "--data", here.data).stdout.splitlines()]
        return {row["id"]: row["session"] for row in rows} if len(rows) == 3 else None
    ids = wait_for(find, "the three messages")
    same(sorted(bool(session) for session in ids.values()), [False, True, True])
    return ids


def compare_local(here, ids):
    for name, session in ids.items():
        answer = ask(here, name)
        same((answer["journeys"], answer["arrival"].get("session", "")), ([], session), name)


def copies(here, sent):
    """A copy of each in Sent, as another program puts it there; id of the message -> name."""
    folder = here.data / "mail" / "alice" / ".Sent"
    here.listener.stop()
    ids = {place(folder, message(name).replace(b"\r\n", b"\n"), one.id, number): name
           for number, (name, one) in enumerate(sent.items())}
    here.start()
    return ids


def move_to_archive(here):
    """All of Sent, in another program's way."""
    here.listener.stop()
    sent, archive = here.data / "mail" / "alice" / ".Sent", here.data / "mail" / "alice" / ".Archive"
    for part in ("cur", "new", "tmp"):
        (archive / part).mkdir(parents=True, exist_ok=True)
    (archive / "maildirfolder").touch()
    for file in (sent / "cur").iterdir():
        file.rename(archive / "cur" / file.name)
    here.start()


def by_copies(here, ids, folder):
    """Name -> what lasts of its journey, asked for by the copy in that folder."""
    def told(id_of_copy):
        answer = ask(here, id_of_copy)
        same(answer["message"]["folder"], folder, ids[id_of_copy])
        (only,) = answer["journeys"]
        return lasting(only)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return dict(zip(ids.values(), pool.map(told, ids)))


def brought_back(here, names):
    """What was exported and imported again, of which nothing but the Message-ID tells where it came from; id -> name."""
    file = here.bench.folder / "archive.mbox"
    here.bench.glasspost("export", file, "--mailbox", "alice/Archive", "--data", here.data)
    here.bench.glasspost("import", file, "--mailbox", "alice/Again", "--data", here.data)
    rows = [json.loads(line) for line in here.bench.glasspost(
        "search", "--json", "--limit", 1000, "in:Again", "--data", here.data).stdout.splitlines()]
    ids = {row["id"]: row["subject"].removeprefix("Way ") for row in rows}
    same(set(ids.values()), set(names))
    return ids


def test_through_a_smarthost(bench):
    account, willing = Servers(), Willing()
    here, servers, sent = everyway.through_smarthost(bench, account, willing)
    stayed = without_a_queue(here)
    check(len(sent) + len(stayed) + len(everyway.DOMAINS) + 3 >= 40, "messages")  # the other tests send the rest
    found = compare_sessions(sent, servers)
    for recipient, codes in willing.of.items():
        account.of[recipient] += codes
    before = found.lasting
    for name, told in found.of.items():
        compare(name, told, sent[name], account)
    compare_words(found.of)
    compare_local(here, stayed)
    here.restart()
    some = dict(list(sent.items())[::3])  # all of them are asked for after the next start
    same(Journeys(some).lasting, {name: before[name] for name in some}, "after a restart")
    forget(here)
    same(Journeys(sent).lasting, before, "without queue/done and the index")
    compare_local(here, stayed)
    ids = copies(here, sent)
    move_to_archive(here)
    same(by_copies(here, ids, "Archive"), before, "in another folder")
    again = brought_back(here, sent)
    same(by_copies(here, again, "Again"), before, "exported and imported again")
    here.crash()
    words = told_of(sent, lambda one: bench.glasspost("journey", one.id, "--data", here.data).stdout.decode())
    for name, said in words.items():
        check(all(recipient in said for recipient in sent[name].recipients), name, "in words:", said)
    for copies_of in (ids, again):
        shown = compare_window(here, copies_of, sent, account)
        deliverytab.compare_said(shown, servers, as_told)
        compare_window_words(shown)
        here.start()
    compare_window_local(here, stayed)


def lasts(here, servers, sent, account):
    """The same of a household of one message."""
    found = compare_sessions(sent, servers)
    for name, told in found.of.items():
        compare(name, told, sent[name], account)
    before = found.lasting
    here.restart()
    same(Journeys(sent).lasting, before, "after a restart")
    forget(here)
    same(Journeys(sent).lasting, before, "without queue/done and the index")
    deliverytab.compare_said(compare_window(here, copies(here, sent), sent, account), servers, as_told)
    return found.of


def test_delayed(bench):
    account = Servers()
    found = lasts(*everyway.delayed(bench, account), account)
    in_order(found["delayed1"], "attempted", "notified", "attempted")


def test_expired(bench):
    account = Servers()
    found = lasts(*everyway.expired(bench, account), account)
    in_order(found["expired1"], "attempted", "notified")
    check("expired" not in [event["event"] for event in found["expired1"]["events"]], "no person gave it up")


def test_released(bench):
    account = Servers()
    found = lasts(*everyway.released(bench, account), account)
    in_order(found["released1"], "released", "attempt-began", "attempted")


def test_by_exchangers(bench):
    here, world, sent = everyway.by_exchangers(bench)

    def ended():
        found = Journeys(sent)
        last = {told["traces"][-1]["stages"][-1]["stage"] for name, told in found.of.items()
                if told["recipients"][0]["state"] == "delivered"}
        return found if last == {"quit"} else None

    found = wait_for(ended, "the sessions to end", pause=2)
    for name, told in found.of.items():
        compare(name, told, sent[name], None)
    compare_exchangers(found.of, world)
    before = found.lasting
    here.restart()
    same(Journeys(sent).lasting, before, "after a restart")
    forget(here)
    same(Journeys(sent).lasting, before, "without queue/done and the index")
    for name, tab in compare_window(here, copies(here, sent), sent, None).items():
        domain = name.removeprefix("exchanger-")
        said = "".join(row.text for row in tab.rows)
        check("".join(DEMANDS[domain][1].split()) in said, DEMANDS[domain][1], "in", said)
        check(domain == "null" or f"Host:{domain}.mx.test" in said, said)


if __name__ == "__main__":
    run(globals())
