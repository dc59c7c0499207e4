"""SpamAssassin's spamd with Debian's own rules, none of which asks anybody: what it says of captured messages."""

import json
import smtplib
import urllib.request

from peer import accepts, check, free_port, program, run, same, wait_for

GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"  # which every filter takes for spam


def start_spamd(bench):
    port = free_port()
    bench.start(program("spamd", "spamd"), "--local", "--nouser-config", "--max-children=1", "--username=nobody",
                f"--listen=127.0.0.1:{port}", "--syslog=null", f"--pidfile={bench.folder}/spamd.pid",
                "--configpath=/usr/share/spamassassin", "--siteconfigpath=/etc/spamassassin")
    wait_for(lambda: accepts(port), "spamd")
    return f"127.0.0.1:{port}"


def deliver(listener, text):
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.sendmail("a@client.test", ["b@example.test"], f"From: a@client.test\nTo: b@example.test\nSubject: Hello\n\n{text}\n")


def test_real_spamd(bench):
    spamd = start_spamd(bench)
    listener = bench.listen("--http", "127.0.0.1:0", "--spamd", spamd)
    root = f"http://127.0.0.1:{listener.event('http')['port']}/api/v1/"

    def ask(path):
        return json.loads(urllib.request.urlopen(root + path, timeout=120).read())
    same(ask("webui")["SpamAssassin"], True)
    deliver(listener, GTUBE)
    spam = ask("message/latest/sa-check")
    same([spam["Error"], spam["IsSpam"]], ["", True])
    check(spam["Score"] >= 999, spam)
    rules = {rule["Name"]: rule for rule in spam["Rules"]}
    same(rules["GTUBE"], {"Name": "GTUBE", "Score": 1000, "Description": "BODY: Generic Test for Unsolicited Bulk Email"})
    same(rules["MISSING_DATE"]["Description"], "Missing Date: header")

    deliver(listener, "Dinner is at eight.")
    good = ask("message/latest/sa-check")
    same([good["Error"], good["IsSpam"], "GTUBE" in [rule["Name"] for rule in good["Rules"]]], ["", False, False])
    check(abs(sum(rule["Score"] for rule in good["Rules"]) - good["Score"]) < 0.1 * (1 + len(good["Rules"])), good)

    listener.stop()
    done = bench.glasspost("check", "latest", "--json", "--spamd", spamd, "--data", "data", code=1)  # no Date: an error
    found = [finding for finding in json.loads(done.stdout)["findings"] if finding["area"] == "spam"]
    same([found[0]["check"], found[0]["facts"]], ["spam-score", [f"{good['Score']:g}", "5"]])
    # Rules of one score have no order: spamd tells them in another one each time.
    same({finding["facts"][0] for finding in found[1:]}, {rule["Name"] for rule in good["Rules"]})


if __name__ == "__main__":
    run(globals())
