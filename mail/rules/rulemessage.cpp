#include "mail/rules/rulemessage.h"

#include "mail/message/addresslist.h"
#include "mail/message/messagereader.h"
#include "mail/message/mime.h"
#include "mail/message/reportparts.h"

namespace glasspost::mail {

namespace {

constexpr char forwardedName[] = "X-Glasspost-Forwarded";

QByteArray forwarderOf(const QString &mailbox, const QByteArray &hostName)
{
    return oneLine(mailbox.toUtf8() + '@' + hostName);
}

QStringList addressesOf(const QByteArray &unfolded)
{
    QStringList result;
    for (const AddressEntry &entry : splitAddressList(QString::fromUtf8(unfolded))) {
        if (!entry.address.isEmpty())
            result.append(entry.address);
    }
    return result;
}

} // namespace

const RawHeader &RuleReading::header()
{
    if (!m_header)
        m_header = readHeader(m_message.octets);
    return *m_header;
}

bool RuleReading::has(const QString &field)
{
    return header().first(field.toUtf8()) != nullptr;
}

const QStringList &RuleReading::texts(const QString &field)
{
    const QString key = field.toLower();
    const auto known = m_texts.constFind(key);
    if (known != m_texts.cend())
        return *known;
    QStringList texts;
    const QByteArray name = key.toUtf8();
    for (const RawField &one : header().fields) {
        if (one.isNamed(name))
            texts.append(decodedText(one.unfolded()));
    }
    return *m_texts.insert(key, texts);
}

const QStringList &RuleReading::addresses(const QString &field)
{
    const QString key = field.toLower();
    const auto known = m_addresses.constFind(key);
    if (known != m_addresses.cend())
        return *known;
    QStringList addresses;
    const QByteArray name = key.toUtf8();
    for (const RawField &one : header().fields) {
        if (one.isNamed(name))
            addresses += addressesOf(one.unfolded());
    }
    return *m_addresses.insert(key, addresses);
}

const QString &RuleReading::bodyText()
{
    if (!m_bodyText)
        m_bodyText = readIndexFields(m_message.octets).body;
    return *m_bodyText;
}

const QString &RuleReading::rawBody()
{
    if (!m_rawBody)
        m_rawBody = QString::fromUtf8(m_message.octets.mid(header().bodyOffset));
    return *m_rawBody;
}

QString senderOf(const QByteArray &octets)
{
    QString sender;
    visitHeader(octets, [&sender](const RawField &field) {
        if (!field.isNamed("From"))
            return true;
        sender = addressesOf(field.unfolded()).value(0).toLower();
        return false;
    });
    return sender;
}

QByteArray forwardedField(const QString &mailbox, const QByteArray &hostName)
{
    return QByteArray(forwardedName) + ": " + forwarderOf(mailbox, hostName) + '\n';
}

bool wasForwardedBy(const QByteArray &octets, const QString &mailbox, const QByteArray &hostName)
{
    const QByteArray forwarder = forwarderOf(mailbox, hostName);
    bool isFound = false;
    visitHeader(octets, [&](const RawField &field) {
        isFound
            = field.isNamed(forwardedName) && field.unfolded().compare(forwarder, Qt::CaseInsensitive) == 0;
        return !isFound;
    });
    return isFound;
}

} // namespace glasspost::mail
