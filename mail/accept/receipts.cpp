#include "mail/accept/receipts.h"

#include "mail/message/headerfields.h"
#include "smtp/syntax/path.h"

#include <QCryptographicHash>
#include <QFile>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qint64 longestHeader = 1024 * 1024; // octets that are searched for its fields
const QString answersFile = QStringLiteral("receipts.txt");

// A copy in another folder is the same message, the same message in another mailbox is not.
QByteArray keyFor(const MessageId &id, const QByteArray &message)
{
    const QByteArray messageId = readHeader(message).value("Message-ID");
    const QByteArray name = messageId.isEmpty() ? id.unique : messageId;
    return QCryptographicHash::hash(id.folder.user.toUtf8() + '\n' + name, QCryptographicHash::Sha256)
        .toHex();
}

QHash<QByteArray, MdnDecision> readAnswers(const QString &path)
{
    QHash<QByteArray, MdnDecision> answers;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return answers;
    while (!file.atEnd()) {
        const QList<QByteArray> words = file.readLine().trimmed().split(' ');
        if (words.size() == 2)
            answers.insert(words.at(0), words.at(1) == "sent" ? MdnDecision::Send : MdnDecision::Ignore);
    }
    return answers;
}

} // namespace

Receipts::Receipts(const QString &dataFolder, Store &store, Acceptor &acceptor, Journal &journal)
    : m_store(store), m_acceptor(acceptor), m_journal(journal),
      m_answers(readAnswers(dataFolder + u'/' + answersFile))
{ }

Task<MdnRequest> Receipts::request(const MessageId &id)
{
    return m_store.read(id, longestHeader).andThen(this, [this, id](const QByteArray &message) {
        const MdnRequest asked = readMdnRequest(message);
        const bool isOpen = asked.mayAnswer && !m_answers.contains(keyFor(id, message));
        return isOpen ? asked : MdnRequest();
    });
}

Task<void> Receipts::answer(const MessageId &id, MdnDecision decision)
{
    return m_store.read(id, longestHeader).andThen(this, [this, id, decision](const QByteArray &message) {
        return answer(id, message, decision);
    });
}

Task<void> Receipts::answer(const MessageId &id, const QByteArray &message, MdnDecision decision)
{
    const QByteArray key = keyFor(id, message);
    const MdnRequest asked = readMdnRequest(message);
    const auto to = smtp::parseMailbox(asked.notifyTo.toUtf8());
    if (m_answers.contains(key))
        return Result<void>();
    if (!asked.mayAnswer || !to)
        return tl::unexpected(Error{ErrorCode::BadAddress, asked.notifyTo, {}});
    m_answers.insert(key, decision); // before it is durable: a second click sends no second one
    const Promise<void> noted;
    const Task<void> durable = decision == MdnDecision::Ignore
        ? m_journal.commit(steps()).durable
        : send(makeMdn(answerTo(id, message, asked)), *to);
    durable.then(this, [this, key, noted](const Result<void> &result) {
        if (!result)
            m_answers.remove(key);
        noted.answer(result);
    });
    return noted.task();
}

// RFC 8098 3: the null reverse-path.
Task<void> Receipts::send(const QByteArray &receipt, const smtp::Mailbox &to)
{
    IncomingMessage message;
    message.origin = IncomingMessage::Origin::Receipt;
    message.envelope.recipients = {{to, smtp::Notify::Never, {}}};
    message.content = receipt;
    message.subject = QStringLiteral("Receipt");
    return m_acceptor.accept(message, m_acceptor.planFor(message), steps())
        .durable.andThen(this, [](const Accepted &) {});
}

// From whom the message came to: the address that it was delivered to, else the user's own.
MdnAnswer Receipts::answerTo(const MessageId &id, const QByteArray &message, const MdnRequest &request) const
{
    MdnAnswer answer;
    answer.hostName = m_settings.hostName.toUtf8();
    answer.to = request.notifyTo.toUtf8();
    answer.original = message;
    const auto own = std::find_if(m_settings.identities.begin(), m_settings.identities.end(),
        [&id](const Identity &one) { return one.user == id.folder.user; });
    answer.from = own == m_settings.identities.end() ? id.folder.user.toUtf8() + '@' + answer.hostName
                                                     : own->address.toUtf8();
    answer.finalRecipient = readHeader(message).value("Delivered-To").trimmed();
    if (answer.finalRecipient.isEmpty())
        answer.finalRecipient = answer.from;
    return answer;
}

FileTransaction Receipts::steps() const
{
    QByteArray lines;
    for (const auto &[key, decision] : m_answers.asKeyValueRange())
        lines += key + (decision == MdnDecision::Send ? " sent\n" : " ignored\n");
    return {{FileStep::Kind::Replace, answersFile, {}, lines, {}}};
}

} // namespace glasspost::mail
