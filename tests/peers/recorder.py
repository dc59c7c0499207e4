"""A relay between a client and a server that writes down when which octets came by, by the kernel's clock."""

import contextlib
import socket
import struct
import threading
import time

SO_TIMESTAMPNS = 35  # asm-generic/socket.h; a control message of the same number has the time
AT_ONCE = 1 << 18


class Passing:
    """Octets that came in one piece: seconds at which they were here, and at which they had been handed on."""

    def __init__(self, arrived, octets):
        self.arrived = arrived
        self.octets = octets
        self.handed_on = None


class Recorded:
    """One connection. Pieces in their order, from the client and from the server."""

    def __init__(self):
        self.accepted = time.time()
        self.said = []
        self.answered = []
        self.ended = threading.Event()

    @staticmethod
    def lines(pieces):
        """(line, the piece that ended it)."""
        line = b""
        for piece in pieces:
            for part in piece.octets.splitlines(keepends=True):
                line += part
                if line.endswith(b"\n"):
                    yield line.rstrip(b"\r\n"), piece
                    line = b""

    @property
    def replies(self):
        return [(line, piece) for line, piece in self.lines(self.answered) if line[3:4] == b" "]


def arrival(control):
    """The kernel's time of what recvmsg gave."""
    for level, kind, octets in control:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = struct.unpack("@qq", octets)
            return seconds + nanoseconds / 1e9
    return time.time()


class Recorder:
    def __init__(self, bench, port):
        self.target = ("127.0.0.1", port)
        self.connections = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        bench.endings.append(self.listening.close)

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                recorded = Recorded()
                self.connections.append(recorded)
                server = socket.create_connection(self.target)
                for sock in (client, server):
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
                for source, target, pieces in ((client, server, recorded.said), (server, client, recorded.answered)):
                    threading.Thread(target=self._pass, args=(source, target, pieces, recorded), daemon=True).start()

    @staticmethod
    def _pass(source, target, pieces, recorded):
        with contextlib.suppress(OSError):
            while True:
                octets, control, _, _ = source.recvmsg(AT_ONCE, socket.CMSG_SPACE(16))
                if not octets:
                    target.shutdown(socket.SHUT_WR)
                    break
                piece = Passing(arrival(control), octets)
                pieces.append(piece)
                piece.handed_on = time.time()
                target.sendall(octets)
        if pieces is recorded.said:
            recorded.ended.set()
