#include "mail/message/contactcard.h"

#include "mail/message/charsets.h"
#include "mail/message/transfercoding.h"

#include <QHash>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostContactOctets = 256 * 1024;
constexpr qsizetype mostCards = 100;
constexpr qsizetype mostValues = 20;
constexpr qsizetype longestProperty = 1000;

/// One content line, RFC 6350 3.3: [group "."] name *(";" parameter) ":" value.
struct ContentLine
{
    QByteArray name; ///< upper case, without its group
    QList<QByteArray> parameters; ///< upper case
    QByteArray value;
};

/// Lines with what was folded joined (RFC 6350 3.2), and quoted-printable ones of vCard 2.1, which end in
/// "=" where they go on.
QList<QByteArray> unfoldedLines(const QByteArray &octets)
{
    QList<QByteArray> lines;
    bool isQuoted = false; // the last line is quoted-printable
    for (QByteArray line : octets.left(mostContactOctets).split('\n')) {
        if (line.endsWith('\r'))
            line.chop(1);
        const bool isFold = line.startsWith(' ') || line.startsWith('\t');
        if (isQuoted && lines.constLast().endsWith('=')) {
            lines.last() += '\n' + line;
        } else if (isFold && !lines.isEmpty()) {
            lines.last() += line.mid(1);
        } else {
            lines.append(line);
            isQuoted = line.toUpper().contains("QUOTED-PRINTABLE");
        }
    }
    return lines;
}

/// A colon within quotes belongs to a parameter.
qsizetype valueColon(const QByteArray &line)
{
    bool isQuoted = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        if (line.at(i) == '"')
            isQuoted = !isQuoted;
        else if (line.at(i) == ':' && !isQuoted)
            return i;
    }
    return -1;
}

ContentLine contentLine(const QByteArray &line)
{
    const qsizetype colon = valueColon(line);
    if (colon < 0)
        return {};
    ContentLine content;
    content.parameters = line.first(colon).toUpper().split(';');
    content.name = content.parameters.takeFirst().trimmed();
    content.name = content.name.mid(content.name.lastIndexOf('.') + 1);
    content.value = line.mid(colon + 1);
    return content;
}

QString decodedValue(const ContentLine &line)
{
    QByteArray octets = line.value.left(4 * longestProperty), charset = "utf-8";
    for (const QByteArray &parameter : line.parameters) {
        if (parameter == "QUOTED-PRINTABLE" || parameter == "ENCODING=QUOTED-PRINTABLE")
            octets = fromQuotedPrintable(octets);
        else if (parameter.startsWith("CHARSET="))
            charset = parameter.mid(8);
    }
    return decodedCharset(octets, charset);
}

/// The components of a value between semicolons, escapes taken off (RFC 6350 3.4).
QStringList components(const QString &value)
{
    QStringList all(1);
    for (qsizetype i = 0; i < value.size(); ++i) {
        const QChar c = value.at(i);
        if (c == u'\\' && i + 1 < value.size()) {
            const QChar next = value.at(++i);
            all.last() += next == u'n' || next == u'N' ? QChar(u'\n') : next;
        } else if (c == u';') {
            all.append(QString());
        } else {
            all.last() += c;
        }
    }
    return all;
}

QString joined(QStringList parts, const QString &separator)
{
    for (QString &part : parts)
        part = part.trimmed();
    parts.removeAll(QString());
    return parts.join(separator).left(longestProperty);
}

/// RFC 6350 6.2.2: family; given; additional; prefixes; suffixes.
QString nameInOrder(const QStringList &parts)
{
    return joined({parts.value(3), parts.value(1), parts.value(2), parts.value(0), parts.value(4)},
        QStringLiteral(" "));
}

void addTo(QStringList &list, const QString &value)
{
    if (list.size() < mostValues && !value.isEmpty() && !list.contains(value))
        list.append(value);
}

void take(ContactCard &card, const ContentLine &line)
{
    const QStringList parts = components(decodedValue(line));
    const QString whole = joined(parts, QStringLiteral("; "));
    const auto isNamed = [&line](const char *name) { return line.name == name; };
    if (isNamed("FN") || (isNamed("N") && card.name.isEmpty()))
        card.name = isNamed("FN") ? whole : nameInOrder(parts);
    else if (isNamed("ORG"))
        card.organization = joined(parts, QStringLiteral(", "));
    else if (isNamed("TITLE"))
        card.title = whole;
    else if (isNamed("EMAIL"))
        addTo(card.emails, whole);
    else if (isNamed("TEL"))
        addTo(card.telephones, whole.startsWith(QLatin1String("tel:")) ? whole.mid(4) : whole);
    else if (isNamed("ADR"))
        addTo(card.addresses, joined(parts, QStringLiteral(", ")));
    else if (isNamed("URL"))
        addTo(card.urls, whole);
    else if (isNamed("BDAY"))
        card.birthday = whole;
    else if (isNamed("NOTE"))
        card.note = whole;
}

} // namespace

QList<ContactCard> readContactCards(const QByteArray &octets)
{
    QList<ContactCard> cards;
    bool isOpen = false;
    for (const QByteArray &text : unfoldedLines(octets)) {
        const ContentLine line = contentLine(text);
        const QByteArray value = line.value.trimmed().toUpper();
        if (line.name == "BEGIN" && value == "VCARD") {
            if (cards.size() == mostCards)
                break;
            cards.append(ContactCard());
            isOpen = true;
        } else if (line.name == "END" && value == "VCARD") {
            isOpen = false;
        } else if (isOpen) {
            take(cards.last(), line);
        }
    }
    return cards;
}

} // namespace glasspost::mail
