"""Rules as a person has them without a window: in as Sieve, at work as mail comes, tried, applied, and out again."""

import contextlib
import json
import smtplib

from peer import check, run, same, wait_for

RULES = """require ["fileinto", "envelope", "vnd.dovecot.pipe", "copy"];
# rule:[Lists]
if header :contains "List-Id" "lists.test" { fileinto "Lists/dev"; stop; }
# rule:[Load]
if envelope :domain :is "to" "load.test" { discard; }
# rule:[Program]
if header :is "Subject" "run" { pipe :copy "/bin/sh" ["-c", "cat >run.eml"]; }
"""


def give(listener, recipient, header):
    with contextlib.closing(smtplib.SMTP("127.0.0.1", listener.port)) as client:
        client.sendmail("a@client.test", [recipient], f"From: a@client.test\r\nTo: {recipient}\r\n{header}\r\n\r\nbody\r\n")
        client.quit()


def lines(done):
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def rules(bench, *words, **more):
    return bench.glasspost("rules", *words, "--data", bench.folder / "data", **more)


def test_at_work(bench):
    script = bench.folder / "rules.sieve"
    script.write_text(RULES)
    rules(bench, "import", script)
    listener = bench.listen()
    same([one["name"] for one in lines(rules(bench, "list", "--json"))], ["Lists", "Load", "Program"])
    give(listener, "b@example.test", "List-Id: <dev.lists.test>\r\nSubject: one")
    give(listener, "b@load.test", "Subject: two")
    give(listener, "b@example.test", "Subject: run")
    same(listener.event("discarded")["to"], ["b@load.test"])
    same(len(listener.wait_files(1, "captured/.Lists.dev")), 1)
    kept = listener.wait_files(1)[0].read_bytes()
    check(b"Subject: run" in kept, kept)
    ended = wait_for(lambda: [one for one in lines(rules(bench, "log", "--json")) if one["action"] == "program-end"],
                     "the program's end")
    check("problem" not in ended[0], ended)
    same((bench.folder / "run.eml").read_bytes(), kept)
    did = [(one["rule"], one["action"]) for one in lines(rules(bench, "log", "--json"))]
    for one in (("Lists", "file"), ("Lists", "stop"), ("Load", "discard"), ("Program", "program")):
        check(one in did, one, "is not in the log:", did)
    listener.stop()


def test_tried_and_applied(bench):
    listener = bench.listen()
    give(listener, "b@example.test", "Subject: old")
    give(listener, "b@example.test", "Subject: other")
    listener.wait_files(2)
    script = bench.folder / "new.sieve"
    script.write_text('require "fileinto"; if header :is "Subject" "old" { fileinto "Old"; }')
    tried = lines(rules(bench, "dry-run", "--rules", script, "--json"))
    same([one["subject"] for one in tried], ["old"])
    same(tried[0]["deeds"][0]["action"], "file")
    same(len(listener.files()), 2)
    rules(bench, "import", script)
    same(len(lines(rules(bench, "dry-run", "--json"))), 1)
    nothing = bench.folder / "none.sieve"
    nothing.write_text("")  # no rules, and not those in force
    same(len(lines(rules(bench, "dry-run", "--rules", nothing, "--json"))), 0)
    same(len(lines(rules(bench, "apply", "subject:other", "--rules", script, "--json"))), 0)
    same(len(lines(rules(bench, "apply", "--rules", script, "--json"))), 1)
    listener.wait_files(1)
    listener.wait_files(1, "captured/.Old")
    listener.stop()


def test_sieve_in_and_out(bench):
    script = bench.folder / "rules.sieve"
    script.write_text(RULES)
    rules(bench, "import", script)
    out = rules(bench, "export").stdout
    script.write_bytes(out)
    rules(bench, "import", script)
    same(rules(bench, "export").stdout, out)
    script.write_text('keep;\nfileinto "a";')
    refused = rules(bench, "import", script, code=78)
    check(b"line 2" in refused.stderr and b"fileinto" in refused.stderr, refused.stderr)
    same(rules(bench, "export").stdout, out)


def test_a_broken_file_loses_nothing(bench):
    data = bench.folder / "data"
    data.mkdir()
    (data / "rules.sieve").write_text("discard;\nbroken")
    listener = bench.listen()
    give(listener, "b@example.test", "Subject: x")
    listener.wait_files(1)
    check(b"line 2" in rules(bench, "list", code=78).stderr, "the fault is said")
    listener.stop()


if __name__ == "__main__":
    run(globals())
