#include "app/commandline/parsers.h"

#include "mail/settings/addressrangetext.h"

#include <QProcess>

namespace glasspost::app {

namespace {

/// One of an option's words, with what it means.
template <typename Value> struct Choice
{
    const char *word;
    Value value;
};

/// Nothing when the option is not given; the error names the words it takes.
template <typename Value>
Parsed<std::optional<Value>> parseChoice(
    const Words &words, const QString &option, std::initializer_list<Choice<Value>> choices)
{
    if (!words.has(option))
        return std::nullopt;
    const QString text = words.value(option);
    QStringList known;
    for (const Choice<Value> &choice : choices) {
        if (text == QLatin1String(choice.word))
            return choice.value;
        known += QLatin1String(choice.word);
    }
    const QString last = known.takeLast();
    return refused(QStringLiteral("--%1 is %2 or %3, not \"%4\"")
                       .arg(option, known.join(QStringLiteral(", ")), last, text));
}

/// Into target when the option is given.
template <typename Value>
Parsed<void> readChoice(const Words &words, const char *option, std::optional<Value> &target,
    std::initializer_list<Choice<Value>> choices)
{
    const auto choice = parseChoice(words, QLatin1String(option), choices);
    if (!choice)
        return refused(choice.error());
    target = *choice;
    return {};
}

template <typename Number>
Parsed<void> readNumber(
    const Words &words, const char *option, std::optional<Number> &target, qint64 minimum, qint64 maximum)
{
    const QLatin1String name(option);
    if (!words.has(name))
        return {};
    const auto number = parseNumber(QStringLiteral("--") + name, words.value(name), minimum, maximum);
    if (!number)
        return refused(number.error());
    target = Number(*number);
    return {};
}

/// What clients are offered and allowed: --tls, --auth, --paths ...
Parsed<void> readManners(const Words &words, ListenInvocation &listen)
{
    using mail::PathPolicy;
    using mail::SignInPolicy;
    using smtp::BareLineFeeds;
    using smtp::ClearAuth;
    using smtp::TlsMode;
    return readChoice<TlsMode>(words, "tls", listen.tls,
        {{"none", TlsMode::None}, {"optional", TlsMode::Opportunistic}, {"required", TlsMode::Required},
            {"implicit", TlsMode::Implicit}})
        .and_then([&] {
            return readChoice<SignInPolicy>(words, "auth", listen.signIn,
                {{"any", SignInPolicy::Anybody}, {"file", SignInPolicy::FileOnly}});
        })
        .and_then([&] {
            return readChoice<ClearAuth>(words, "clear-auth", listen.clearSignIn,
                {{"never", ClearAuth::Never}, {"loopback", ClearAuth::Loopback},
                    {"anywhere", ClearAuth::Anywhere}});
        })
        .and_then([&] {
            return readChoice<PathPolicy>(words, "paths", listen.paths,
                {{"strict", PathPolicy::Strict}, {"tolerant", PathPolicy::Tolerant}});
        })
        .and_then([&] {
            return readChoice<BareLineFeeds>(words, "bare-lf", listen.bareLineFeeds,
                {{"refuse", BareLineFeeds::Refused}, {"mark", BareLineFeeds::Marked}});
        });
}

Parsed<void> readLimits(const Words &words, ListenInvocation &listen)
{
    return readNumber(words, "max-size", listen.maxSize, 1, qint64(1) << 40)
        .and_then([&] { // RFC 5321 4.5.3.1.8: 100 recipients at least
            return readNumber(words, "max-recipients", listen.maxRecipients, 100, 1000000);
        })
        .and_then([&] { return readNumber(words, "max-connections", listen.maxConnections, 1, 100000); })
        .and_then([&] { return readNumber(words, "idle", listen.idle, 1, 86400); });
}

Parsed<void> readRule(const Words &words, ListenInvocation &listen)
{
    const QString option = QStringLiteral("file-by");
    if (!words.has(option))
        return {};
    listen.fileBy = mail::captureRuleFrom(words.value(option));
    if (!listen.fileBy)
        return refused(
            QStringLiteral("--file-by is binding, sign-in, domain, tag, client or header:NAME, not \"%1\"")
                .arg(words.value(option)));
    return {};
}

Parsed<void> readKeepAge(const Words &words, ListenInvocation &listen)
{
    const QString option = QStringLiteral("keep-age");
    if (!words.has(option))
        return {};
    const auto seconds = spanSeconds(words.value(option));
    if (!seconds || *seconds <= 0)
        return refused(
            QStringLiteral("--keep-age takes a time such as 12h or 7d, not \"%1\"").arg(words.value(option)));
    listen.keepAge = std::chrono::seconds(*seconds);
    return {};
}

/// What becomes of captured mail: --file-by, --keep-messages ...
Parsed<void> readCapture(const Words &words, ListenInvocation &listen)
{
    return readRule(words, listen)
        .and_then([&] { return readNumber(words, "keep-messages", listen.keepMessages, 1, 1'000'000'000); })
        .and_then([&] { return readKeepAge(words, listen); })
        .and_then([&] { return readNumber(words, "keep-size", listen.keepSize, 1, qint64(1) << 50); });
}

/// The first name that cannot be one: empty, or with blanks, slashes or an "@" in it.
QString badName(const QStringList &names)
{
    for (const QString &name : names) {
        for (const QChar c : name) {
            if (c.isSpace() || c == u'@' || c == u'/' || c == u'\\' || c.unicode() < 0x20)
                return QStringLiteral("\"%1\"").arg(name);
        }
        if (name.isEmpty() || name.startsWith(u'.'))
            return QStringLiteral("\"%1\"").arg(name);
    }
    return {};
}

/// The sentence for what does not go together; empty when all does.
QString contradiction(const Words &words, const ListenInvocation &listen)
{
    for (const QString &option :
        {QStringLiteral("domain"), QStringLiteral("user"), QStringLiteral("mailbox")}) {
        if (const QString bad = badName(words.values(option)); !bad.isEmpty())
            return QStringLiteral("--%1 takes a name, not %2").arg(option, bad);
    }
    if (listen.certificateFile.isEmpty() != listen.keyFile.isEmpty())
        return QStringLiteral("--tls-cert and --tls-key go together");
    if (!listen.mailbox.isEmpty() && listen.policy == mail::RecipientPolicy::Mailboxes)
        return QStringLiteral("--mailbox names the one mailbox of --policy catch-all");
    for (const QString &range : listen.allowedClients) {
        if (!mail::addressRangeFrom(range))
            return QStringLiteral("--allow takes an address or a range such as 192.0.2.0/24, not \"%1\"")
                .arg(range);
    }
    const bool isByPattern = !listen.rejected.isEmpty() || !listen.discarded.isEmpty();
    if (isByPattern && listen.policy == mail::RecipientPolicy::Mailboxes)
        return QStringLiteral(
            "--reject and --discard go with --policy catch-all, which accepts every other recipient");
    if (listen.pop3 && listen.policy == mail::RecipientPolicy::Mailboxes)
        return QStringLiteral("--pop3 goes with --policy catch-all, whose mail has no owner");
    const bool isForCaptured = listen.fileBy || listen.keepMessages || listen.keepAge || listen.keepSize;
    if (isForCaptured && listen.policy == mail::RecipientPolicy::Mailboxes)
        return QStringLiteral("--file-by and --keep-... go with --policy catch-all, whose mail has no owner");
    if (listen.policy == mail::RecipientPolicy::Mailboxes && listen.signIn == mail::SignInPolicy::Anybody)
        return QStringLiteral("--auth any would let everybody relay; it goes with --policy catch-all");
    if (listen.policy == mail::RecipientPolicy::Mailboxes
        && listen.bareLineFeeds == smtp::BareLineFeeds::Marked)
        return QStringLiteral("--bare-lf mark goes with --policy catch-all, which relays nothing");
    if (listen.signIn == mail::SignInPolicy::Anybody && !listen.authFile.isEmpty())
        return QStringLiteral("--auth any checks nobody, so --auth-file cannot go with it");
    if (!words.operands.isEmpty())
        return QStringLiteral("listen takes only options, not \"%1\"").arg(words.operands.first());
    return {};
}

Parsed<void> readHooks(const Words &words, ListenInvocation &listen)
{
    const QString webhook = QStringLiteral("webhook"), run = QStringLiteral("run-for-each");
    listen.webhook = QUrl(words.value(webhook), QUrl::StrictMode);
    const QString scheme = listen.webhook.scheme();
    if (words.has(webhook) && ((scheme != u"http" && scheme != u"https") || listen.webhook.host().isEmpty()))
        return refused(QStringLiteral("--webhook takes http://... or https://..., not \"%1\"")
                           .arg(words.value(webhook)));
    listen.runForEach = QProcess::splitCommand(words.value(run));
    if (words.has(run) && listen.runForEach.isEmpty())
        return refused(QStringLiteral("--run-for-each takes a program and its arguments"));
    return {};
}

} // namespace

Parsed<Command> parseListen(const Words &words)
{
    ListenInvocation listen;
    for (const QString &text : words.values(QStringLiteral("bind"))) {
        auto binding = parseBinding(text);
        if (!binding)
            return refused(binding.error());
        listen.bindings += *binding;
    }
    if (words.has(QStringLiteral("http"))) {
        const auto http = parseHttpBinding(words.value(QStringLiteral("http")));
        if (!http)
            return refused(http.error());
        listen.http = *http;
    }
    if (words.has(QStringLiteral("pop3"))) {
        const auto pop3 = parsePop3Binding(words.value(QStringLiteral("pop3")));
        if (!pop3)
            return refused(pop3.error());
        listen.pop3 = *pop3;
    }
    const auto spamd = readSpamd(words);
    if (!spamd)
        return refused(spamd.error());
    listen.spamd = *spamd;
    using mail::RecipientPolicy;
    const auto understood = readChoice<RecipientPolicy>(words, "policy", listen.policy,
        {{"catch-all", RecipientPolicy::CatchAll}, {"mailboxes", RecipientPolicy::Mailboxes}})
                                .and_then([&] { return readManners(words, listen); })
                                .and_then([&] { return readLimits(words, listen); })
                                .and_then([&] { return readHooks(words, listen); })
                                .and_then([&] { return readCapture(words, listen); });
    if (!understood)
        return refused(understood.error());
    listen.mailbox = words.value(QStringLiteral("mailbox"));
    listen.rejected = words.values(QStringLiteral("reject"));
    listen.discarded = words.values(QStringLiteral("discard"));
    listen.allowedClients = words.values(QStringLiteral("allow"));
    listen.domains = words.values(QStringLiteral("domain"));
    listen.users = words.values(QStringLiteral("user"));
    listen.certificateFile = words.value(QStringLiteral("tls-cert"));
    listen.keyFile = words.value(QStringLiteral("tls-key"));
    listen.authFile = words.value(QStringLiteral("auth-file"));
    listen.format = words.has(QStringLiteral("json")) ? OutputFormat::Json : OutputFormat::Text;
    if (const QString sentence = contradiction(words, listen); !sentence.isEmpty())
        return refused(sentence);
    return listen;
}

} // namespace glasspost::app
