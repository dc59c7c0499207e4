#pragma once

#include "mail/accept/acceptor.h"
#include "mail/message/mdn.h"
#include "mail/settings/settings.h"
#include "mail/store/store.h"

#include <QHash>
#include <QObject>

namespace glasspost::mail {

/// The receipts that messages here ask for (RFC 8098) and what a person answered: each is asked for once, and
/// sent only by the person's word. Answers stand in receipts.txt in the data folder. Lives on the mail
/// thread; store, acceptor and journal outlive it.
class Receipts : public QObject
{
    Q_OBJECT
public:
    /// Reads the answers given before. Blocks on the disk.
    Receipts(const QString &dataFolder, Store &store, Acceptor &acceptor, Journal &journal);

    void configure(const Settings &settings) { m_settings = settings; }
    /// What the message asks; nothing when it was answered or may not be answered.
    Task<MdnRequest> request(const MessageId &id);
    /// Answers when it is durable: the receipt in the queue and the answer noted together. Nothing is sent
    /// for a message that was answered before.
    Task<void> answer(const MessageId &id, MdnDecision decision);

private:
    Task<void> answer(const MessageId &id, const QByteArray &message, MdnDecision decision);
    Task<void> send(const QByteArray &receipt, const smtp::Mailbox &to);
    [[nodiscard]] MdnAnswer answerTo(
        const MessageId &id, const QByteArray &message, const MdnRequest &request) const;
    [[nodiscard]] FileTransaction steps() const;

    Store &m_store;
    Acceptor &m_acceptor;
    Journal &m_journal;
    Settings m_settings;
    QHash<QByteArray, MdnDecision> m_answers; ///< by a digest of user and message
};

} // namespace glasspost::mail
