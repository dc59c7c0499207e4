"""What is on a drawn page: finds words on it and holds it against what its message's list entry says."""

import collections

from messages import WIDTH

Drawn = collections.namedtuple("Drawn", "size texts image")  # CSS pixels; (x, y, width, height, text); a PIL image
Box = collections.namedtuple("Box", "left top right bottom")

TOLERANCE = 8  # pixels off the middle
EDGE = 2  # pixels between ends that are at the same place
GAP = 14  # pixels between words of one line


def squeezed(text):
    return "".join(text.split()).casefold()


def boxes(drawn, words):
    """The places of the texts that hold the words wherever these are on the page: a list for each."""
    whole, owners = "", []
    for number, text in enumerate(drawn.texts):
        piece = squeezed(text[4])
        whole += piece
        owners += [number] * len(piece)
    wanted, found, at = squeezed(words), [], -1
    while wanted and (at := whole.find(wanted, at + 1)) >= 0:
        numbers = sorted(set(owners[at:at + len(wanted)]))
        found.append([Box(x, y, x + w, y + h) for x, y, w, h, _ in (drawn.texts[n] for n in numbers)])
    return found


def around(places):
    return Box(min(p.left for p in places), min(p.top for p in places), max(p.right for p in places),
               max(p.bottom for p in places))


def is_level(a, b):
    return min(a.bottom, b.bottom) - max(a.top, b.top) > 0.4 * min(a.bottom - a.top, b.bottom - b.top)


def line_of(drawn, place):
    """The place and all that goes on beside it."""
    texts = [Box(x, y, x + w, y + h) for x, y, w, h, text in drawn.texts if text.strip()]
    grown = True
    while grown:
        grown = False
        for text in texts:
            isNear = text.left - place.right < GAP and place.left - text.right < GAP
            isWithin = text.left >= place.left and text.right <= place.right
            if is_level(text, place) and isNear and not isWithin:
                place = around([place, text])
                grown = True
    return place


def is_centred(drawn, words):
    lines = [line_of(drawn, places[0]) for places in boxes(drawn, words)]
    return any(abs((line.left + line.right) / 2 - WIDTH / 2) <= TOLERANCE for line in lines)


def is_filled(drawn, expected):
    words, colour = expected.rsplit(" ", 1)
    wanted = tuple(bytes.fromhex(colour.lstrip("#")))
    for places in boxes(drawn, words):
        place = places[0]
        cut = drawn.image.crop((int(place.left), int(place.top), max(int(place.right), int(place.left) + 1),
                                max(int(place.bottom), int(place.top) + 1)))
        most = max(cut.getcolors(cut.width * cut.height))[1]
        if all(abs(a - b) <= 6 for a, b in zip(most, wanted)):
            return True
    return False


def is_beside(drawn, expected):
    left, right = (word.strip() for word in expected.split("|"))
    return any(is_level(a[0], b[0]) and a[-1].right <= b[0].left + 1
               for a in boxes(drawn, left) for b in boxes(drawn, right))


def is_aligned(drawn, expected):
    """Some place of each of the words, at the same right end."""
    ends = [{round(places[-1].right) for places in boxes(drawn, words.strip())} for words in expected.split("|")]
    return any(all(any(abs(end - other) <= EDGE for other in others) for others in ends[1:]) for end in ends[0])


CHECKS = {"sees": lambda drawn, words: bool(boxes(drawn, words)),
          "hides": lambda drawn, words: not boxes(drawn, words),
          "centred": is_centred, "filled": is_filled, "beside": is_beside, "aligned": is_aligned}


def unmet(drawn, expectations):
    return ["%s: %s" % (kind, line) for kind, line in expectations if not CHECKS[kind](drawn, line)]
