"""What a capturing listener does with what clients give it: inboxes apart, what they keep, and whom it takes."""

import contextlib
import json
import smtplib
import socket
import ssl

from peer import check, program, run, same, wait_for

MESSAGE = b"From: a@client.test\r\nTo: b@example.test\r\nSubject: x\r\n\r\nx\r\n"


def give(listener, *recipients, user=None, message=MESSAGE):
    """By Python's smtplib, signed in with any password."""
    with contextlib.closing(smtplib.SMTP("127.0.0.1", listener.port)) as client:
        if user:
            client.login(user, "any")
        client.sendmail("a@client.test", recipients or ["b@example.test"], message)
        client.quit()


def curl(bench, listener, recipient, *more, message=MESSAGE):
    (bench.folder / "m.eml").write_bytes(message)
    bench.run(program("curl", "curl"), f"smtp://127.0.0.1:{listener.port}", "--mail-from", "a@client.test", "--mail-rcpt",
              recipient, "--upload-file", "m.eml", "--silent", "--show-error", *more)


def swaks(bench, listener, recipient, *more):
    bench.run(program("swaks", "swaks"), "--server", "127.0.0.1", "--port", listener.port, "--from", "a@client.test", "--to",
              recipient, *more)


def test_inboxes_by_sign_in(bench):
    listener = bench.listen("--file-by", "sign-in")
    give(listener, user="shop")
    curl(bench, listener, "b@example.test", "--user", "Shop:any")
    swaks(bench, listener, "b@example.test", "--auth", "LOGIN", "--auth-user", "../blog", "--auth-password", "any")
    give(listener)
    for mailbox, count in (("shop", 2), ("_._blog", 1), ("captured", 1)):
        listener.wait_files(count, mailbox)
    listener.stop()
    same(sorted(path.parent.name for path in (bench.folder / "data/mail").glob("*/captured-inbox")), ["_._blog", "shop"])
    again = bench.listen("--file-by", "sign-in")
    give(again, user="shop")
    again.wait_files(3, "shop")


def test_inboxes_by_recipient(bench):
    """One message for two projects is in both, and in each once."""
    listener = bench.listen("--file-by", "domain", data="domain")
    give(listener, "a@one.test", "b@two.test", "c@ONE.test")
    curl(bench, listener, "b@two.test")
    one, two = listener.wait_files(1, "one.test"), listener.wait_files(2, "two.test")
    check(any(one[0].samefile(other) for other in two), "one file, linked")
    tagged = bench.listen("--file-by", "tag", data="tag")
    swaks(bench, tagged, "b+shop@example.test")
    give(tagged, "b@example.test")
    tagged.wait_files(1, "shop")
    tagged.wait_files(1, "captured")


def test_inboxes_by_header(bench):
    """Also of a message so large that it is on the disk before its end."""
    listener = bench.listen("--file-by", "header:X-Project")
    give(listener, message=b"X-Project: Shop\r\n" + MESSAGE)
    curl(bench, listener, "b@example.test", message=b"X-Project: shop\r\n" + MESSAGE + b"0123456789abcdef\r\n" * 60000)
    give(listener)
    listener.wait_files(2, "shop")
    listener.wait_files(1)
    by_ours = bench.listen("--file-by", "header:Return-Path", data="ours")  # a field that we put on top
    curl(bench, by_ours, "b@example.test", message=MESSAGE + b"0123456789abcdef\r\n" * 60000)
    give(by_ours)
    by_ours.wait_files(2)


def test_inboxes_are_bounded(bench):
    listener = bench.listen_as_set("[user]\nname = alice\n[listener]\nfile-by = sign-in\nmost-inboxes = 2\n[binding]\nport = 0\n")
    for user in ("a", "b", "c", "alice", "a"):
        give(listener, user=user)
    for mailbox, count in (("a", 2), ("b", 1), ("captured", 2)):
        listener.wait_files(count, mailbox)
    same(listener.files("alice"), [], "captured mail never lies among people's own")


def test_found_by_its_inbox(bench):
    listener = bench.listen("--file-by", "client")
    give(listener)
    said = bench.glasspost("wait", "--mailbox", "127.0.0.1", "--since", "all", "--data", listener.data).stdout
    check(b"Subject" in said, said)


def test_keeps_the_newest(bench):
    """Each inbox by itself, while mail comes; what is flagged stays."""
    listener = bench.listen("--file-by", "sign-in", "--keep-messages", "5")
    give(listener, user="shop", message=MESSAGE.replace(b"Subject: x", b"Subject: pinned"))
    found = bench.glasspost("search", "subject:pinned", "--json", "--data", listener.data).stdout
    bench.glasspost("mark", "flagged", json.loads(found)["id"], "--data", listener.data)
    for number in range(40):
        give(listener, user="shop", message=MESSAGE.replace(b"Subject: x", b"Subject: %d" % number))
    give(listener, user="blog")

    def subjects():
        with contextlib.suppress(FileNotFoundError):  # removed between the listing and the reading
            lines = [line for file in listener.files("shop") for line in file.read_bytes().split(b"\n")]
            return sorted(line[9:] for line in lines if line.startswith(b"Subject: "))

    wait_for(lambda: subjects() == [b"35", b"36", b"37", b"38", b"39", b"pinned"], "the newest five and what was flagged")
    listener.wait_files(1, "blog")


def test_keeps_what_is_set_for_one_inbox(bench):
    """Of 20 the newest five and what is flagged; the others by what listen was given. Also of mail that was there before; saved,
    and set without a listener too."""
    listener = bench.listen("--file-by", "sign-in", "--keep-messages", "15")

    def keep(*words):
        said = bench.glasspost("keep", *words, "--json", "--data", listener.data).stdout.splitlines()
        return [json.loads(line) for line in said]

    shop = {"mailbox": "shop", "folder": "Inbox", "number": 0, "age": 0, "size": 0, "color": ""}
    same(keep("shop"), [shop])
    same(keep("shop", "--number", "5", "--color", "teal"), [shop | {"number": 5, "color": "teal"}])
    give(listener, user="shop", message=MESSAGE.replace(b"Subject: x", b"Subject: pinned"))
    found = bench.glasspost("search", "subject:pinned", "--json", "--data", listener.data).stdout
    bench.glasspost("mark", "flagged", json.loads(found)["id"], "--data", listener.data)
    for _ in range(19):
        give(listener, user="shop")
        give(listener, user="blog")
    wait_for(lambda: len(listener.files("shop")) == 6, "five, and what is flagged")
    wait_for(lambda: len(listener.files("blog")) == 15, "as many as listen was told")
    same(keep("blog", "--number", "3"), [shop | {"mailbox": "blog", "number": 3}])
    wait_for(lambda: len(listener.files("blog")) == 3, "limits that came after the mail")
    listener.stop()
    same(keep("blog", "--number", "0"), [shop | {"mailbox": "blog"}])
    same(keep(), [shop | {"number": 5, "color": "teal"}])
    settings = (listener.data / "settings.ini").read_text()
    check("keep-messages = 15" not in settings, "what listen was given is for its run alone")
    line = bench.glasspost("keep", "shop", "--age", "36h", "--size", "2k", "--data", listener.data).stdout
    same(line, b"shop/Inbox: 5 messages, 36h, 2048 octets, teal\n")


def test_recipients_by_pattern(bench):
    """Refused with 550; or accepted, told of, and kept nowhere, however large."""
    listener = bench.listen("--reject", "*@bounce.test", "--discard", "*@load.test", "--discard", "dev-??@*")
    with contextlib.closing(smtplib.SMTP("127.0.0.1", listener.port)) as client:
        refused = client.sendmail("a@client.test", ["b@Bounce.test", "c@example.test", "d@load.test"], MESSAGE)
        same({who: (code, said[:5]) for who, (code, said) in refused.items()}, {"b@Bounce.test": (550, b"5.7.1")})
        same(client.sendmail("a@client.test", ["d@load.test"], MESSAGE + b"0123456789abcdef\r\n" * 60000), {})
        same(client.sendmail("a@client.test", ["dev-01@example.test"], MESSAGE), {})
        client.sendmail("a@client.test", ["e@example.test"], MESSAGE)
    same(listener.event("refused")["to"], ["b@Bounce.test"])
    same([listener.event("discarded")["to"] for _ in range(2)], [["d@load.test"], ["dev-01@example.test"]])
    kept = [file.read_bytes() for file in listener.wait_files(2)]
    same(sum(b"Delivered-To: c@example.test\n" in octets for octets in kept), 1)
    same(sum(b"Delivered-To: e@example.test\n" in octets for octets in kept), 1, "a message behind one that was discarded")
    check(not any(b"load.test" in octets for octets in kept), "it says for whom it was kept", kept)
    same(list((listener.data / "spool").glob("*")), [], "nothing of what was discarded is left")


def test_clients_by_address(bench):
    listener = bench.listen("--bind", "127.0.0.1:0", "--allow", "127.0.0.2/32", "--allow", "::1")
    with socket.create_connection(("127.0.0.1", listener.port)) as client:
        said = client.makefile("rb").readline()
        check(said.startswith(b"554 ") and b"Access denied" in said, "another client is refused", said)
    with socket.create_connection(("127.0.0.1", listener.port), source_address=("127.0.0.2", 0)) as client:
        check(client.makefile("rb").readline().startswith(b"220 "), "the one that is allowed is served")


class AtSocket(smtplib.SMTP):
    """smtplib at a Unix socket."""

    def __init__(self, path):
        self.path = path
        super().__init__("localhost", 1)

    def _get_socket(self, host, port, timeout):
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(self.path))
        return client


def test_unix_socket(bench):
    path = bench.folder / "smtp.sock"
    listener = bench.listen("--bind", "127.0.0.1:0", "--bind", f"unix:{path}", "--tls", "optional", "--allow", "192.0.2.1")
    same(listener.event("listening")["path"], str(path))
    client = AtSocket(path)
    client.starttls(context=ssl._create_unverified_context())
    client.login("shop", "any")
    client.sendmail("a@client.test", ["b@example.test"], MESSAGE)
    client.quit()
    AtSocket(path).sendmail("a@client.test", ["c@example.test"], MESSAGE)
    listener.wait_files(2)
    said = bench.glasspost("listen", "--data", "other", "--bind", f"unix:{path}", code=69).stderr
    check(str(path).encode() in said, "somebody listens there", said)
    listener.kill()
    check(path.is_socket(), "what a killed listener leaves")
    again = bench.listen("--bind", "127.0.0.1:0", "--bind", f"unix:{path}", data="again")
    again.event("listening")
    AtSocket(path).sendmail("a@client.test", ["b@example.test"], MESSAGE)
    again.wait_files(1)
    again.stop()
    check(not path.exists(), "the file goes with the listener")
    path.write_text("mine")
    bench.glasspost("listen", "--data", "other", "--bind", f"unix:{path}", code=69)
    same(path.read_text(), "mine")


if __name__ == "__main__":
    run(globals())
