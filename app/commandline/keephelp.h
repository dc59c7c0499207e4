#pragma once

namespace glasspost::app {

inline const char *const keepHelp
    = R"(glasspost keep [MAILBOX]: how much of its mail a mailbox or folder keeps, and its color in the window.

  MAILBOX is "alice" or "shop", whose Inbox is meant, or "alice/Lists". Without options what is set for it is
  printed, without MAILBOX what is set for any. A mailbox that does not exist yet may be named.
  --number N            the newest N messages
  --age 30d             those that arrived in the last 30 days (m, h, d; a plain number is days)
  --size BYTES|10M      the newest that take up no more than that (k, M, G)
                        0: no limit of that kind
  --color NAME|#rrggbb  red, orange, yellow, green, teal, blue, purple, pink, or none
  --json                one JSON object per line: mailbox, folder, number, age in seconds, size, color
  --data DIR            the data folder; works whether or not a Glasspost is running on it

While a window or glasspost listen runs, the rest is deleted permanently, at once and as mail arrives or grows
old; it does not go to Trash. Flagged messages are kept and not counted. A mailbox with any limit has these
only; an inbox of captured mail without one has those that listen was given or the preferences say.
)";

} // namespace glasspost::app
