"""Both ends of the traffic: senders that note what got its 250, and a sink that counts what the queue delivered."""

import collections
import contextlib
import socket
import socketserver
import threading

from ledger import DOMAIN, HERE, message

PATIENCE = 30  # seconds for one reply


class Session:
    """One SMTP session by hand: it has to know exactly which 250 came."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.input = self.socket.makefile("rb")
        self.reply()
        self.command(b"EHLO client.test")

    def reply(self):
        while True:
            line = self.input.readline()
            if not line.endswith(b"\n"):
                raise ConnectionError
            if line[3:4] != b"-":
                return line

    def command(self, line):
        self.socket.sendall(line + b"\r\n")
        return self.reply()

    def send(self, ledger, number, is_remote=False):
        """Sends one message and notes the reply that settled its fate; gives that reply."""
        recipient = b"someone@remote.test" if is_remote else f"{HERE}@{DOMAIN}".encode()
        self.socket.sendall(b"MAIL FROM:<a@ledger.test>\r\nRCPT TO:<" + recipient + b">\r\nDATA\r\n")
        replies = [self.reply() for _ in range(3)]
        reply = replies[2]
        if reply.startswith(b"354"):
            self.socket.sendall(message(number).replace(b"\n", b"\r\n") + b".\r\n")
            reply = self.reply()
        else:
            reply = next(one for one in replies if not one.startswith(b"2"))
            self.command(b"RSET")
        ledger.note(number, is_remote, reply)
        return reply

    def close(self):
        self.input.close()
        self.socket.close()


class Senders:
    """Threads that send until the connection breaks or stop() is called; begun again with each start()."""

    def __init__(self, ledger, count, remote_every=0):
        self.ledger = ledger
        self.count = count
        self.remote_every = remote_every
        self.threads = []
        self.stopping = threading.Event()

    def start(self, port):
        self.stopping.clear()
        self.threads = [threading.Thread(target=self._send, args=(port,)) for _ in range(self.count)]
        for thread in self.threads:
            thread.start()

    def _send(self, port):
        with contextlib.suppress(OSError):
            session = Session(port)
            while not self.stopping.is_set():
                number = self.ledger.begin()
                session.send(self.ledger, number, bool(self.remote_every) and number % self.remote_every == 0)
            session.close()

    def join(self):
        for thread in self.threads:
            thread.join()

    def stop(self):
        self.stopping.set()
        self.join()


class Sink:
    """An SMTP server that keeps the numbers of what it was given, and how often. A message counts from the moment
    its 250 is sent: who is killed before reading that may send it again."""

    def __init__(self):
        self.received = collections.Counter()
        self.connections = 0
        lock = threading.Lock()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with lock:
                    sink.connections += 1
                with contextlib.suppress(OSError):
                    self.talk()

            def talk(self):
                self.say(b"220 sink.test")
                while line := self.rfile.readline():
                    verb = line[:4].upper()
                    if verb == b"DATA":
                        self.say(b"354 go on")
                        self.take()
                    elif verb == b"QUIT":
                        return self.say(b"221 bye")
                    else:
                        self.say(b"250 ok")

            def take(self):
                number = None
                while (line := self.rfile.readline()) != b".\r\n":
                    if not line:
                        raise ConnectionError
                    if number is None and line.startswith(b"Message-ID: <"):
                        number = int(line[13:].split(b"@")[0])
                with lock:
                    sink.received[number] += 1
                self.say(b"250 kept")

            def say(self, line):
                self.wfile.write(line + b"\r\n")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 128

            def handle_error(self, request, address):
                pass  # a client that was killed

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()
