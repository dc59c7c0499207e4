#include "app/http/mailpitsearch.h"

#include "mail/index/searchtree.h"

#include <QDate>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace glasspost::app {

namespace {

using mail::Result;

/// Divided by blanks outside of quotes, which are left out.
QStringList searchArguments(const QString &query)
{
    QStringList arguments{QString()};
    bool isQuoted = false;
    for (const QChar c : query) {
        if (c == u'"')
            isQuoted = !isQuoted;
        else if (c.isSpace() && !isQuoted)
            arguments.append(QString());
        else
            arguments.last() += c;
    }
    return arguments;
}

tl::unexpected<mail::Error> notSearchable(const QString &sentence)
{
    return tl::unexpected(mail::Error{mail::ErrorCode::BadSettings, sentence, {}});
}

/// One word may go on; of several, and of one that has characters with a meaning here, all is a phrase.
QString searchedText(const QString &text)
{
    static const QRegularExpression plain(
        QStringLiteral("^[\\w.@+\\-/=]*$"), QRegularExpression::UseUnicodePropertiesOption);
    const bool isWord = !text.isEmpty() && text.front().isLetterOrNumber() && plain.match(text).hasMatch();
    return isWord ? text + u'*' : u'"' + text + u'"';
}

/// What the index has of them: of Reply-To it has nothing.
QString inAnyAddress(const QString &text)
{
    const QString words = searchedText(text);
    return QStringLiteral("(from:%1 OR to:%1 )").arg(words); // the blank: a bracket may be part of a word
}

Result<QString> dayTerm(const QString &name, const QString &value)
{
    static const QRegularExpression yearFirst(QStringLiteral("^(\\d{4})[/\\-](\\d{1,2})[/\\-](\\d{1,2})$"));
    static const QRegularExpression monthFirst(QStringLiteral("^(\\d{1,2})/(\\d{1,2})/(\\d{4})$"));
    const QRegularExpressionMatch iso = yearFirst.match(value), american = monthFirst.match(value);
    const QDate day = iso.hasMatch()
        ? QDate(iso.captured(1).toInt(), iso.captured(2).toInt(), iso.captured(3).toInt())
        : QDate(american.captured(3).toInt(), american.captured(1).toInt(), american.captured(2).toInt());
    if (!day.isValid())
        return notSearchable(
            QStringLiteral("%1: takes a day such as 2026-11-23, not \"%2\"").arg(name, value));
    return name + u':' + day.toString(Qt::ISODate);
}

/// In octets, as Mailpit reads it: k and m are powers of 1024. 0 when it is no size.
qint64 octetsOf(const QString &value)
{
    static const QRegularExpression form(QStringLiteral("^(\\d{1,12}(?:\\.\\d{1,6})?)\\s?(k|kb|m|mb)?$"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(value);
    const QString unit = match.captured(2).toLower();
    const double factor = unit.isEmpty() ? 1 : unit.startsWith(u'k') ? 1024 : 1024 * 1024;
    return qint64(match.captured(1).toDouble() * factor);
}

QString idTerm(QString id)
{
    return QStringLiteral("id:\"%1\"").arg(id.remove(u'<').remove(u'>'));
}

bool isOperator(const QString &name)
{
    const auto &all = mail::searchOperators();
    return std::any_of(
        all.cbegin(), all.cend(), [&name](const mail::SearchOperator &one) { return one.name == name; });
}

/// "name:value" without quotes; what is no filter is text.
Result<QString> filterTerm(const QString &argument)
{
    const QString name = argument.section(u':', 0, 0).toLower();
    const QString value = argument.section(u':', 1).trimmed();
    const bool takesText
        = name == u"from" || name == u"to" || name == u"cc" || name == u"bcc" || name == u"subject";
    if (takesText || name == u"tag" || name == u"message-id" || name == u"addressed") {
        if (value.isEmpty())
            return QString();
        if (takesText)
            return name + u':' + searchedText(value);
        return name == u"tag"      ? QStringLiteral("tag:\"%1\"").arg(value)
            : name == u"addressed" ? inAnyAddress(value)
                                   : idTerm(value);
    }
    if (name == u"reply-to")
        return notSearchable(QStringLiteral("reply-to: cannot be searched here"));
    if (name == u"has" && value.startsWith(u"inline", Qt::CaseInsensitive))
        return notSearchable(QStringLiteral("has:inline cannot be searched here"));
    if (name == u"is" && value.compare(u"tagged", Qt::CaseInsensitive) == 0)
        return QStringLiteral("tag:*");
    if (name == u"before" || name == u"after")
        return value.isEmpty() ? Result<QString>(QString()) : dayTerm(name, value);
    if (name == u"larger" || name == u"smaller") {
        const qint64 octets = octetsOf(value);
        return octets > 0 ? name + u':' + QString::number(octets) : searchedText(argument);
    }
    return isOperator(name) && !value.isEmpty() ? name + QStringLiteral(":\"%1\"").arg(value)
                                                : searchedText(argument);
}

} // namespace

Result<QString> searchOfMailpit(const QString &query)
{
    QStringList terms;
    for (QString argument : searchArguments(query)) {
        const bool isExcluded = argument.size() > 1 && (argument.front() == u'-' || argument.front() == u'!');
        if (isExcluded)
            argument.remove(0, 1);
        const bool hasWord = std::any_of(argument.cbegin(), argument.cend(),
            [](QChar c) { return c.isLetterOrNumber() || c.isSurrogate(); });
        if (!hasWord)
            continue;
        const Result<QString> term = filterTerm(argument);
        if (!term)
            return term;
        if (!term->isEmpty())
            terms += (isExcluded ? QStringLiteral("-") : QString()) + *term;
    }
    // The blank: the last word does not go on unless it says so.
    return terms.isEmpty() ? QString() : terms.join(u' ') + u' ';
}

} // namespace glasspost::app
