"""Programs that call sendmail: PHP's mail(), git send-email, cron, mail(1)'s kin; and a dialogue by -bs."""

import email
import email.policy
import json
import os
import subprocess

from peer import WAIT, check, program, run, same, without_trace

SETTINGS = """[general]
host-name = here.test
[user]
name = alice
[route]
kind = smarthost
host = 127.0.0.1
port = {port}
tls = none
[listener]
policy = mailboxes
"""


class Host:
    """A data folder whose mail for others goes to a listener, and the program under the name that others call it by."""

    def __init__(self, bench):
        self.bench = bench
        self.target = bench.listen(data="target")
        self.data = bench.folder / "d"
        self.data.mkdir()
        (self.data / "settings.ini").write_text(SETTINGS.format(port=self.target.port))
        self.sendmail = bench.folder / "bin" / "sendmail"
        self.sendmail.parent.mkdir()
        self.sendmail.symlink_to(os.path.abspath(bench.program))

    def call(self, *words, octets=b"", code=0):
        return self.bench.run(self.sendmail, "--data", self.data, *words, input=octets, code=code)

    def queued(self):
        lines = self.bench.glasspost("queue", "list", "--json", "--data", self.data).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def arrived(self):
        """Sends what is queued; what came, by its envelope."""
        count = len(self.queued())
        self.bench.glasspost("queue", "run", "--data", self.data)
        files = self.target.wait_files(count)
        events = [self.target.event("stored") for _ in range(count)]
        return [(event["from"], event["to"], email.message_from_bytes(file.read_bytes(), policy=email.policy.default))
                for event, file in zip(sorted(events, key=lambda one: one["file"]), sorted(files))]

    def inbox(self):
        return [file.read_bytes() for part in ("new", "cur") for file in sorted((self.data / "mail/alice" / part).glob("*"))]


def test_as_cron_calls_it(bench):
    """Debian's cron: /usr/sbin/sendmail -FCronDaemon -i -B8BITMIME -oem USER."""
    host = Host(bench)
    done = host.call("-FCronDaemon", "-i", "-B8BITMIME", "-oem", "alice",
                     octets="From: root (Cron Daemon)\nTo: alice\nSubject: Cron <root@here> backup\n\nfertig: äöü\n.\nend\n".encode())
    same((done.stdout, done.stderr), (b"", b""), "says nothing")
    (message,) = host.inbox()
    check(message.endswith("\nfertig: äöü\n.\nend\n".encode()) and b"\nDate: " in message and b"\nMessage-ID: " in message, message)
    same(host.call("-i", "nobody", octets=b"Subject: x\n\nx\n", code=67).stdout, b"", "no such user here")
    same(len(host.inbox()), 1)


def test_exit_codes(bench):
    host = Host(bench)
    for words, octets, code in ((["-i"], b"x", 64), (["-bd"], b"", 64), (["-t", "-i"], b"Subject: nobody\n\nx\n", 64),
                                (["-i", "a@b@c"], b"x", 65), (["-i", "b@c.test"], b"A: b\0\n\nx\n", 65), (["-bi"], b"", 0)):
        lines = host.call(*words, octets=octets, code=code).stderr.decode().strip().split("\n")
        same(len(lines), 1, words)
    locked = bench.listen(data="locked")
    (bench.folder / "run2").mkdir(mode=0o700)
    bench.run(host.sendmail, "--data", "locked", "-i", "b@c.test", input=b"x\n", env={"XDG_RUNTIME_DIR": str(bench.folder / "run2")},
              code=75)
    locked.stop()


def test_php_mail(bench):
    """mail() of the PHP that Debian has, with its default options of sendmail, while an instance runs and without one."""
    php = program("php", "php-cli")
    host = Host(bench)
    script = """$ok = mail("Bob <bob@far.test>, alice@here.test", "Grüße", "Zeile 1\\n.\\nZeile 3 äöü\\n",
        "From: Shop <shop@here.test>\\r\\nBcc: hidden@far.test\\r\\nContent-Type: text/plain; charset=utf-8", "-fbounce@here.test");
        exit($ok ? 0 : 1);"""

    def call():
        bench.run(php, "-d", f"sendmail_path={host.sendmail} --data {host.data} -t -i", "-r", script)

    call()
    ((sender, to, message),) = host.arrived()
    same((sender, sorted(to)), ("bounce@here.test", ["bob@far.test", "hidden@far.test"]))
    same((message["From"], message["To"], message["Bcc"]), ("Shop <shop@here.test>", "Bob <bob@far.test>, alice@here.test", None))
    same(message.get_content(), "Zeile 1\n.\nZeile 3 äöü\n\n", "PHP ends the text with a line end of its own")
    same(len(host.inbox()), 1, "the copy for alice")
    bench.run(php, "-d", f"sendmail_path={host.sendmail} --data {host.data} -t -i", "-r", 'exit(mail("nobody", "x", "y") ? 0 : 1);', code=1)

    listener = bench.listen_as_set(SETTINGS.format(port=host.target.port) + "[binding]\nport = 0\n", data="running")
    bench.run(php, "-d", f"sendmail_path={host.sendmail} --data {bench.folder}/running -t -i", "-r", script)
    same(len(listener.wait_files(1, "alice")), 1, "by a running instance")
    listener.stop()


def test_git_send_email(bench):
    host = Host(bench)
    git = program("git", "git")
    send = ("-c", "user.name=Ann", "-c", "user.email=ann@here.test", "-c", f"sendemail.sendmailCmd={host.sendmail} --data {host.data}")
    tree = bench.folder / "tree"
    bench.run(git, "init", "-q", tree)
    for number in range(2):
        (tree / "file").write_text(f"{number}\n")
        bench.run(git, "-C", tree, "add", "file")
        bench.run(git, "-C", tree, *send, "commit", "-q", "-m", f"Change {number}: Größe")
    bench.run(git, "-C", tree, *send, "send-email", "--quiet", "--confirm=never", "--suppress-cc=all", "--8bit-encoding=UTF-8",
              "--to=list@far.test", "--cc=Bob <bob@far.test>", "--envelope-sender=bounce@here.test", "--root", "HEAD")
    found = sorted(host.arrived(), key=lambda one: one[2]["Subject"])
    same([message["Subject"] for _, _, message in found], ["[PATCH 1/2] Change 0: Größe", "[PATCH 2/2] Change 1: Größe"])
    for number, (sender, to, message) in enumerate(found):
        same((sender, sorted(to)), ("bounce@here.test", ["bob@far.test", "list@far.test"]))
        check(f"+{number}\n" in message.get_content(), "the patch", message)


def test_capture(bench):
    """--via: at once to a listener that captures, whatever the data folder says; nothing is queued."""
    host = Host(bench)
    host.call("--via", f"smtp://127.0.0.1:{host.target.port}", "-t", "-i", octets=b"From: a@b.test\nTo: c@far.test, root\n\nx\n")
    event = host.target.event("stored")
    same(sorted(event["to"]), ["c@far.test", "root@here.test"])
    same(host.queued(), [])
    (file,) = host.target.wait_files(1)
    same(without_trace(file.read_bytes()), b"From: a@b.test\nTo: c@far.test, root\n\nx\n")
    done = host.call("--via", "smtp://127.0.0.1:1", "-i", "c@far.test", octets=b"x\n", code=75)
    check(b"c@far.test" in done.stderr and not done.stdout, done.stderr, done.stdout)


class Dialogue:
    """sendmail -bs at work, line by line."""

    def __init__(self, host):
        self.process = host.bench.start(host.sendmail, "-bs", "--data", host.data, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.hear(b"220")

    def hear(self, code, said=None):
        answer = self.process.stdout.readline()
        while answer[3:4] == b"-":
            answer = self.process.stdout.readline()
        same(answer[:3], code, (said, answer))

    def say(self, line, code):
        self.process.stdin.write(line + b"\r\n")
        self.process.stdin.flush()
        self.hear(code, line)

    def give(self, sender, recipient, octets, code):
        self.say(b"MAIL FROM:<" + sender + b">", b"250")
        self.say(b"RCPT TO:<" + recipient + b">", b"250")
        self.say(b"DATA", b"354")
        self.say(octets + b"\r\n.", code)


def test_dialogue(bench):
    """-bs: SMTP on standard input and output."""
    host = Host(bench)
    dialogue = Dialogue(host)
    dialogue.say(b"EHLO client.test", b"250")
    for number in range(2):
        dialogue.give(b"a@here.test", b"bob@far.test", b"Subject: %d\r\n\r\n..dots" % number, b"250")
    dialogue.give(b"a@here.test", b"nobody@here.test", b"Subject: x\r\n\r\nx", b"550")
    dialogue.say(b"NONSENSE", b"500")
    dialogue.give(b"", b"alice", b"Subject: here\r\n\r\nx", b"250")
    dialogue.say(b"QUIT", b"221")
    same(dialogue.process.wait(WAIT), 0)
    same(sorted(entry["subject"] for entry in host.queued()), ["0", "1"])
    same([message.get_content() for _, _, message in host.arrived()], [".dots\n"] * 2)
    same(len(host.inbox()), 1)


def test_dialogue_that_breaks_off(bench):
    """What had its 250 is queued though the program be killed; what had none is not."""
    host = Host(bench)
    dialogue = Dialogue(host)
    dialogue.say(b"EHLO client.test", b"250")
    dialogue.give(b"a@here.test", b"bob@far.test", b"Subject: kept\r\n\r\nx", b"250")
    dialogue.process.kill()
    dialogue.process.wait(WAIT)
    same([entry["subject"] for entry in host.queued()], ["kept"])
    said = host.call("-bs", octets=b"EHLO x\r\nMAIL FROM:<a@here.test>\r\nRCPT TO:<alice@here.test>\r\nDATA\r\nSubject: half\r\n").stdout
    check(said.rstrip().split(b"\r\n")[-1].startswith(b"354"), "the end of the input ends it", said)
    same(host.inbox(), [])


def test_queue_by_other_names(bench):
    host = Host(bench)
    host.call("-i", "bob@far.test", octets=b"Subject: waits\n\nx\n")
    for name in ("mailq", "newaliases"):
        (host.sendmail.parent / name).symlink_to(os.path.abspath(bench.program))
    check(b"waits" in bench.run(host.sendmail.parent / "mailq", "--data", host.data).stdout, "mailq lists it")
    bench.run(host.sendmail.parent / "newaliases", "--data", host.data)
    host.call("-q")
    same(host.target.event("stored")["to"], ["bob@far.test"])


if __name__ == "__main__":
    run(globals())
