"""The messages and what their list (messages.ini) says of each: the shape, and what a reader must see.

sees, hides     words that are, or are not, on the page
centred         the line with the words lies in the middle of the page
filled          WORDS #COLOUR: what most of the ground behind the words is
beside          LEFT | RIGHT: the words are next to each other, the first to the left
aligned         A | B ...: the words end at the same place on the right"""

import collections
import configparser
import email
import pathlib
import re
import urllib.parse

from pictures import picture

FOLDER = pathlib.Path(__file__).resolve().parent / "messages"
KINDS = ("sees", "hides", "centred", "filled", "beside", "aligned")
WIDTH = 600  # CSS pixels
REMOTE = re.compile(r"https?://[^\s\"'<>()]+")

Message = collections.namedtuple("Message", "name path shape expectations")


def messages():
    lists = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=(";",))
    lists.read(FOLDER.parent / "messages.ini", encoding="utf-8")
    return [Message(name, FOLDER / (name + ".eml"), lists[name]["shape"],
                    [(kind, line.strip()) for kind in KINDS for line in lists[name].get(kind, "").splitlines()
                     if line.strip()])
            for name in lists.sections()]


def shown_html(path):
    """The HTML of a message as Python's own reader finds it, and the pictures it names: address -> octets.
    A "cid:" reference becomes an address, which whoever draws the page is asked for."""
    message = email.message_from_bytes(path.read_bytes())
    parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
    html = parts[0].get_payload(decode=True).decode(parts[0].get_content_charset("utf-8"))
    pictures = {}
    for part in message.walk():
        cid = (part.get("Content-ID") or "").strip("<>")
        if cid:
            address = "https://cid.example/" + urllib.parse.quote(cid, safe="")
            html = html.replace("cid:" + cid, address)
            pictures[address] = part.get_payload(decode=True)
    for address in set(REMOTE.findall(html)) - set(pictures):
        drawn = picture(address)
        if drawn:
            pictures[address] = drawn
    return html, pictures


def write_remote_pictures(folder):
    """Those of all messages, each in a file that is named as its address, percent-encoded."""
    folder.mkdir(parents=True, exist_ok=True)
    for message in messages():
        for address, octets in shown_html(message.path)[1].items():
            (folder / urllib.parse.quote(address, safe="")).write_bytes(octets)
