#pragma once

#include "mail/message/headerfields.h"
#include "smtp/session/transcript.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace glasspost::mail {

/// Of a message so many octets are looked at, from its front.
constexpr qint64 mostOctetsForRules = 1024 * 1024;

/// What rules may ask about one message. Lines end in LF or CRLF.
struct RuleMessage
{
    QByteArray octets; ///< at most mostOctetsForRules
    qint64 size = 0; ///< of the whole, on the wire
    /// The envelope. Nothing: it is not known any more.
    std::optional<QByteArray> reversePath; ///< empty: the null one
    std::optional<QList<QByteArray>> recipients;
    /// That brought it; an empty one when none did. Nothing: it is not known any more.
    std::optional<smtp::SessionFacts> session;
    std::optional<bool> isSenderKnown; ///< nothing: cannot be told now
};

/// One message being read for rules: what several of them ask for is read once. Not for two threads at once.
/// The message outlives it.
class RuleReading
{
public:
    explicit RuleReading(const RuleMessage &message) : m_message(message) { }

    [[nodiscard]] const RuleMessage &message() const { return m_message; }
    [[nodiscard]] bool has(const QString &field);
    /// Each field of the name, decoded and without blanks at its ends.
    const QStringList &texts(const QString &field);
    /// The addresses in all fields of the name.
    const QStringList &addresses(const QString &field);
    const QString &bodyText(); ///< of the parts that are read, HTML without its marks
    const QString &rawBody();

private:
    const RawHeader &header();

    const RuleMessage &m_message;
    std::optional<RawHeader> m_header;
    QHash<QString, QStringList> m_texts; ///< by the name in lower case, as the next
    QHash<QString, QStringList> m_addresses;
    std::optional<QString> m_bodyText;
    std::optional<QString> m_rawBody;
};

/// The value of the topmost From field's first address, in lower case; empty when there is none.
QString senderOf(const QByteArray &octets);
/// The field on top of what a rule of that mailbox forwards: "X-Glasspost-Forwarded: alice@host".
QByteArray forwardedField(const QString &mailbox, const QByteArray &hostName);
/// Whether a rule of that mailbox here has forwarded the message before.
bool wasForwardedBy(const QByteArray &octets, const QString &mailbox, const QByteArray &hostName);

} // namespace glasspost::mail
