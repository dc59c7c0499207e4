"""A nameserver of which a test decides every answer, by UDP and TCP on one free loopback port."""

import collections
import contextlib
import ipaddress
import socket
import socketserver
import struct
import threading

A, CNAME, MX, AAAA = 1, 5, 15, 28
SERVFAIL, NXDOMAIN = 2, 3
SILENT = object()


def name_data(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def mx(preference, host):
    return MX, struct.pack(">H", preference) + name_data(host)


def address(text):
    packed = ipaddress.ip_address(text).packed
    return (A if len(packed) == 4 else AAAA), packed


def alias(name):
    return CNAME, name_data(name)


class Nameserver:
    """zone: name -> records, or a code, or SILENT; what is not in it is NXDOMAIN. An alias is given as it stands."""

    def __init__(self, bench, zone):
        self.zone = zone
        self.asked = collections.Counter()
        outer = self

        class Datagram(socketserver.BaseRequestHandler):
            def handle(self):
                query, sock = self.request
                if reply := outer.answer(query):
                    sock.sendto(reply, self.client_address)

        class Stream(socketserver.StreamRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError, struct.error):
                    query = self.rfile.read(struct.unpack(">H", self.rfile.read(2))[0])
                    if reply := outer.answer(query):
                        self.wfile.write(struct.pack(">H", len(reply)) + reply)

        udp = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Datagram)
        self.port = udp.server_address[1]
        tcp = socketserver.ThreadingTCPServer(("127.0.0.1", self.port), Stream)
        for server in (udp, tcp):
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            bench.endings.append(server.shutdown)
        self.place = f"127.0.0.1:{self.port}"

    def answer(self, query):
        end = query.index(b"\0", 12) + 1
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
            at += 1 + query[at]
        name, kind = ".".join(labels), struct.unpack(">H", query[end:end + 2])[0]
        self.asked[name, kind] += 1
        known = self.zone.get(name, NXDOMAIN)
        if known is SILENT:
            return None
        code, records = (known, []) if isinstance(known, int) else (0, known)
        chosen = [(t, d) for t, d in records if t in (kind, CNAME)]
        body = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", t, 1, 60, len(d)) + d for t, d in chosen)
        return (query[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, len(chosen), 0, 0) + query[12:end + 4] + body)
