"""A correspondence as one person gathers it over years: people who write often and seldom, subjects, dates, conversations
of one to some dozen messages. Made from a seed, so the same one each time; its words are as frequent as those of a language,
so that an index of it is as large as one of real mail of this length."""

import collections
import email.utils
import itertools
import random
import time

SEED = 13
VOCABULARY = 40_000
PEOPLE = 4_000
ADDRESS = "alice@here.test"
BODY = 40  # words, half as many to half as many more
WRITTEN = 1_000_000  # words in the order in which they are taken from, beginning anywhere
SUBJECT = 5
BEGUN = 1_480_000_000
SPAN = 300_000_000  # seconds between the first and the last, whatever their number
OPEN = 400  # conversations that may be answered
ANSWERS = 0.7  # of all messages
MOST_NAMED = 12  # ids in References
LISTS = 60
TO_A_LIST = 0.4  # of all messages
# In a few messages alone; others have words that begin like it.
RARE, LIKE_RARE = "zyzzyva", "zyzzyvb"
EVERY_RARE = 10_000  # messages

Conversation = collections.namedtuple("Conversation", "subject ids")


def vocabulary(chance):
    words = {"".join(chance.choices("aeioubcdfglmnprst", k=chance.randint(3, 10))) for _ in range(VOCABULARY)}
    return sorted(words, key=lambda word: (len(word), word))


def frequencies(count):
    """Zipf's, summed up."""
    return list(itertools.accumulate(1 / place for place in range(1, count + 1)))


def people(chance, words):
    """Names are no words of the vocabulary, so that a search for one finds what that person wrote."""
    return [f"{chance.choice(words)}x {chance.choice(words)}q".title() + f" <p{number}@{chance.choice(words)}.test>"
            for number in range(PEOPLE)]


class Correspondence:
    """Of so many messages. How many conversations those are, and how many have the rare word, is known once all were taken."""

    def __init__(self, count):
        self.count = count
        self.conversations = self.rare = 0
        self.chance = random.Random(SEED)
        self.words = vocabulary(self.chance)
        self.written = self.chance.choices(self.words, cum_weights=frequencies(len(self.words)), k=WRITTEN)
        self.people = people(self.chance, self.words)
        self.writing = frequencies(PEOPLE)
        self.open = []

    def __iter__(self):
        """The arrival (seconds since the Unix epoch) and the octets, with LF."""
        for number in range(self.count):
            arrival = BEGUN + number * SPAN // self.count
            yield arrival, self._message(number, arrival).encode()

    @property
    def writer(self):
        """The local part of one who writes often; what begins like it are others."""
        return "p11"

    def word(self, place):
        """The word that is that frequent: 0 the most."""
        return self.words[place]

    def _message(self, number, arrival):
        chance = self.chance
        conversation, subject, named = self._place()
        text = self._sentence(BODY // 2 + int(chance.random() * BODY))
        if number % EVERY_RARE == EVERY_RARE // 2:
            text += f" {RARE}"
            self.rare += 1
        elif number % EVERY_RARE == EVERY_RARE // 4 * 3:
            text += f" {LIKE_RARE}"
        conversation.ids.append(f"{number}.{chance.getrandbits(32):x}@here.test")
        to_list = chance.random() < TO_A_LIST
        recipient = f"List {int(chance.random() * LISTS)} <list@here.test>" if to_list else f"Alice Example <{ADDRESS}>"
        date = email.utils.formatdate(arrival - int(chance.random() * 600))
        return (f"From: {chance.choices(self.people, cum_weights=self.writing)[0]}\nTo: {recipient}\n"
                f"Subject: {subject}\nMessage-ID: <{conversation.ids[-1]}>\nDate: {date}\n{named}\n{text}.\n")

    def _sentence(self, count):
        begin = int(self.chance.random() * (WRITTEN - count))
        return " ".join(self.written[begin:begin + count])

    def _place(self):
        """In a conversation that is open, or in a new one: its subject there, and the fields that name what it answers."""
        chance = self.chance
        if self.open and chance.random() < ANSWERS:
            conversation = chance.choice(self.open)
            named = conversation.ids[-MOST_NAMED:]
            references = "\n ".join(f"<{one}>" for one in named)
            return conversation, "Re: " + conversation.subject, f"In-Reply-To: <{named[-1]}>\nReferences: {references}\n"
        self.conversations += 1
        conversation = Conversation(f"{self._sentence(SUBJECT).capitalize()} {self.conversations}", [])
        if len(self.open) < OPEN:
            self.open.append(conversation)
        else:
            self.open[chance.randrange(OPEN)] = conversation
        return conversation, conversation.subject, ""


def write_mbox(correspondence, path):
    """All of it read, as most of what people keep is."""
    with open(path, "wb", buffering=1 << 20) as file:
        for arrival, octets in correspondence:
            moment = time.asctime(time.gmtime(arrival)).encode()
            file.write(b"From someone@client.test " + moment + b"\nStatus: RO\n" + octets + b"\n")
