#include "ui/words/commandmeanings.h"

#include <QCoreApplication>
#include <QList>
#include <QStringList>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

constexpr qsizetype longestVerb = 20;
constexpr int mostParameters = 20; ///< of one line that are explained

struct MeaningRow
{
    const char *name;
    const char *words;
    const char *clause;
};

constexpr std::array verbRows = {
    MeaningRow{"EHLO",
        QT_TRANSLATE_NOOP("CommandMeanings", "The client gives its name and asks which extensions there are"),
        "RFC 5321 4.1.1.1"},
    MeaningRow{"HELO",
        QT_TRANSLATE_NOOP("CommandMeanings", "The client gives its name; no extensions are used"),
        "RFC 5321 4.1.1.1"},
    MeaningRow{"LHLO",
        QT_TRANSLATE_NOOP("CommandMeanings", "EHLO of LMTP: each recipient gets a reply after the message"),
        "RFC 2033 4.1"},
    MeaningRow{"MAIL",
        QT_TRANSLATE_NOOP(
            "CommandMeanings", "Begins a transaction and names the sender to whom reports of failure go"),
        "RFC 5321 4.1.1.2"},
    MeaningRow{"RCPT", QT_TRANSLATE_NOOP("CommandMeanings", "Names one recipient of the message"),
        "RFC 5321 4.1.1.3"},
    MeaningRow{"DATA",
        QT_TRANSLATE_NOOP(
            "CommandMeanings", "Asks to send the message; after 354 it follows, ended by a lone full stop"),
        "RFC 5321 4.1.1.4"},
    MeaningRow{"RSET",
        QT_TRANSLATE_NOOP("CommandMeanings", "Abandons the transaction: sender and recipients are forgotten"),
        "RFC 5321 4.1.1.5"},
    MeaningRow{
        "VRFY", QT_TRANSLATE_NOOP("CommandMeanings", "Asks whether a mailbox exists"), "RFC 5321 4.1.1.6"},
    MeaningRow{"EXPN", QT_TRANSLATE_NOOP("CommandMeanings", "Asks for the members of a mailing list"),
        "RFC 5321 4.1.1.7"},
    MeaningRow{
        "HELP", QT_TRANSLATE_NOOP("CommandMeanings", "Asks for help meant for a person"), "RFC 5321 4.1.1.8"},
    MeaningRow{"NOOP",
        QT_TRANSLATE_NOOP("CommandMeanings", "Does nothing; the server replies that it is there"),
        "RFC 5321 4.1.1.9"},
    MeaningRow{"QUIT", QT_TRANSLATE_NOOP("CommandMeanings", "Ends the session"), "RFC 5321 4.1.1.10"},
    MeaningRow{"STARTTLS",
        QT_TRANSLATE_NOOP("CommandMeanings", "Asks to encrypt the connection from here on"), "RFC 3207 4"},
    MeaningRow{"AUTH",
        QT_TRANSLATE_NOOP("CommandMeanings", "Begins to sign in, with the mechanism that it names"),
        "RFC 4954 4"},
    MeaningRow{"BDAT",
        QT_TRANSLATE_NOOP("CommandMeanings",
            "So many octets of the message follow at once; LAST marks the end of the message"),
        "RFC 3030 2"},
    MeaningRow{"BURL",
        QT_TRANSLATE_NOOP("CommandMeanings", "Asks the server to fetch content from an IMAP server"),
        "RFC 4468 3"},
    MeaningRow{"ETRN",
        QT_TRANSLATE_NOOP("CommandMeanings", "Asks the server to send what it has queued for a host"),
        "RFC 1985 5"},
    MeaningRow{"ATRN",
        QT_TRANSLATE_NOOP("CommandMeanings", "Asks to change roles, to receive the mail of a domain"),
        "RFC 2645 4"},
    MeaningRow{"TURN",
        QT_TRANSLATE_NOOP("CommandMeanings", "Asks to change roles; obsolete, since it checks nobody"),
        "RFC 5321 F.1"},
    MeaningRow{
        "SEND", QT_TRANSLATE_NOOP("CommandMeanings", "Writes to a terminal; obsolete"), "RFC 5321 F.6"},
    MeaningRow{"SOML", QT_TRANSLATE_NOOP("CommandMeanings", "Writes to a terminal, or sends mail; obsolete"),
        "RFC 5321 F.6"},
    MeaningRow{"SAML", QT_TRANSLATE_NOOP("CommandMeanings", "Writes to a terminal and sends mail; obsolete"),
        "RFC 5321 F.6"},
};

constexpr std::array parameterRows = {
    MeaningRow{
        "SIZE", QT_TRANSLATE_NOOP("CommandMeanings", "how large the message is, in octets"), "RFC 1870 6"},
    MeaningRow{"BODY",
        QT_TRANSLATE_NOOP("CommandMeanings", "whether the message has octets beyond ASCII, or is binary"),
        "RFC 6152 2"},
    MeaningRow{"SMTPUTF8",
        QT_TRANSLATE_NOOP("CommandMeanings", "addresses or header fields have letters beyond ASCII"),
        "RFC 6531 3.4"},
    MeaningRow{"AUTH",
        QT_TRANSLATE_NOOP("CommandMeanings", "who submitted the message, as a trusted server found"),
        "RFC 4954 5"},
    MeaningRow{"RET",
        QT_TRANSLATE_NOOP("CommandMeanings", "whether a report of failure returns all of the message"),
        "RFC 3461 4.3"},
    MeaningRow{"ENVID",
        QT_TRANSLATE_NOOP("CommandMeanings", "the sender's own name for this message, repeated in reports"),
        "RFC 3461 4.4"},
    MeaningRow{
        "NOTIFY", QT_TRANSLATE_NOOP("CommandMeanings", "when the sender wants reports"), "RFC 3461 4.1"},
    MeaningRow{"ORCPT",
        QT_TRANSLATE_NOOP("CommandMeanings", "the recipient as the sender wrote it, repeated in reports"),
        "RFC 3461 4.2"},
    MeaningRow{"REQUIRETLS",
        QT_TRANSLATE_NOOP("CommandMeanings", "the message may travel only over verified TLS"), "RFC 8689 2"},
    MeaningRow{"HOLDFOR",
        QT_TRANSLATE_NOOP("CommandMeanings", "how many seconds the server keeps the message back"),
        "RFC 4865"},
    MeaningRow{"HOLDUNTIL",
        QT_TRANSLATE_NOOP("CommandMeanings", "until when the server keeps the message back"), "RFC 4865"},
    MeaningRow{"BY",
        QT_TRANSLATE_NOOP(
            "CommandMeanings", "how soon to deliver, else to return it or to notify the sender"),
        "RFC 2852 4"},
    MeaningRow{"MT-PRIORITY", QT_TRANSLATE_NOOP("CommandMeanings", "how urgent the message is, from -9 to 9"),
        "RFC 6710"},
    MeaningRow{"RRVS",
        QT_TRANSLATE_NOOP("CommandMeanings", "deliver only when the mailbox has the same owner since then"),
        "RFC 7293"},
    MeaningRow{"MTRK", QT_TRANSLATE_NOOP("CommandMeanings", "lets the sender track the message"), "RFC 3885"},
    MeaningRow{
        "SOLICIT", QT_TRANSLATE_NOOP("CommandMeanings", "which kind of advertisement this is"), "RFC 3865"},
    MeaningRow{"SUBMITTER",
        QT_TRANSLATE_NOOP("CommandMeanings", "who is responsible for the message; historic"), "RFC 4405"},
};

constexpr std::array keywordRows = {
    MeaningRow{"SIZE", QT_TRANSLATE_NOOP("CommandMeanings", "the largest message accepted, in octets"),
        "RFC 1870 4"},
    MeaningRow{
        "8BITMIME", QT_TRANSLATE_NOOP("CommandMeanings", "octets beyond ASCII are accepted"), "RFC 6152 2"},
    MeaningRow{"PIPELINING",
        QT_TRANSLATE_NOOP("CommandMeanings", "commands may be sent without waiting for each reply"),
        "RFC 2920 3"},
    MeaningRow{
        "STARTTLS", QT_TRANSLATE_NOOP("CommandMeanings", "the connection can be encrypted"), "RFC 3207 4"},
    MeaningRow{"AUTH", QT_TRANSLATE_NOOP("CommandMeanings", "mechanisms by which a client can sign in"),
        "RFC 4954 3"},
    MeaningRow{"ENHANCEDSTATUSCODES",
        QT_TRANSLATE_NOOP("CommandMeanings", "replies have a second, finer code"), "RFC 2034 3"},
    MeaningRow{
        "DSN", QT_TRANSLATE_NOOP("CommandMeanings", "reports of delivery can be asked for"), "RFC 3461 3"},
    MeaningRow{"CHUNKING", QT_TRANSLATE_NOOP("CommandMeanings", "messages may come in pieces, by BDAT"),
        "RFC 3030 2"},
    MeaningRow{"BINARYMIME", QT_TRANSLATE_NOOP("CommandMeanings", "binary messages are accepted, by BDAT"),
        "RFC 3030 3"},
    MeaningRow{"SMTPUTF8",
        QT_TRANSLATE_NOOP("CommandMeanings", "addresses with letters beyond ASCII are accepted"),
        "RFC 6531 3.1"},
    MeaningRow{"REQUIRETLS", QT_TRANSLATE_NOOP("CommandMeanings", "a message can be limited to verified TLS"),
        "RFC 8689 2"},
    MeaningRow{
        "DELIVERBY", QT_TRANSLATE_NOOP("CommandMeanings", "a time for delivery can be set"), "RFC 2852 4"},
    MeaningRow{"FUTURERELEASE", QT_TRANSLATE_NOOP("CommandMeanings", "messages can be kept back until later"),
        "RFC 4865"},
    MeaningRow{
        "MT-PRIORITY", QT_TRANSLATE_NOOP("CommandMeanings", "messages can have a priority"), "RFC 6710"},
    MeaningRow{"LIMITS",
        QT_TRANSLATE_NOOP("CommandMeanings", "how many messages and recipients are accepted"), "RFC 9422"},
    MeaningRow{"RRVS", QT_TRANSLATE_NOOP("CommandMeanings", "a mailbox that changed its owner can be spared"),
        "RFC 7293"},
    MeaningRow{"ETRN", QT_TRANSLATE_NOOP("CommandMeanings", "queued mail can be asked for"), "RFC 1985 5"},
    MeaningRow{"BURL", QT_TRANSLATE_NOOP("CommandMeanings", "content can be fetched from an IMAP server"),
        "RFC 4468 3"},
    MeaningRow{"MTRK", QT_TRANSLATE_NOOP("CommandMeanings", "messages can be tracked"), "RFC 3885"},
    MeaningRow{
        "NO-SOLICITING", QT_TRANSLATE_NOOP("CommandMeanings", "advertisements are not wanted"), "RFC 3865"},
    MeaningRow{"HELP", QT_TRANSLATE_NOOP("CommandMeanings", "HELP is known"), "RFC 5321 4.1.1.8"},
    MeaningRow{"VRFY", QT_TRANSLATE_NOOP("CommandMeanings", "VRFY is known"), "RFC 5321 4.1.1.6"},
    MeaningRow{"EXPN", QT_TRANSLATE_NOOP("CommandMeanings", "EXPN is known"), "RFC 5321 4.1.1.7"},
};

template <typename Rows> QString meaningIn(const Rows &rows, QByteArrayView name)
{
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const MeaningRow &one) {
        return QLatin1String(name).compare(QLatin1String(one.name), Qt::CaseInsensitive) == 0;
    });
    if (row == rows.end())
        return {};
    return QStringLiteral("%1 (%2)").arg(
        QCoreApplication::translate("CommandMeanings", row->words), QLatin1String(row->clause));
}

QString named(QByteArrayView name, const QString &meaning)
{
    return QStringLiteral("%1: %2").arg(QString::fromLatin1(name).toUpper(), meaning);
}

} // namespace

QByteArray verbOf(QByteArrayView command)
{
    const QByteArray word = command.first(std::min(command.size(), longestVerb)).toByteArray();
    const qsizetype end = word.indexOf(' ');
    return (end < 0 ? word : word.first(end)).toUpper();
}

QString verbMeaning(QByteArrayView verb)
{
    return meaningIn(verbRows, verb);
}

QString parameterMeaning(QByteArrayView name)
{
    return meaningIn(parameterRows, name);
}

QString keywordMeaning(QByteArrayView keyword)
{
    return meaningIn(keywordRows, keyword);
}

QString commandMeaning(QByteArrayView command)
{
    const QByteArray verb = verbOf(command);
    const QString meaning = verbMeaning(verb);
    if (meaning.isEmpty())
        return {};
    QStringList lines{named(verb, meaning)};
    if (verb != "MAIL" && verb != "RCPT")
        return lines.constFirst();
    // RFC 5321 4.1.2: parameters follow the path, each after a blank; a local part may be quoted and hold
    // one.
    const QByteArray whole = command.toByteArray();
    const QList<QByteArray> words = whole.mid(whole.lastIndexOf('>') + 1).split(' ');
    for (const QByteArray &word : words) {
        const qsizetype end = word.indexOf('=');
        const QByteArray name = end < 0 ? word : word.first(end);
        const QString explained = parameterMeaning(name);
        if (!explained.isEmpty() && lines.size() <= mostParameters)
            lines << named(name, explained);
    }
    return lines.join(u'\n');
}

QString offerMeaning(QByteArrayView line)
{
    constexpr qsizetype codeLength = 4;
    if (line.size() <= codeLength || !line.startsWith("250"))
        return {};
    const QByteArrayView rest = line.sliced(codeLength);
    // "AUTH=LOGIN" is how servers wrote it before RFC 2554, and some still do.
    const auto end = std::find_if(rest.begin(), rest.end(), [](char c) { return c == ' ' || c == '='; });
    const QByteArrayView keyword = rest.first(end - rest.begin());
    const QString meaning = keywordMeaning(keyword);
    return meaning.isEmpty() ? QString() : named(keyword, meaning);
}

} // namespace glasspost::ui
