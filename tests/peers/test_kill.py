"""kill -9 at random moments under load: every message that was answered with 250 is there exactly once after the
restart, complete to the byte. The ledger is what the senders noted when the 250 came."""

import collections
import contextlib
import random
import smtplib
import threading
import time

from peer import WAIT, check, run, same, wait_for, without_trace

SENDERS = 8


def body(number):
    # Some larger than the journal carries itself (256 KiB), most of them small.
    size = 300_000 if number % 97 == 0 else 200 + number % 4000
    text = (f"line of message {number}, with a few words in it\n" * (size // 40 + 1)).encode()
    return f"Message-ID: <{number}@ledger.test>\nSubject: {number}\n\n".encode() + text


class Ledger:
    """Sends until the connection breaks; notes what was acknowledged and what was begun."""

    def __init__(self):
        self.lock = threading.Lock()
        self.next = 0
        self.acknowledged = set()

    def number(self):
        with self.lock:
            self.next += 1
            return self.next

    def send(self, port):
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp = smtplib.SMTP("127.0.0.1", port, local_hostname="client.test", timeout=WAIT)
            while True:
                number = self.number()
                smtp.sendmail("a@client.test", ["b@example.test"], body(number).replace(b"\n", b"\r\n"))
                with self.lock:
                    self.acknowledged.add(number)


def stand(listener):
    """How often each message stands in the mailbox."""
    count = collections.Counter()
    for file in listener.files():
        message = without_trace(file.read_bytes())
        number = int(message.split(b"@", 1)[0].removeprefix(b"Message-ID: <"))
        check(message == body(number), "message", number, "is not complete:", file)
        count[number] += 1
    return count


def rounds(bench, seconds):
    ledger = Ledger()
    dice = random.Random(time.time_ns())
    for moment in seconds:
        listener = bench.listen()
        senders = [threading.Thread(target=ledger.send, args=(listener.port,)) for _ in range(SENDERS)]
        began = len(ledger.acknowledged)
        for sender in senders:
            sender.start()
        wait_for(lambda: len(ledger.acknowledged) > began, "the first 250")
        end = time.monotonic() + dice.uniform(0, moment)
        wait_for(lambda: time.monotonic() > end, "the moment")
        listener.kill()
        for sender in senders:
            sender.join(WAIT)
    listener = bench.listen()  # replays the journal before it listens
    missing = lambda: ledger.acknowledged - set(stand(listener))
    wait_for(lambda: not missing(), f"{len(missing())} acknowledged messages of {len(ledger.acknowledged)}", 20)
    twice = [number for number, times in stand(listener).items() if times > 1]
    same(twice, [], "messages that stand twice")
    print(f"      {len(ledger.acknowledged)} acknowledged, {len(stand(listener))} there", flush=True)
    listener.stop()
    same(ledger.acknowledged - set(stand(listener)), set(), "missing after the end")


def test_killed_while_receiving(bench):
    rounds(bench, [0.3, 1, 2, 0.1, 1.5, 3])


def test_killed_while_replaying(bench):
    """A second kill right after the restart, again and again."""
    ledger = Ledger()
    listener = bench.listen()
    senders = [threading.Thread(target=ledger.send, args=(listener.port,)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    wait_for(lambda: len(ledger.acknowledged) > 300, "300 messages")
    listener.kill()
    for sender in senders:
        sender.join(WAIT)
    for wait in (0.02, 0.05, 0.1, 0.2):
        process = bench.start(bench.program, "listen", "--data", bench.folder / "data", "--bind", "127.0.0.1:0")
        end = time.monotonic() + wait
        wait_for(lambda: time.monotonic() > end, "the moment")
        process.kill()
        process.wait()
    listener = bench.listen()
    same(ledger.acknowledged - set(stand(listener)), set(), "missing")
    same([number for number, times in stand(listener).items() if times > 1], [], "twice")


if __name__ == "__main__":
    run(globals())
