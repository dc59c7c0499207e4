#include "mail/message/receivedroute.h"

#include "mail/message/fieldtokens.h"
#include "mail/message/mime.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostHops = 100;
constexpr qsizetype longestReceived = 8 * 1024;
constexpr qsizetype longestClause = 512; // octets of one clause

/// RFC 3848 and RFC 6531 4.3: the keywords that say that TLS was in use.
bool isEncryptedProtocol(const QByteArray &keyword)
{
    static const QList<QByteArray> keywords = {"ESMTPS", "ESMTPSA", "LMTPS", "LMTPSA", "UTF8SMTPS",
        "UTF8SMTPSA", "UTF8LMTPS", "UTF8LMTPSA", "HTTPS", "MMTPS"};
    return keywords.contains(keyword.toUpper());
}

/// "TLS1_3", "using TLSv1.2 with cipher ..."
bool namesTls(const QByteArray &comment)
{
    const QByteArray upper = comment.toUpper();
    return upper.contains("TLSV1") || upper.contains("TLS1") || upper.contains("TLS V1");
}

QByteArray withoutAngles(const QByteArray &path)
{
    return path.startsWith('<') && path.endsWith('>') ? path.mid(1, path.size() - 2) : path;
}

QString shown(const QByteArray &value)
{
    return QString::fromUtf8(value.left(longestClause)).trimmed();
}

/// The words of each clause, by its keyword in lower case, and the comments behind "from". A word that
/// follows a keyword is a value whatever it says: "from by by for".
class Clauses
{
public:
    explicit Clauses(const QList<FieldToken> &tokens)
    {
        static const QList<QByteArray> keywords = {"from", "by", "via", "with", "id", "for"};
        bool isValueDue = false;
        for (const FieldToken &token : tokens) {
            const QByteArray word = token.text.toLower();
            if (token.kind == FieldToken::Kind::Comment) {
                takeComment(token.text);
            } else if (!isValueDue && token.kind == FieldToken::Kind::Word && keywords.contains(word)
                && !m_seen.contains(word)) {
                m_seen += word;
                isValueDue = true;
            } else {
                takeWord(token.text);
                isValueDue = false;
            }
        }
    }

    [[nodiscard]] QByteArray value(const QByteArray &keyword) const
    {
        const qsizetype at = m_seen.indexOf(keyword);
        return m_values.value(at);
    }
    [[nodiscard]] const QByteArray &peer() const { return m_peer; }
    [[nodiscard]] bool hasTls() const { return m_hasTls; }

private:
    void takeWord(const QByteArray &word)
    {
        if (m_seen.isEmpty())
            return;
        m_values.resize(m_seen.size());
        QByteArray &value = m_values.last();
        if (value.size() < longestClause)
            value += value.isEmpty() ? word : ' ' + word;
    }
    void takeComment(const QByteArray &comment)
    {
        m_hasTls = m_hasTls || namesTls(comment);
        const bool isFrom = m_seen.size() == 1 && m_seen.constFirst() == "from";
        if (isFrom && m_peer.size() < longestClause)
            m_peer += m_peer.isEmpty() ? comment : ", " + comment;
    }

    QList<QByteArray> m_seen;
    QList<QByteArray> m_values; ///< of these
    QByteArray m_peer;
    bool m_hasTls = false;
};

} // namespace

ReceivedHop receivedHop(const RawField &field)
{
    QList<FieldToken> tokens = fieldTokens(field.unfolded().left(longestReceived), ";");
    // The date comes last, and an id may hold a semicolon.
    QByteArray date;
    for (qsizetype i = tokens.size() - 1; i >= 0; --i) {
        if (!tokens.at(i).isSeparator(';'))
            continue;
        for (const FieldToken &token : tokens.sliced(i + 1))
            date += token.isText() ? token.text + ' ' : QByteArray();
        tokens.resize(i);
        break;
    }
    const Clauses clauses(tokens);
    ReceivedHop hop;
    hop.from = shown(clauses.value("from"));
    hop.peer = shown(clauses.peer());
    hop.by = shown(clauses.value("by"));
    hop.with = shown(clauses.value("with"));
    hop.id = shown(clauses.value("id"));
    hop.recipient = shown(withoutAngles(clauses.value("for")));
    hop.isEncrypted = clauses.hasTls() || isEncryptedProtocol(clauses.value("with"));
    hop.at = date.isEmpty() ? 0 : decodedDate(date);
    return hop;
}

QList<ReceivedHop> receivedRoute(const RawHeader &header)
{
    QList<ReceivedHop> route;
    for (const RawField &field : header.fields) {
        if (route.size() == mostHops)
            break;
        if (field.isNamed("Received"))
            route.append(receivedHop(field));
    }
    std::reverse(route.begin(), route.end());
    for (qsizetype i = 1; i < route.size(); ++i) {
        if (route.at(i).at != 0 && route.at(i - 1).at != 0)
            route[i].delay = route.at(i).at - route.at(i - 1).at;
    }
    return route;
}

} // namespace glasspost::mail
