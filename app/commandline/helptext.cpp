#include "app/commandline/commandline.h"

#include "app/commandline/keephelp.h"

#include <QHash>

namespace glasspost::app {

namespace {

const char *const programHelp
    = R"(Glasspost: write, send, receive and read mail, and see every line that both ends said.

  glasspost [--data DIR] [mailto:URL]      open the window
  glasspost listen                         receive mail without a window
  glasspost send                           send one message
  glasspost sendmail                       do what programs call sendmail for
  glasspost queue                          inspect and change the outgoing queue
  glasspost search                         find messages
  glasspost show                           show one message: parsed, as JSON, its octets, or a part of it
  glasspost check                          check one message: HTML, clients, links, headers, format
  glasspost wait                           wait until a message arrives, then show it
  glasspost watch                          print a line for each message that arrives
  glasspost mark, glasspost tag, glasspost delete
                                           change stored messages
  glasspost transcript                     show what was said in a session
  glasspost journey                        show how a message arrived and left
  glasspost rules                          list, import, export and run the rules for mail
  glasspost keep                           limit what a mailbox keeps of its mail, and give it a color
  glasspost import, glasspost export       bring mail in, or write it out
  glasspost mcp                            serve the Model Context Protocol, for language models

  --data DIR    where mail, queue, transcripts and settings are stored
  --help        show this text; after a command: its options
  --version     show the version

Exit codes: 0 done, 1 errors found by check, 64 usage, 65 bad message, 66 no such message, 67 no such user,
68 unknown host, 69 refused, or service unavailable, 73 data folder unusable, 74 search incomplete,
75 try again later, 76 not SMTP, 77 sign-in, 78 settings, 124 timed out.
)";

const char *const listenHelp = R"(glasspost listen: receive mail without a window, until SIGTERM or SIGINT.

  --bind ADDR:PORT      where to listen; repeatable; port 0 picks a free one (127.0.0.1:2525)
  --bind unix:/PATH     a Unix socket; its file is removed when the listener ends
                        A listening socket that systemd passes (sd_listen_fds) is used too, in place of the
                        default
  --policy catch-all    accept everything into one mailbox, relay nothing (the default)
  --policy mailboxes    accept known local names only, relay for loopback and authenticated clients
  --mailbox NAME        the catch-all's mailbox (captured)
  --file-by RULE        separate inboxes, each created when its first message arrives, by: sign-in (the
                        name given), domain or tag (example.org or shop of bob+shop@example.org; several
                        recipients, several inboxes), header:X-Project (that field's value), client (its IP
                        address); binding (the default): everything goes to --mailbox. Messages that the
                        rule does not cover go there too
  --keep-messages N, --keep-age 7d, --keep-size BYTES
                        how much of its newest mail each inbox of captured mail keeps; the rest is removed
                        as mail arrives. Flagged messages are kept and not counted. A --mailbox that
                        already existed is left alone; keep sets other limits for one of them
  --reject PATTERN, --discard PATTERN
                        recipients that get 550, or 250 with nothing kept for them: "*@bounce.test",
                        "test-??@*"; repeatable
  --allow ADDR[/BITS]   who may connect (everybody); all others get 554; repeatable
  --domain NAME         a local domain; repeatable
  --user NAME           a local user; repeatable
  --tls none|optional|required|implicit
                        none (the default): STARTTLS is not offered, so that a client with its defaults
                        does not refuse a self-signed certificate; optional: offered; required: no
                        mail without it; implicit: TLS from the first octet
  --tls-cert F --tls-key F   certificate and key, PEM (default: self-signed); implies --tls optional
  --auth any|file       any: every name and password is accepted, unchecked, and the password is not
                        kept (the default of catch-all without --auth-file); file: those of --auth-file
  --auth-file F         who may sign in: one "name:password" per line
  --clear-auth never|loopback|anywhere
                        who may sign in without TLS (loopback); anywhere: clients on the network too,
                        whose passwords anyone on the network path can read
  --paths tolerant|strict
                        tolerant (the default of catch-all): "MAIL FROM: a@b", <root>, <a..b@c> and the
                        like are accepted and marked in the message; strict: RFC 5321 to the letter
  --bare-lf refuse|mark a message with bare line feeds (refuse); mark: the catch-all keeps and marks it
  --max-size BYTES      the largest message to accept
  --max-recipients N, --max-connections N, --idle SECONDS   per message; at once; until 421
  --http ADDR:PORT      serve the captured mail over HTTP, with Mailpit's API (/api/v1) and events; off
                        unless given here or switched on in the preferences; port 0 picks a free one. The
                        environment variable GLASSPOST_HTTP_TOKEN holds the token that clients must send;
                        an address that other machines can reach requires one
  --spamd HOST:PORT     the spamd (SpamAssassin), or its Unix socket's path, that sa-check and check ask
  --pop3 ADDR:PORT      serve the captured mail over POP3, to this machine only; off unless given; port 0
                        picks a free one. The user name selects the mailbox: an inbox that --file-by makes,
                        or --mailbox; without --file-by any other name opens --mailbox too. Passwords and
                        TLS follow --auth, --clear-auth and --tls
  --webhook URL         post a JSON object, as watch --json prints it, for each message that arrives; tried
                        8 times, over two to six minutes; signed in X-Glasspost-Signature (sha256=HMAC,
                        hexadecimal) with the key in the environment variable GLASSPOST_WEBHOOK_SECRET
  --run-for-each CMD    run a program, without a shell, for each message, with the message on its standard
                        input; 4 at once, 60 seconds each; GLASSPOST_ID is the message's ID.
                        Messages that arrive while listen is not running, or are still waiting when it ends,
                        are neither posted nor given to the program
  --data DIR            the data folder
  --json                one JSON object per line: listening, http, pop3, stored, refused, discarded

Options apply to this run; settings.ini in the data folder is not changed.
)";

const char *const sendHelp = R"(glasspost send: send one message and show what both ends say.

  --from A              the sender
  --to B, --cc, --bcc   recipients; repeatable
  --subject S
  --text F              the text, from a file, or - for standard input: UTF-8, UTF-16 or UTF-32 with a byte order mark,
                        else Windows-1252
  --html F              the text in HTML, from a file
  --attach F            attach this file; repeatable
  --message F           a whole message (.eml) instead of the four above
  --via smtp[s]://[USER@]HOST[:PORT], lmtp://HOST[:PORT] or lmtp:///SOCKET
                        through this server; the password is asked for or taken from the
                        environment variable GLASSPOST_PASSWORD, a token from GLASSPOST_TOKEN
  --direct              to the recipients' mail exchangers
  --nameserver ADDR[:PORT]   ask this name server for them, and for the smarthost's address
  --trust-anchor F      the trust anchor that its DNSSEC signatures are validated against,
                        in place of the root's key
  --mta-sts-port N      where MTA-STS policies are fetched (443)
  --port N              the exchangers' port (25)
  --queue               put it into the data folder's queue, retried until it is accepted
  --tls none|opportunistic|required
  --verify, --ca F, --fingerprint SHA256   verify the certificate, against this CA bundle, or pin
                        this fingerprint
  --client-cert F --client-key F           our certificate and key, PEM
  --auth MECHANISM      sign in with this mechanism; repeatable
  --auth-in-clear       send the password to this machine without TLS, or with a certificate that
                        does not verify; given twice: to any server. Otherwise it is sent only
                        over TLS with a certificate that verifies or was pinned (--fingerprint)
  --without KEYWORD     do not use this extension even if it is offered; repeatable
  --proxy v1|v2[,ADDR,PORT], --xclient NAME=VALUE   present another client's address
  --requiretls          refuse servers that do not promise to use TLS all the way
  --deliver-by SECONDS[,return|notify], --hold-until TIME, --priority -9..9
  --notify never|success,failure,delay, --ret full|headers, --envid ID   delivery reports
  --transcript text|json|none
  --data DIR            the data folder, whose settings supply what is not given here

Exit codes: 0 every recipient accepted (or queued), 64 usage, 65 bad message, 68 unknown host,
69 one or more refused permanently, 75 one or more deferred, 76 not SMTP, 77 sign-in refused, or not
tried because the certificate does not verify.
)";

const char *const sendmailHelp
    = R"(glasspost sendmail [OPTIONS] [RECIPIENT...]: what programs call sendmail for.

The message on standard input goes into the data folder's queue, or into local mailboxes; nothing is printed.
Called as sendmail, newaliases or mailq (a link to glasspost), the program runs this command.
  -t                    take recipients from To, Cc and Bcc as well as from the command line
  -i, -oi               a line with a dot alone does not end the message
  -f A, -r A            the sender of the envelope; "<>" for none
  -F NAME               the name in From, where the message has no From
  -N never|success,failure,delay, -R full|hdrs, -V ENVID   delivery reports
  -bm                   a message (the default)
  -bs                   SMTP on standard input and output; locks the data folder until QUIT, unless a
                        running Glasspost has it open
  -bp                   list the queue, as mailq
  -bi                   as newaliases: there is nothing to do
  -q                    try the queue now
  -A, -B, -C, -D, -d, -e, -G, -h, -L, -m, -n, -O, -o..., -p, -U, -v, -X   accepted, without effect
  --via smtp://HOST:PORT   send at once to this server instead of the queue, for example a capturing listener
  --data DIR            the data folder

In php.ini: sendmail_path = glasspost sendmail -t -i. A recipient without a domain is local to this host.
Exit codes: 0 accepted, 64 usage, 65 bad message or address, 67 no such user here, 68 unknown host, 69 refused
permanently, 73 data folder unusable, 75 try again later, 76 not SMTP, 77 sign-in.
)";

const char *const queueHelp = R"(glasspost queue: the outgoing queue.

  glasspost queue list                  show what is waiting, and why
  glasspost queue run [ID...]           try now, and wait for the result when no Glasspost runs
  glasspost queue hold [ID...]          suspend delivery
  glasspost queue release [ID...]       resume delivery
  glasspost queue remove ID...|ALL      discard; the sender gets no report
  glasspost queue expire ID...|ALL      give up; the sender gets the report
  glasspost queue at TIME ID...|ALL     make no attempt before 2026-11-25T08:00, or +2h from now
  glasspost queue route ROUTE ID...|ALL   use another route: direct, smtp[s]://[USER@]HOST[:PORT],
                                        or default for the one in the settings
  --json                one JSON object per line
  --data DIR            the data folder
)";

const char *const searchHelp = R"(glasspost search QUERY: find messages.

  QUERY is words and "phrases", all of which must occur anywhere in the message; inv* matches the beginning of
  a word, and so does the last word. -word and NOT word exclude, OR means either, ( ) group. An operator before
  a word, a "phrase" or a group says where to look:
  from: to: cc: bcc: subject: body: filename: list:
                        that field; to: every recipient; bcc: also recipients that neither To nor Cc
                        names; list: the List-Id
  envelope-from: envelope-to:
                        the reverse-path and the recipients that the session named
  has:attachment  is:unread  is:read  is:flagged  is:answered  is:forwarded  is:draft
  in:FOLDER             inbox, sent, alice, alice/Sent, or a folder of yours and those below it
  tag:TAG               with that tag; tag:* with any tag
  date: after: before:  2026-01-31, 2026-01, 2026, today, yesterday, 7d, 2w, 3m or 1y (ago), of the Date field;
                        date:2026-01..2026-03 and date:7d.. are ranges; after: includes that day
  larger: smaller:      500k, 2M: the size on the wire
  id: session:          a Message-ID, a session's ID
  An unknown operator or value is searched as words, with a note on standard error. A QUERY that begins with a
  dash goes after --: glasspost search -- -invoice
  --limit N             show at most N (50)
  --json                one JSON object per line
  --data DIR            the data folder

All mail now in the mailboxes is searched; what is not yet indexed is indexed first.
Exit codes: 0 done, even when nothing is found; 74 the index is incomplete and cannot be completed now.
)";

const char *const showHelp = R"(glasspost show ID|latest: show one message.

  ID is as search --json, wait --json and listen's 250 give it; latest is the message that arrived last
  --json                one JSON object: headers, text, HTML, links, one-time codes, attachments, the session
                        that brought it (docs/MESSAGES.md describes it)
  --raw                 the message as it is stored, with its trace fields
  --part N              the octets of one part, decoded; --json and the text name the parts
  --mailbox NAME        look in this mailbox only, "alice" or "alice/Sent"; without it, latest covers every
                        mailbox and folder except Sent, Drafts and Trash
  --data DIR            the data folder; works whether or not a Glasspost is running on it

Exit codes: 0 shown; 66 no such message, or no such part.
)";

const char *const checkHelp
    = R"(glasspost check ID|latest: what is wrong with one message, each with its line in the source, and why.

  Header fields and format (RFC 5322, MIME), size and Gmail's clipping, unsubscribing (RFC 8058), HTML, what mail
  clients do not support of it (caniemail.com), accessibility, links and pictures. Nothing is fetched.
  --spamd HOST:PORT     give the message to this spamd (SpamAssassin, rspamd), or the path of its Unix socket;
                        else to that of the preferences, where one is set there
  --json                one JSON object: findings, links and pictures (docs/CHECKS.md describes it)
  --mailbox NAME        as for show
  --data DIR            the data folder; works whether or not a Glasspost is running on it

Exit codes: 0 no errors; 1 errors were found (warnings and notes do not count); 66 no such message.
)";

const char *const waitHelp = R"(glasspost wait: block until a message has arrived, then print it as show does.

  --to A                for this address: in To, in Cc, or a recipient of the envelope; case is ignored
  --from A              from this address: in From, or the sender of the envelope
  --subject RE, --body RE, --header NAME=RE
                        matched by a Perl-compatible regular expression: (?i) ignores case; body is the
                        text or the HTML; --header is repeatable. All conditions must match
  --mailbox NAME        in this mailbox only; without it: in all folders but Sent, Drafts and Trash
  --count N             wait for N messages (1), each printed as it arrives
  --since now           only messages that arrive after the call (the default)
  --since TIME|-5m|ID|all
                        also those that arrived since a time, in the last five minutes (s, m, h, d), after
                        a message, or ever: note the time before the step that sends, and none is missed
  --timeout SECONDS     give up after this time (30); 0: look at what is there and do not wait
  --json                one JSON object per message
  --data DIR            the data folder

A window or glasspost listen that runs on the data folder answers. When none is running, wait waits for one
to start, and when it ends, for the next one.
Exit codes: 0 found; 124 timed out.
)";

const char *const watchHelp
    = R"(glasspost watch: print a line for each message that arrives, until SIGTERM or SIGINT.

  --mailbox NAME        in this mailbox only; without it: in all folders but Sent, Drafts and Trash
  --since now|TIME|-5m|ID|all
                        begin with those that arrived since then (now)
  --json                one JSON object per line, as search --json prints it
  --data DIR            the data folder; a Glasspost that runs on it answers, and the next one takes over when it ends
)";

const char *const deleteHelp
    = R"(glasspost delete ID...|ALL: delete messages permanently; they do not go to Trash.

  --mailbox NAME        only in this mailbox, "alice" or "alice/Junk"; ALL needs it
  --json                {"count": N, "missing": [IDs that no message has]}
  --data DIR            the data folder; works whether or not a Glasspost is running on it

Exit codes: 0 done; 66 one or more were not found, the others are deleted.
)";

const char *const markHelp = R"(glasspost mark read|unread|flagged|unflagged ID...|ALL: mark messages.

  --mailbox NAME        only in this mailbox, "alice" or "alice/Junk"; ALL needs it
  --json                {"count": N, "missing": [IDs that no message has]}
  --data DIR            the data folder; works whether or not a Glasspost is running on it

Exit codes: 0 done; 66 one or more were not found, the others are marked.
)";

const char *const tagHelp = R"(glasspost tag ID...|ALL +TAG... -TAG...: add tags to messages and remove them.

  A tag is any words: +work "+to do". Tags stay with a message whatever folder it is in; search finds tag:work
  --mailbox NAME        only in this mailbox, "alice" or "alice/Junk"; ALL needs it
  --json                {"count": N, "missing": [IDs that no message has]}
  --data DIR            the data folder; works whether or not a Glasspost is running on it

Exit codes: 0 done; 66 one or more were not found, the others are tagged.
)";

const char *const transferHelp
    = R"(glasspost import PATH, glasspost export PATH: bring mail in, or write it out.

  import reads an mbox, an .eml or .emlx file, a folder of them or a Maildir, plain files only; read and
  starred messages stay so, deleted ones go to Trash. export writes a new file or folder and replaces nothing.
  --format eml|mbox|maildir
                        import: detected when not given; export: mbox when not given
  --mailbox NAME        the mailbox, "alice" or "alice/Sent" (the first identity's Inbox); import creates a
                        folder that is missing
  --data DIR            the data folder; a running Glasspost that uses it does the work
)";

const char *const mcpHelp
    = R"(glasspost mcp: the Model Context Protocol on standard input and output, for a program with a language model,
which starts it to search and read mail, sessions and the queue.

  --data DIR            the data folder; one that a running Glasspost has open is read through it

A draft that a model writes is held in the outgoing queue until a person releases it in the window: no tool
can send anything out.
)";

const char *const transcriptHelp
    = R"(glasspost transcript [SESSION|ID]: what was said in a session, or in every session of the message or queue
entry with that ID; without an ID: the sessions, newest first.

  --json                one JSON object per line
  --data DIR            the data folder
)";

const char *const journeyHelp
    = R"(glasspost journey ID: how a message arrived and left, long after it has: every attempt for every recipient,
what came back later, and the sessions. ID names a message (as show takes it, or latest), a queue entry or a session.

  --json                one JSON object
  --html FILE           write a self-contained report: why it did not arrive, a waterfall, TLS, the transcripts
  --pdf FILE            write the same report as PDF
  --addresses           show mail addresses and the subject in the report, which are masked by default
  --headers             show the message's header fields in the report, while it is stored or in the queue
  --swaks               print the swaks command that says the same to the same server, with a test body
  --curl                print the curl command that does, if curl can
  --openssl             print the openssl command that opens the same TLS connection, to type the rest
  --compare OTHER       show the last attempt beside that of OTHER, also an ID: what differs, and every time
  --delete              delete the record of a message or queue entry permanently; the message stays
  --data DIR            the data folder

With --compare, a session is compared as a whole, and a message that never left from here by the session that brought it.
)";

const char *const rulesHelp
    = R"(glasspost rules list|import FILE|export|dry-run [QUERY]|apply [QUERY]|log: the rules for incoming mail.

  list                  each rule and what it does
  import FILE           replace the rules with those in FILE, in Sieve (RFC 5228); - is standard input
  export                print the rules as Sieve
  dry-run [QUERY]       print what they would do with stored messages, those that QUERY finds (in:inbox)
  apply [QUERY]         do it; what is discarded goes to Trash
  log                   what rules have done, newest last
  --rules FILE          for dry-run and apply: these rules instead of those in force
  --limit N             for log: at most N lines (100)
  --json                one JSON object per line
  --data DIR            the data folder; works whether or not a Glasspost is running on it

A message that a rule cannot read, forward or file is kept, and the log says why. docs/FORMATS.md lists the extensions
of Sieve that rules use.
Exit codes: 0 done; 78 the rules are invalid, or those in force could not be read.
)";

} // namespace

QString helpText(const QString &command)
{
    static const QHash<QString, const char *> texts = {
        {QStringLiteral("listen"), listenHelp},
        {QStringLiteral("send"), sendHelp},
        {QStringLiteral("sendmail"), sendmailHelp},
        {QStringLiteral("queue"), queueHelp},
        {QStringLiteral("search"), searchHelp},
        {QStringLiteral("show"), showHelp},
        {QStringLiteral("check"), checkHelp},
        {QStringLiteral("wait"), waitHelp},
        {QStringLiteral("watch"), watchHelp},
        {QStringLiteral("delete"), deleteHelp},
        {QStringLiteral("mark"), markHelp},
        {QStringLiteral("tag"), tagHelp},
        {QStringLiteral("import"), transferHelp},
        {QStringLiteral("export"), transferHelp},
        {QStringLiteral("transcript"), transcriptHelp},
        {QStringLiteral("mcp"), mcpHelp},
        {QStringLiteral("journey"), journeyHelp},
        {QStringLiteral("rules"), rulesHelp},
        {QStringLiteral("keep"), keepHelp},
    };
    return QString::fromUtf8(texts.value(command, programHelp));
}

} // namespace glasspost::app
