"""mailpit-api and cypress-mailpit, from npm, unmodified: every call of them on glasspost listen --http; the types of the
former hold what comes."""

import base64
import concurrent.futures
import datetime
import json
import pathlib
import signal
import smtplib
import subprocess
import urllib.parse
import urllib.request

from apart import npm
from peer import WAIT, accepts, check, free_port, program, run, same, tried, wait_for

MISSING = {"spamAssassinCheck": "501 ", "chaos": "400 ", "setChaos": "400 ", "noTag": "400 ", "none": "404 "}
TYPES = {"info": "InfoResponse", "configuration": "ConfigurationResponse", "sent": "SendMessageConfirmationResponse",
         "list": "MessagesSummaryResponse", "search": "MessagesSummaryResponse", "empty": "MessagesSummaryResponse",
         "waited": "MessageSummaryResponse", "summary": "MessageSummaryResponse", "headers": "MessageHeadersResponse",
         "htmlCheck": "HTMLCheckResponse", "linkCheck": "LinkCheckResponse"}


def listen(bench, *options, **more):
    listener = bench.listen("--http", "127.0.0.1:0", *options, **more)
    return listener, f"http://localhost:{listener.event('http')['port']}"


def call_all(bench, url, *password):
    done = bench.run(program("node", "nodejs"), pathlib.Path(__file__).parent / "mailpitapi.js", url, *password,
                     env={"NODE_PATH": str(npm(bench, bench.cache, "mailpit-api"))})
    return json.loads(done.stdout)


def types_hold(bench, given):
    """Whether TypeScript takes each answer for what the package says that it is."""
    modules = npm(bench, bench.cache, "typescript")
    if not (bench.folder / "node_modules").exists():
        (bench.folder / "node_modules").symlink_to(modules.resolve())
    source = 'import type * as api from "mailpit-api";\n'
    # The package says that a platform has one client; Mailpit's own answer names all of them.
    given = {**given, "htmlCheck": {**given["htmlCheck"], "Platforms": {}}}
    for name, kind in TYPES.items():
        source += f"export const {name}: api.Mailpit{kind} = {json.dumps(given[name])};\n"
    (bench.folder / "shapes.ts").write_text(source)
    done = bench.run(program("node", "nodejs"), modules / "typescript" / "bin" / "tsc", "--noEmit", "--strict", "--skipLibCheck",
                     "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022", "--types", "",
                     "shapes.ts", code=None, cwd=bench.folder)
    return done.returncode == 0, done.stdout.decode()


def window(bench):
    """The window, where nobody sees it, with the interface that its preferences switch on."""
    smtp, http = free_port(), free_port()
    data = bench.folder / "data"
    data.mkdir()
    (data / "settings.ini").write_text(
        "[general]\nhost-name = here.test\n\n[listener]\nbindings = 1\n\n[binding]\naddress = 127.0.0.1\n"
        f"port = {smtp}\n\n[http]\nenabled = true\naddress = 127.0.0.1\nport = {http}\n")
    process = bench.start(bench.program, "--data", data, env={**bench.environment, "QT_QPA_PLATFORM": "offscreen"},
                          stderr=subprocess.DEVNULL)
    wait_for(lambda: accepts(http), "the window's interface")
    return process, f"http://localhost:{http}"


@tried("mailpit-api (npm)", "in", "every call over HTTP", "its types")
def test_every_call(bench):
    listener, url = listen(bench)
    answered_every_call(bench, url, listener.stop)


@tried("mailpit-api (npm)", "in", "every call on the window's interface")
def test_every_call_on_the_window(bench):
    process, url = window(bench)

    def stop():
        process.send_signal(signal.SIGTERM)
        same(process.wait(WAIT), 0, "exit code after SIGTERM")
    answered_every_call(bench, url, stop)


def answered_every_call(bench, url, stop):
    given = call_all(bench, url)
    failed = {name: value["error"] for name, value in given.items() if isinstance(value, dict) and "error" in value}
    same(sorted(failed), sorted(MISSING))
    for name, status in MISSING.items():
        check(failed[name].startswith("Mailpit API Error: " + status), failed[name])

    one = given["summary"]
    same([one["Subject"], one["Text"].strip(), one["HTML"], one["Tags"]],
         ["Welcome", "The text", "<p>The <b>page</b></p>", ["green"]])
    same(one["From"], {"Name": "First LastName", "Address": "user@example.test"})
    same([message["Subject"] for message in given["list"]["messages"]], ["Second", "Welcome"])
    same([message["Subject"] for message in given["page"]["messages"]], ["Welcome"])
    same([given["search"]["messages_count"], given["search"]["messages_unread"], given["search"]["total"]], [1, 1, 2])
    same(given["latest"]["Subject"], "Second")
    same(given["headers"]["X-Test"], ["yes"])
    check("Subject: Welcome\n" in given["source"], given["source"])
    same(given["attachment"], {"type": "text/plain", "base64": base64.b64encode(b"attached").decode()})
    same(given["thumbnail"]["type"], "image/jpeg")
    same([given["html"], given["text"].strip()], [one["HTML"], "The text"])
    same({message["Subject"]: message["Read"] for message in given["afterMarking"]["messages"]},
         {"Second": True, "Welcome": False})
    for name in ("released", "unread", "readByQuery", "setTags", "renameTag", "deleteTag", "deletedBySearch", "deleted",
                 "deletedAll"):
        same(given[name], "ok", name)
    same([given["tags"], given["tagsOfAll"]], [["a b", "x"], {"c": 1}])
    same([[message["Subject"], message["Tags"]] for message in given["tagged"]["messages"]], [["Welcome", ["c"]]])
    same(given["empty"]["messages"], [])
    check("Gmail" in given["htmlCheck"]["Platforms"]["ios"], given["htmlCheck"]["Platforms"])

    queued = json.loads(urllib.request.urlopen(url + "/glasspost/v1/queue").read())["entries"]
    same([[entry["held"], entry["recipients"][0]["address"], entry["recipients"][0]["state"]] for entry in queued],
         [[True, "far@away.test", "held"]])
    stop()

    holds, words = types_hold(bench, given)
    check(holds, words)
    holds, words = types_hold(bench, {**given, "info": {**given["info"], "Messages": "many"}})
    check(not holds and "TS2322" in words, "a wrong answer is not noticed:", words)


def call_cypress(bench, url, password):
    """Cypress itself, which the package asks for, would have to fetch a browser."""
    for package in ("cypress-mailpit", "esbuild"):
        modules = npm(bench, bench.cache, package, "--legacy-peer-deps", place="npm-cypress")
    done = bench.run(program("node", "nodejs"), pathlib.Path(__file__).parent / "cypressmailpit.js", url, password,
                     env={"NODE_PATH": str(modules)})
    return json.loads(done.stdout)


@tried("cypress-mailpit (npm)", "in", "every command over HTTP")
def test_cypress_commands(bench):
    bench.environment["GLASSPOST_HTTP_TOKEN"] = "s3cret"
    _, url = listen(bench)
    given = call_cypress(bench, url, "s3cret")
    failed = {name: value["error"] for name, value in given.items() if isinstance(value, dict) and "error" in value}
    same(sorted(failed), ["spam", "spamByItsOldName"])
    check(all(words.startswith("501 ") for words in failed.values()), failed)
    same([given["never"], given["commands"]], [[], 26], "every command was called")
    same([message["Subject"] for message in given["all"]["messages"]], ["Second", "Hello Mailpit"])
    for name in ("bySearch", "bySubject", "byTo", "has", "hasSubject", "hasTo"):
        same([message["Subject"] for message in given[name]["messages"]], ["Hello Mailpit"], name)
    for name in ("hasNot", "hasNotSubject", "hasNotTo"):
        same(given[name]["messages_count"], 0, name)
    same([given["subject"], given["from"], given["to"], given["attachments"]],
         ["Hello Mailpit", "from@example.com", ["jane@example.com"], ["a.txt"]])
    same([given["html"], given["text"].strip()], ["<p>hello from mailpit</p>", "hello from mailpit"])
    same([[message["Read"] for message in given[name]["messages"]] for name in ("read", "oneUnread", "unread", "oneRead")],
         [[True, True], [True, False], [False, False], [False, True]])
    same([given["afterDeletingOne"]["total"], given["afterDeletingAll"]["total"]], [1, 0])


def test_captured_over_smtp(bench):
    """What came over SMTP is there as soon as its 250 was said, and who signed in is told."""
    listener, url = listen(bench)

    def ask(path):
        return json.loads(urllib.request.urlopen(url + path).read())
    for count in range(1, 21):
        with smtplib.SMTP("127.0.0.1", listener.port) as client:
            client.login("bob", "any")
            client.sendmail("a@client.test", ["b@example.test", "hidden@example.test"],
                            f"From: a@client.test\nTo: b@example.test\nSubject: number {count}\n\ntext\n")
        listed = ask("/api/v1/messages?limit=1")
        same([listed["total"], listed["messages"][0]["Subject"]], [count, f"number {count}"])
    one = ask("/api/v1/message/latest")
    same([one["Username"], one["Bcc"]], ["bob", [{"Name": "", "Address": "hidden@example.test"}]])
    same(ask("/api/v1/info")["RuntimeStats"]["SMTPAccepted"], 20)
    session = ask("/glasspost/v1/sessions?limit=1")["sessions"][0]
    said = ask("/glasspost/v1/sessions/" + session["session"])
    check(any("number 20" in entry.get("text", "") or entry.get("data") for entry in said["entries"]), said)
    check(all("any" != entry.get("text", "").strip() for entry in said["entries"]), said)


def test_waits_meet_arrivals(bench):
    """Each wait is answered with its own message and no other, whichever of the two came first."""
    listener, url = listen(bench)
    since = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    count = 100

    def wait(number):
        asked = urllib.parse.urlencode({"to": f"r{number}@example.test", "since": since, "timeout": 60})
        return json.loads(urllib.request.urlopen(f"{url}/glasspost/v1/wait?{asked}").read())["messages"]

    def send(numbers):
        with smtplib.SMTP("127.0.0.1", listener.port) as client:
            for number in numbers:
                client.sendmail("a@client.test", [f"r{number}@example.test"],
                                f"From: a@client.test\nTo: r{number}@example.test\nSubject: for {number}\n\ntext\n")
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        sending = [pool.submit(send, range(part, count, 4)) for part in range(4)]
        waiting = [pool.submit(wait, number) for number in range(count)]
        same([[message["subject"] for message in one.result()] for one in waiting], [[f"for {n}"] for n in range(count)])
        for one in sending:
            one.result()


@tried("mailpit-api (npm)", "in", "every call in one project's inbox")
def test_every_call_in_an_inbox(bench):
    """With the inbox's address in the place of the server's: nothing of it touches another's mail."""
    listener, url = listen(bench, "--file-by", "sign-in")
    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.login("news", "any")
        client.sendmail("a@client.test", ["b@example.test"], "Subject: of the news\n\ntext\n")
    given = call_all(bench, url + "/inbox/shop")
    failed = {name: value["error"] for name, value in given.items() if isinstance(value, dict) and "error" in value}
    same(sorted(failed), sorted(MISSING))
    same([message["Subject"] for message in given["list"]["messages"]], ["Second", "Welcome"])

    with smtplib.SMTP("127.0.0.1", listener.port) as client:
        client.login("Shop", "any")
        client.sendmail("a@client.test", ["b@example.test"], "Subject: of the shop\n\ntext\n")

    def subjects(root):
        return [one["Subject"] for one in json.loads(urllib.request.urlopen(f"{url}{root}/api/v1/messages").read())["messages"]]
    same([subjects("/inbox/shop"), subjects("/inbox/news"), subjects("")], [["of the shop"], ["of the news"], []])
    listed = json.loads(urllib.request.urlopen(url + "/glasspost/v1/inboxes").read())["inboxes"]
    same([(one["name"], one["total"]) for one in listed], [("captured", 0), ("news", 1), ("shop", 1)])


def test_events_of_an_inbox(bench):
    """Who listens to an inbox hears of its mail alone."""
    listener, url = listen(bench, "--file-by", "sign-in")
    with urllib.request.urlopen(url + "/inbox/shop/api/events", timeout=60) as stream:
        for user in ("news", "shop"):
            with smtplib.SMTP("127.0.0.1", listener.port) as client:
                client.login(user, "any")
                client.sendmail("a@client.test", ["b@example.test"], f"Subject: for {user}\n\ntext\n")
        events = (json.loads(line[6:]) for line in stream if line.startswith(b"data: "))
        same(next(event["Data"]["Subject"] for event in events if event["Type"] == "new"), "for shop")


@tried("ws (npm)", "in", "events at a WebSocket")
def test_events_at_a_websocket(bench):
    """Node's client is told of each message, has its ping answered, and closes as both sides must."""
    bench.environment["GLASSPOST_HTTP_TOKEN"] = "s3cret"
    listener, url = listen(bench)

    def start(*token):
        return bench.start(program("node", "nodejs"), pathlib.Path(__file__).parent / "websocket.js",
                           url.replace("http:", "ws:") + "/api/events", "third", *token, stdout=subprocess.PIPE, text=True,
                           env={**bench.environment, "NODE_PATH": str(npm(bench, bench.cache, "ws"))})
    with start("s3cret") as client:
        events = [json.loads(client.stdout.readline())]
        same(events, [{"Type": "open"}])
        with smtplib.SMTP("127.0.0.1", listener.port) as sender:
            for subject in ("first", "second", "third"):
                sender.sendmail("a@client.test", ["b@example.test"], f"Subject: {subject}\n\ntext\n")
        events = [json.loads(line) for line in client.stdout]
    same([event["Data"]["Subject"] for event in events if event["Type"] == "new"], ["first", "second", "third"])
    check({"Type": "pong", "Data": "are you there?"} in events, events)
    same([events[-1]["Type"], events[-1]["Data"]["code"]], ["close", 1000])
    check(events[-1]["Data"]["pings"] > 0, events[-1])
    with start() as client:
        check("401" in client.stdout.read(), "a client without the token is let in")


def test_token(bench):
    bench.environment["GLASSPOST_HTTP_TOKEN"] = "s3cret"
    _, url = listen(bench)
    same(call_all(bench, url)["info"]["error"].split(" at ")[0], "Mailpit API Error: 401 Unauthorized")
    check("Version" in call_all(bench, url, "s3cret")["info"])
    bearer = urllib.request.Request(url + "/api/v1/info", headers={"Authorization": "Bearer s3cret"})
    same(urllib.request.urlopen(bearer).status, 200)


def test_only_this_machine_without_a_token(bench):
    done = bench.glasspost("listen", "--data", bench.folder / "data", "--bind", "127.0.0.1:0", "--http", "0.0.0.0:0", code=64)
    check(b"GLASSPOST_HTTP_TOKEN" in done.stderr, done.stderr)


def test_taken_port(bench):
    _, url = listen(bench)
    port = url.rsplit(":", 1)[1]
    done = bench.glasspost("listen", "--data", bench.folder / "other", "--bind", "127.0.0.1:0", "--http", f"127.0.0.1:{port}",
                           code=69)
    check(port.encode() in done.stderr, done.stderr)


if __name__ == "__main__":
    run(globals())
