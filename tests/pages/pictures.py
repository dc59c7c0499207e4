"""Draws the pictures of the messages as small PNG files: what is on them is said by their names.

A name is KIND-WIDTHxHEIGHT-COLOUR.png, such as photo-600x240-2a7de1.png; the colour is six hexadecimal digits."""

import re
import struct
import zlib

WHITE = (255, 255, 255)
NAMED = re.compile(r"(photo|logo|face|chart|map|plain|clear)-(\d{1,4})x(\d{1,4})-([0-9a-f]{6})\.png$")


def mixed(colour, other, share):
    return tuple(round(a + (b - a) * share) for a, b in zip(colour, other))


def photo(x, y):
    """A sun over two hills: 1 and 2 are the hills, 3 the sun, 0 the sky."""
    if y > 0.75 - 0.35 * (1 - abs(x - 0.7) * 2.2):
        return 2
    if y > 0.9 - 0.5 * (1 - abs(x - 0.25) * 2):
        return 1
    return 3 if (x - 0.5) ** 2 + (y - 0.25) ** 2 < 0.015 else 0


def logo(x, y):
    """A ring on a field."""
    return 3 if 0.06 < (x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.14 else 1


def face(x, y):
    """A head and shoulders."""
    isHead = (x - 0.5) ** 2 + (y - 0.38) ** 2 < 0.04
    return 3 if isHead or (x - 0.5) ** 2 + (y - 1.0) ** 2 < 0.13 else 1


def chart(x, y):
    """Seven columns."""
    column = int(x * 7)
    return 1 if x * 7 - column < 0.7 and y > (0.8, 0.55, 0.65, 0.4, 0.5, 0.2, 0.3)[column] else 3


def street_map(x, y):
    """Blocks of houses with a way through them."""
    if abs(y - 0.2 - x * 0.6) < 0.03:
        return 1
    return 3 if x * 6 % 1 < 0.12 or y * 4 % 1 < 0.15 else 0


DRAWN = {"photo": photo, "logo": logo, "face": face, "chart": chart, "map": street_map,
         "plain": lambda x, y: 1, "clear": lambda x, y: 4}


def chunk(kind, octets):
    return struct.pack(">I", len(octets)) + kind + octets + struct.pack(">I", zlib.crc32(kind + octets))


def png(width, height, palette, rows, opacity):
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    colours = b"".join(bytes(colour) for colour in palette)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"PLTE", colours) + chunk(b"tRNS", bytes(opacity))
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def picture(name):
    """The file of that name, which may stand behind an address; None where it is not the name of one."""
    found = NAMED.search(name)
    if not found:
        return None
    kind, width, height, digits = found[1], int(found[2]), int(found[3]), found[4]
    colour = tuple(bytes.fromhex(digits))
    palette = (mixed(colour, WHITE, 0.7), colour, mixed(colour, (0, 0, 0), 0.35), mixed(colour, WHITE, 0.92), WHITE)
    draw = DRAWN[kind]
    rows = [[draw((x + 0.5) / width, (y + 0.5) / height) for x in range(width)] for y in range(height)]
    return png(width, height, palette, rows, (255, 255, 255, 255, 0))
