#include "app/commandline/parsers.h"

namespace glasspost::app {

namespace {

Parsed<std::optional<mail::RecipientPolicy>> parsePolicy(const Words &words)
{
    const QString text = words.value(QStringLiteral("policy"));
    if (!words.has(QStringLiteral("policy")))
        return std::nullopt;
    if (text == u"catch-all")
        return mail::RecipientPolicy::CatchAll;
    if (text == u"mailboxes")
        return mail::RecipientPolicy::Mailboxes;
    return refused(QStringLiteral("--policy is catch-all or mailboxes, not \"%1\"").arg(text));
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
            return QStringLiteral("--%1 takes a name, and %2 is none").arg(option, bad);
    }
    if (listen.certificateFile.isEmpty() != listen.keyFile.isEmpty())
        return QStringLiteral("--tls-cert and --tls-key go together");
    if (!listen.mailbox.isEmpty() && listen.policy == mail::RecipientPolicy::Mailboxes)
        return QStringLiteral("--mailbox names the one mailbox of --policy catch-all");
    if (!words.operands.isEmpty())
        return QStringLiteral("listen takes options alone, and \"%1\" is none").arg(words.operands.first());
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
    const auto policy = parsePolicy(words);
    if (!policy)
        return refused(policy.error());
    listen.policy = *policy;
    listen.mailbox = words.value(QStringLiteral("mailbox"));
    listen.domains = words.values(QStringLiteral("domain"));
    listen.users = words.values(QStringLiteral("user"));
    listen.certificateFile = words.value(QStringLiteral("tls-cert"));
    listen.keyFile = words.value(QStringLiteral("tls-key"));
    listen.authFile = words.value(QStringLiteral("auth-file"));
    if (words.has(QStringLiteral("max-size"))) {
        const auto size = parseNumber(
            QStringLiteral("--max-size"), words.value(QStringLiteral("max-size")), 1, qint64(1) << 40);
        if (!size)
            return refused(size.error());
        listen.maxSize = *size;
    }
    listen.format = words.has(QStringLiteral("json")) ? OutputFormat::Json : OutputFormat::Text;
    if (const QString sentence = contradiction(words, listen); !sentence.isEmpty())
        return refused(sentence);
    return listen;
}

} // namespace glasspost::app
