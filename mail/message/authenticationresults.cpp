#include "mail/message/authenticationresults.h"

#include "mail/message/fieldtokens.h"
#include "mail/message/receivedroute.h"

#include <QSet>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostVerdicts = 50;
constexpr qsizetype longestResults = 16 * 1024;
constexpr qsizetype longestResult = 320;
constexpr qsizetype mostHops = 100;

using Tokens = QList<FieldToken>;

QString shown(const QByteArray &value)
{
    return QString::fromUtf8(value.left(longestResult));
}

/// The pieces between semicolons, without comments.
QList<Tokens> statements(const QByteArray &value)
{
    QList<Tokens> all(1);
    for (const FieldToken &token : fieldTokens(value, ";=")) {
        if (token.isSeparator(';'))
            all.append(Tokens());
        else if (token.kind != FieldToken::Kind::Comment)
            all.last().append(token);
    }
    return all;
}

/// What stands behind the "=" of a name; at goes behind it. Blanks around "=" are allowed, and a value may
/// hold "=" itself ("header.b=a=="), which only a following blank ends.
QByteArray valueAt(const Tokens &tokens, qsizetype &at)
{
    QByteArray value = at < tokens.size() ? tokens.at(at++).text : QByteArray();
    while (at < tokens.size() && tokens.at(at).isSeparator('='))
        value += tokens.at(at++).text;
    return value;
}

/// Which of two properties says better who was checked. RFC 8601 2.7: SPF's smtp.mailfrom, DKIM's header.d
/// and DMARC's header.from are domains; others stand in for them.
int worthOf(const QString &property)
{
    static const QStringList order
        = {QStringLiteral("header.i"), QStringLiteral("smtp.helo"), QStringLiteral("smtp.mailfrom"),
            QStringLiteral("smtp.auth"), QStringLiteral("header.from"), QStringLiteral("header.d")};
    return int(order.indexOf(property));
}

/// RFC 8601 2.2: method ["/" version] "=" result [reason] *(ptype "." property "=" value).
AuthenticationVerdict verdictOf(const Tokens &tokens)
{
    AuthenticationVerdict verdict;
    for (qsizetype at = 0; at + 1 < tokens.size();) {
        if (!tokens.at(at).isText() || !tokens.at(at + 1).isSeparator('=')) {
            ++at;
            continue;
        }
        const QByteArray name = tokens.at(at).text.toLower();
        at += 2;
        const QByteArray value = valueAt(tokens, at);
        if (verdict.method.isEmpty()) {
            verdict.method = shown(name.split('/').constFirst());
            verdict.result = shown(value.toLower());
        } else if (name == "reason") {
            verdict.reason = shown(value);
        } else if (verdict.property.isEmpty() || worthOf(shown(name)) > worthOf(verdict.property)) {
            verdict.property = shown(name);
            verdict.identity = shown(value);
        }
    }
    return verdict;
}

} // namespace

QList<AuthenticationVerdict> authenticationVerdicts(const RawHeader &header)
{
    using Standing = AuthenticationVerdict::Standing;
    QList<AuthenticationVerdict> verdicts;
    QSet<QString> above; // the servers of the Received fields above
    qsizetype hops = 0;
    for (const RawField &field : header.fields) {
        if (field.isNamed("Received") && hops++ < mostHops)
            above.insert(receivedHop(field).by.toLower());
        if (!field.isNamed("Authentication-Results"))
            continue;
        const QList<Tokens> parts = statements(field.unfolded().left(longestResults));
        const QString server
            = parts.constFirst().isEmpty() ? QString() : shown(parts.constFirst().constFirst().text);
        for (const Tokens &tokens : parts.sliced(1)) {
            AuthenticationVerdict verdict = verdictOf(tokens);
            if (verdict.result.isEmpty())
                continue; // "none", RFC 8601 2.2
            if (verdicts.size() == mostVerdicts)
                return verdicts;
            verdict.server = server;
            verdict.standing = hops == 0           ? Standing::Receiver
                : above.contains(server.toLower()) ? Standing::OnRoute
                                                   : Standing::Claimed;
            verdicts.append(verdict);
        }
    }
    return verdicts;
}

} // namespace glasspost::mail
