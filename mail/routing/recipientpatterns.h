#pragma once

#include "smtp/syntax/mailbox.h"

#include <QList>
#include <QRegularExpression>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

/// Patterns for whole addresses, as a shell has them: "*" for any characters, "?" for one, without case:
/// "*@bounce.example.org", "test-??@*".
class RecipientPatterns
{
public:
    RecipientPatterns() = default;
    explicit RecipientPatterns(const QStringList &patterns);

    [[nodiscard]] bool isEmpty() const { return m_expressions.isEmpty(); }
    [[nodiscard]] bool matches(const smtp::Mailbox &address) const;

private:
    QList<QRegularExpression> m_expressions;
};

} // namespace glasspost::mail
