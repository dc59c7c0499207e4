"""The HTTP interface under abuse: refused with the right code, and no more memory than is promised."""

import http.client
import socket
import threading
import time

from peer import check, run, same, wait_for

MOST = 32 * 1024  # kilobytes of memory more


def resident(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Abused:
    """A listener whose memory is watched while it is abused, and which must answer others meanwhile."""

    def __init__(self, bench):
        # What was freed counts as free: the address sanitizer would keep 256 MB of it.
        bench.environment["ASAN_OPTIONS"] = "quarantine_size_mb=1"
        self.listener = bench.listen("--http", "127.0.0.1:0")
        self.port = self.listener.event("http")["port"]
        same(self.ask("GET", "/api/v1/messages")[0], 200)  # all that is made once is there
        self.before = self.peak = resident(self.listener.process)

    def ask(self, method, path, **more):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, **more)
        response = connection.getresponse()
        return response.status, response.read()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def raw(self, octets):
        """The first line of what comes for these octets."""
        with self.connect() as connection:
            try:
                connection.sendall(octets)
                return connection.makefile("rb").readline().decode().strip()
            except ConnectionError:
                return ""

    def measure(self, what):
        self.peak = max(self.peak, resident(self.listener.process))
        check(self.peak - self.before < MOST, what, "took", self.peak - self.before, "kB more")
        same(self.ask("GET", "/livez")[0], 200, what)


def request(line, *fields):
    return "\r\n".join((line + " HTTP/1.1", *(fields or ("Host: localhost",)), "", "")).encode()


def test_malformed(bench):
    """F36: another Host or Origin is refused, and so is what is malformed."""
    abused = Abused(bench)
    for line, octets in (
            ("421 Misdirected Request", request("GET /api/v1/messages", "Host: rebound.example")),
            ("403 Forbidden", request("GET /api/v1/messages", "Host: localhost", "Origin: http://other.example")),
            ("403 Forbidden", request("DELETE /api/v1/messages", "Host: localhost", "Origin: null")),
            ("404 Not Found", request("GET /../../etc/passwd")),
            ("404 Not Found", request("GET /view/..%2F..%2Fsettings.ini.txt")),
            ("404 Not Found", request("GET /api/v1/message/%2e%2e%2fsettings.ini/raw")),
            ("431 Request Header Fields Too Large", request("GET /livez", "Host: localhost", "X: " + 20000 * "x")),
            ("431 Request Header Fields Too Large", request("GET /livez", "Host: localhost", *(["X: y"] * 5000))),
            ("400 Bad Request", request("GET /livez", "X: y")),
            ("413", request("POST /api/v1/send", "Host: localhost", "Content-Length: 200000000")),
            ("413", request("PUT /api/v1/messages", "Host: localhost", "Content-Length: 2000000")),
            # Refused, and then a body comes that nothing which was understood announced.
            ("", request("POST /nowhere", "Host: localhost", "Content-Length: 9999999999999999999") + b"x"),
            ("", request("POST /nowhere", "Host: localhost", "Transfer-Encoding: ") + b"x")):
        status = abused.raw(octets)
        check(status.startswith("HTTP/1.1 " + line) if line else "200" not in status, status, "for", octets[:80])
    abused.measure("malformed requests")


def test_huge_header(bench):
    abused = Abused(bench)
    with abused.connect() as connection:
        try:
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ")
            for _ in range(200):
                connection.sendall(1024 * 1024 * b"x")
        except OSError:
            pass
    abused.measure("a header of 200 MB")


def test_huge_bodies(bench):
    abused = Abused(bench)

    def send():
        with abused.connect() as connection:
            try:
                connection.sendall(request("PUT /api/v1/messages", "Host: localhost", "Transfer-Encoding: chunked"))
                for _ in range(50):
                    connection.sendall(b"100000\r\n" + 1024 * 1024 * b"x" + b"\r\n")
            except OSError:
                pass
    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        abused.measure("8 bodies of 50 MB without an end")
        time.sleep(0.02)


def test_idle_and_slow_connections(bench):
    abused = Abused(bench)
    connections = [abused.connect() for _ in range(1000)]
    abused.measure("1,000 idle connections")
    for connection in connections:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + 12000 * b"x")
    abused.measure("1,000 headers that do not end")
    dripping = threading.Event()

    def drip():
        while not dripping.wait(0.5):
            for connection in connections[:10]:
                try:
                    connection.send(b"x")
                except OSError:
                    pass
    thread = threading.Thread(target=drip)
    thread.start()
    try:
        for connection in connections:
            connection.settimeout(90)
            same(connection.recv(12), b"HTTP/1.1 408", "an octet now and then does not keep a connection")
            connection.close()
    finally:
        dripping.set()
        thread.join()
    abused.measure("after 1,000 slow ones")


def test_pipelining(bench):
    abused = Abused(bench)
    with abused.connect() as connection:
        connection.sendall(2000 * request("GET /livez") + request("GET /livez", "Host: localhost", "Connection: close"))
        answers = connection.makefile("rb").read()
    same(answers.count(b"HTTP/1.1 200 OK"), 2001)
    abused.measure("2,001 requests at once")


def test_streams_and_waits_that_are_left(bench):
    abused = Abused(bench)
    for _ in range(200):
        with abused.connect() as connection:
            connection.sendall(request("GET /api/events"))
    abused.measure("200 streams that nobody reads")

    def is_free():
        with abused.connect() as connection:
            connection.sendall(request("GET /api/events"))
            return b"200" in connection.makefile("rb").readline()
    wait_for(is_free, "a stream once the others were noticed to have gone")


def test_waits_that_are_left(bench):
    abused = Abused(bench)
    connections = [abused.connect() for _ in range(500)]
    for connection in connections:
        connection.sendall(request("GET /glasspost/v1/wait?timeout=600&to=nobody@example.test&subject=(a%2B)%2B%24"))
    abused.measure("500 waits")
    for connection in connections:
        connection.close()
    abused.measure("500 waits that were left")
    same(abused.ask("GET", "/glasspost/v1/wait?timeout=0")[0], 404)


if __name__ == "__main__":
    run(globals())
