"""What a mailbox of a million messages costs: the rate at which it takes more, the start, the memory."""

import million
from glasspost import Glasspost, indexed, memory, with_settings
from peer import free_port, program, wait_for
from receiving import blast
from report import Row, median
from window import LISTENER, Display, Window, first_window, home_of, settled


def quiet(bench, data):
    """Starts the listener on the folder once and waits until it has compared index and files."""
    ours = Glasspost(bench, data)
    wait_for(lambda: compared(data), "the index to be compared with the files", 300)
    ours.stop()


def compared(data):
    import sqlite3
    index = sqlite3.connect(f"file:{data}/index.sqlite?mode=ro", uri=True)
    try:
        return index.execute("SELECT count(*) FROM folders WHERE user = 'captured' AND name = '' AND "
                             "length(stamp) > 0").fetchone()[0] == 1
    finally:
        index.close()


def growth(bench, rounds, large, messages):
    """The same run into a mailbox of 1,000 and into a large one, in turn."""
    rates = {1000: [], large: []}
    running = {}
    for size in rates:
        data = bench.folder / f"mailbox-{size}"
        million.fill(bench, data, size)
        quiet(bench, data)
        running[size] = Glasspost(bench, data)
    for _ in range(rounds):
        for size, ours in running.items():
            before = indexed(ours.data)
            rates[size].append(blast(bench, ours.port, messages, "kept"))
            wait_for(lambda: indexed(ours.data) == before + messages, "the index", 120)
    for ours in running.values():
        ours.stop()
    Row(f"messages a second into a mailbox of {large:,}", median(rates[large]), "of 1,000", median(rates[1000]), 0.8)
    return bench.folder / f"mailbox-{large}"


def start(bench, rounds, big):
    """The first window and its memory: ours with an empty mailbox and with the large one, Sylpheed, Claws Mail."""
    display = Display(bench)
    empty = bench.folder / "empty"
    for data in (empty, big):
        with_settings(data, LISTENER.format(port=free_port()))
    quiet(bench, big)
    contestants = {
        "ours": ([bench.program, "--data", empty], {}),
        "big": ([bench.program, "--data", big], {}),
        "Sylpheed": ([program("sylpheed", "sylpheed")], home_of(bench, "growth", "sylpheed")),
        "Claws Mail": ([program("claws-mail", "claws-mail")], home_of(bench, "growth", "claws-mail")),
    }
    times = {name: [] for name in contestants}
    sizes = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, (command, environment) in contestants.items():
            took, resident = first_window(display, command, environment, bench, empty)
            if turn > 0:  # the first one warms the cache
                times[name].append(took * 1000)
                sizes[name].append(resident)
    for peer in ("Sylpheed", "Claws Mail"):
        Row("window after the start", median(times["ours"]), peer, median(times[peer]),
            1 if peer == "Sylpheed" else None, less_is_better=True, unit=" ms")
    Row("memory with an empty mailbox", median(sizes["ours"]), "limit", 60, 1, less_is_better=True, unit=" MB")
    Row("window with the large mailbox", median(times["big"]), "empty mailbox", median(times["ours"]), 1.5,
        less_is_better=True, unit=" ms")
    Row("memory with the large mailbox", median(sizes["big"]), "limit", 120, 1, less_is_better=True, unit=" MB")


def window_open(bench, meter, rounds, messages):
    """The listener alone against the one with a window that follows what arrives, and the window's longest stall."""
    display = Display(bench)
    alone = Glasspost(bench, bench.folder / "alone")
    followed = bench.folder / "followed"
    first = Glasspost(bench, followed)  # the window opens with the list of a mailbox, and follows that
    blast(bench, first.port, 100, "kept")
    wait_for(lambda: indexed(followed) == 100, "the index")
    first.stop()
    window = Window(bench, display, meter, followed)
    settled(window)
    rates = {"alone": [], "window": []}
    for _ in range(rounds):
        for name, port, data in (("alone", alone.port, alone.data), ("window", window.port, window.data)):
            before = indexed(data)
            rates[name].append(blast(bench, port, messages, "kept"))
            wait_for(lambda: indexed(data) == before + messages, "the index", 120)
    alone.stop()
    gross, net = window.stop()
    Row("messages a second, window open", median(rates["window"]), "no window", median(rates["alone"]), 0.85)
    Row("longest stall of the window", net, "limit", 50, 1, less_is_better=True, unit=" ms")
    Row("the same, waits for a processor included", gross, "limit", 50, None, less_is_better=True, unit=" ms")
