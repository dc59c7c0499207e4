"""Draws pages with Chromium without a window, over its debugging pipe: no script, no network; it is handed what it asks
for, or refused."""

import base64
import io
import json
import os
import subprocess
import tempfile

from PIL import Image

from messages import WIDTH, shown_html
from seen import Drawn

PAGE = "https://page.example/"
POLICY = "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'"
SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-lcd-text", "--font-render-hinting=none",
            "--force-device-scale-factor=1", "--hide-scrollbars", "--force-color-profile=srgb",
            "--remote-debugging-pipe", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking",
            "--no-first-run")


class Chromium:
    def __init__(self, environment):
        self.profile = tempfile.TemporaryDirectory()
        to_read, self.to_write = os.pipe()
        self.to_listen, from_browser = os.pipe()
        command = ["chromium-headless-shell", *SWITCHES, "--user-data-dir=" + self.profile.name]
        self.process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (to_read, from_browser), "sh", *command],
            pass_fds=(to_read, from_browser), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_browser)
        self.received, self.count, self.session, self.is_loaded = b"", 0, None, False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "DOMSnapshot"):
            self.call(domain + ".enable")
        self.call("Fetch.enable", patterns=[{"urlPattern": "*"}])
        self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
        self.answers = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.profile.cleanup()

    def send(self, method, **parameters):
        self.count += 1
        order = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            order["sessionId"] = self.session
        os.write(self.to_write, json.dumps(order).encode() + b"\0")
        return self.count

    def receive(self):
        while b"\0" not in self.received:
            octets = os.read(self.to_listen, 1 << 20)
            if not octets:
                raise RuntimeError("Chromium has ended")
            self.received += octets
        line, self.received = self.received.split(b"\0", 1)
        message = json.loads(line)
        if message.get("method") == "Fetch.requestPaused":
            self.answer(message["params"])
        elif message.get("method") == "Page.loadEventFired":
            self.is_loaded = True
        return message

    def call(self, method, **parameters):
        number = self.send(method, **parameters)
        while True:
            message = self.receive()
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError("%s: %s" % (method, message["error"]))
                return message["result"]

    def answer(self, request):
        address = request["request"]["url"]
        if address not in self.answers:
            self.send("Fetch.failRequest", requestId=request["requestId"], errorReason="BlockedByClient")
            return
        kind, octets = self.answers[address]
        fields = [{"name": "Content-Type", "value": kind}, {"name": "Content-Security-Policy", "value": POLICY}]
        self.send("Fetch.fulfillRequest", requestId=request["requestId"], responseCode=200, responseHeaders=fields,
                  body=base64.b64encode(octets).decode())

    def draw(self, path):
        html, pictures = shown_html(path)
        self.answers = {address: ("image/png", octets) for address, octets in pictures.items()}
        self.answers[PAGE] = ("text/html; charset=utf-8", html.encode("utf-8"))
        self.call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=1, deviceScaleFactor=1, mobile=False)
        self.is_loaded = False
        self.call("Page.navigate", url=PAGE)
        while not self.is_loaded:
            self.receive()
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        width, height = round(size["width"]), round(size["height"])
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1}
        picture = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"]
        image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
        return Drawn((width, height), self.texts(), image)

    def texts(self):
        snapshot = self.call("DOMSnapshot.captureSnapshot", computedStyles=["visibility"])
        strings, layout = snapshot["strings"], snapshot["documents"][0]["layout"]
        lines = snapshot["documents"][0]["textBoxes"]
        found = []
        for node, (x, y, w, h), start, length in zip(lines["layoutIndex"], lines["bounds"], lines["start"],
                                                      lines["length"]):
            isVisible = strings[layout["styles"][node][0]] == "visible"
            if isVisible:
                text = strings[layout["text"][node]].encode("utf-16-le")[start * 2:(start + length) * 2]
                found.append((x, y, w, h, text.decode("utf-16-le", "ignore")))
        return found
