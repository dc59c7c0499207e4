"""An SMTP server whose every answer a test decides, and what it was told."""

import contextlib
import socket
import socketserver
import threading
import time

HANG_UP = object()  # an answer: close the connection without a word
BEGIN_TLS = object()  # what talk() ends with where the session goes on behind a handshake
OFFERED = b"250-mx.test\r\n250-PIPELINING\r\n250 8BITMIME"


class Session:
    """One connection, and what came over it."""

    def __init__(self, peer):
        self.peer = peer
        self.began = time.monotonic()
        self.is_secure = False  # STARTTLS was said, and TLS is there
        self.lines = []
        self.exchanges = []  # of each command, and of the dot that ends a message: its line and the reply, None for none
        self.messages = []  # the octets between DATA and the dot, or those of the chunks

    def said(self, verb):
        return [line for line in self.lines if line.upper().startswith(verb.upper())]


class Scripted:
    """answer(line, session) gives the reply to a command, or to the message when the line is b"." ; None: the usual one. With a
    context for TLS, a STARTTLS that is answered with 220 begins it."""

    def __init__(self, bench, answer=lambda line, session: None, address="127.0.0.1", port=0, greeting=b"220 mx.test ESMTP",
                 offered=OFFERED, tls=None):
        self.answer = answer
        self.greeting = greeting
        self.offered = offered
        self.tls = tls
        self.sessions = []
        script = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                session = Session(self.client_address[0])
                script.sessions.append(session)
                with contextlib.suppress(OSError):
                    if script.talk(session, self.rfile, self.wfile, script.greeting) != BEGIN_TLS:
                        return
                    with script.tls.wrap_socket(self.connection, server_side=True) as secure:
                        session.is_secure = True
                        script.talk(session, secure.makefile("rb"), secure.makefile("wb", buffering=0))

        class Server(socketserver.ThreadingTCPServer):
            address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request, address):
                pass  # a client that went away

        self.server = Server((address, port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        bench.endings.append(self.end)

    def end(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def messages(self):
        return [octets for session in self.sessions for octets in session.messages]

    def said(self, verb):
        return [line for session in self.sessions for line in session.said(verb)]

    def usual(self, verb, accepted):
        data = b"354 go on" if accepted else b"554 5.5.1 no recipient"
        return {b"EHLO": self.offered, b"DATA": data, b"QUIT": b"221 bye"}.get(verb, b"250 ok")

    def talk(self, session, lines, out, greeting=None):
        accepted = 0
        chunks = b""
        if greeting:
            out.write(greeting + b"\r\n")
        while self.greeting.startswith(b"220") and (line := lines.readline().rstrip(b"\r\n")):
            session.lines.append(line)
            verb = line[:4].upper()
            if verb == b"BDAT":  # RFC 3030 2: so many octets follow at once
                chunks += lines.read(int(line.split()[1]))
            reply = self.answer(line, session) or self.usual(verb, accepted)
            session.exchanges.append((line, None if reply is HANG_UP else reply))
            accepted = 0 if verb == b"MAIL" else accepted + (verb == b"RCPT" and reply is not HANG_UP and reply.startswith(b"250"))
            if reply is HANG_UP:
                return None
            out.write(reply + b"\r\n")
            if verb == b"QUIT" or reply.startswith(b"421"):
                return None
            if self.tls and line.upper() == b"STARTTLS" and reply.startswith(b"220"):
                return BEGIN_TLS
            if verb == b"BDAT" and line.upper().endswith(b" LAST"):
                session.messages += [chunks] if reply.startswith(b"250") else []
                chunks = b""
            if verb == b"DATA" and reply.startswith(b"354"):
                octets = b""
                while not (octets == b".\r\n" or octets.endswith(b"\r\n.\r\n")):
                    if not (more := lines.readline()):
                        return None
                    octets += more
                reply = self.answer(b".", session) or b"250 kept"
                session.exchanges.append((b".", None if reply is HANG_UP else reply))
                if reply is HANG_UP:
                    return None
                if reply.startswith(b"250"):
                    session.messages.append(octets[:-3])
                out.write(reply + b"\r\n")
        return None


class Gate:
    """Keeps the answer to one command back until it is opened."""

    def __init__(self, at, reply=None):
        self.at = at
        self.reply = reply
        self.reached = threading.Event()
        self.open = threading.Event()

    def answer(self, line, session):
        if not line.startswith(self.at):
            return None
        self.reached.set()
        self.open.wait(60)
        return self.reply
