"""A screen seen from outside, the same for every program: keys are sent to its window (XTEST), and the X server says
when something was drawn (DAMAGE)."""

import select
import time

from Xlib import X, XK, display as xdisplay
from Xlib.ext import damage, xtest

from peer import check, wait_for

PATIENCE = 60  # seconds


class Screen:
    def __init__(self, name):
        self.x = xdisplay.Display(name)
        self.root = self.x.screen().root
        self.x.damage_query_version()
        self.root.damage_create(damage.DamageReportRawRectangles)
        self.x.sync()

    def only_window(self, size):
        """Waits for the one large window of a program; it gets this size and the keyboard, as no window manager is there
        to give it either."""
        window = wait_for(self._large_window, "a window")
        window.configure(x=0, y=0, width=size[0], height=size[1], stack_mode=X.Above)
        window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self.x.sync()

    def _large_window(self):
        for window in self.root.query_tree().children:
            if window.get_attributes().map_state == X.IsViewable and window.get_geometry().width > 300:
                return window
        return None

    def press(self, key, held=()):
        """Gives the time, milliseconds of time.monotonic(); the X server's clock is the same one."""
        code, *modifiers = (self.x.keysym_to_keycode(XK.string_to_keysym(one)) for one in (key, *held))
        for modifier in modifiers:
            xtest.fake_input(self.x, X.KeyPress, modifier)
        pressed = time.monotonic() * 1000
        xtest.fake_input(self.x, X.KeyPress, code)
        xtest.fake_input(self.x, X.KeyRelease, code)
        for modifier in modifiers:
            xtest.fake_input(self.x, X.KeyRelease, modifier)
        self.x.flush()
        return pressed

    def type(self, word, pace):
        """So many seconds from letter to letter; gives the time of the last."""
        for letter in word[:-1]:
            self.press(letter)
            time.sleep(pace)
        return self.press(word[-1])

    def drag(self, places, pace):
        """The left button held from the first place to the last, so many seconds at each. One place: a click. Gives
        the time at which it was let go."""
        for number, (x, y) in enumerate(places):
            xtest.fake_input(self.x, X.MotionNotify, x=x, y=y)
            if number == 0:
                xtest.fake_input(self.x, X.ButtonPress, 1)
            self.x.flush()
            time.sleep(pace)
        let_go = time.monotonic() * 1000
        xtest.fake_input(self.x, X.ButtonRelease, 1)
        self.x.flush()
        return let_go

    def turn(self, place, steps, pace, is_down):
        """The wheel turned over a place, so many seconds from step to step."""
        xtest.fake_input(self.x, X.MotionNotify, x=place[0], y=place[1])
        for _ in range(steps):
            xtest.fake_input(self.x, X.ButtonPress, 5 if is_down else 4)
            xtest.fake_input(self.x, X.ButtonRelease, 5 if is_down else 4)
            self.x.flush()
            time.sleep(pace)

    def pixels(self, area):
        return self.root.get_image(*area, X.ZPixmap, 0xFFFFFFFF).data

    def rest(self, area):
        """Once nothing was drawn there for a second, or at once when nothing is."""
        while self._drawn(area, 1) is not None:
            pass

    def settle(self, area, quiet, is_shown):
        """Waits until is_shown(pixels of the area) and nothing more was drawn there for so many seconds. Gives the time of
        the drawing that brought the last change, to the 4 milliseconds of the server's clock."""
        changed, pixels = None, None
        end = time.monotonic() + PATIENCE
        while True:
            drawn = self._drawn(area, quiet)
            if drawn is None:
                if pixels is not None and is_shown(pixels):
                    return changed
                check(time.monotonic() < end, "what is waited for is not shown")
                continue
            now = self.pixels(area)
            if now != pixels:
                changed, pixels = self._drawn(area, 0) or drawn, now

    def _drawn(self, area, seconds):
        """The time of the last drawing in the area that was reported, after waiting for one; None when none came."""
        last = None
        end = time.monotonic() + seconds
        while True:
            while self.x.pending_events():
                event = self.x.next_event()
                if event.type == self.x.extension_event.DamageNotify and overlap(event.area, area):
                    last = event.timestamp
            left = end - time.monotonic()
            if last is not None or left <= 0:
                return last
            select.select([self.x], [], [], left)


def overlap(drawn, area):
    x, y, width, height = area
    return drawn.x < x + width and x < drawn.x + drawn.width and drawn.y < y + height and y < drawn.y + drawn.height
