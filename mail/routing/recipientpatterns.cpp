#include "mail/routing/recipientpatterns.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

// Qt's own conversion, for paths, lets no "*" stand for a "/".
QRegularExpression expressionOf(const QString &pattern)
{
    QString expression;
    for (const QChar c : pattern) {
        if (c == u'*')
            expression += QStringLiteral(".*");
        else
            expression += c == u'?' ? QStringLiteral(".") : QRegularExpression::escape(QString(c));
    }
    return QRegularExpression(QRegularExpression::anchoredPattern(expression),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
}

} // namespace

RecipientPatterns::RecipientPatterns(const QStringList &patterns)
{
    for (const QString &pattern : patterns)
        m_expressions.append(expressionOf(pattern));
}

bool RecipientPatterns::matches(const smtp::Mailbox &address) const
{
    if (m_expressions.isEmpty())
        return false;
    const QString text = QString::fromUtf8(address.toBytes());
    return std::any_of(m_expressions.cbegin(), m_expressions.cend(),
        [&text](const QRegularExpression &one) { return one.match(text).hasMatch(); });
}

} // namespace glasspost::mail
