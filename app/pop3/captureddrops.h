#pragma once

#include "mail/pop3/maildrop.h"
#include "mail/system/mailsystem.h"

#include <QObject>

namespace glasspost::app {

/// The captured mail over POP3: whoever signs in gets the Inbox of that name. Where the bindings alone tell
/// inboxes apart, a name that is none of theirs gets the first one's, so that any client works at once; where
/// a rule does, the name is the inbox's, written as the rule writes it. On the thread that made it; the mail
/// system outlives it.
class CapturedDrops : public QObject, public mail::Maildrops
{
    Q_OBJECT
public:
    explicit CapturedDrops(mail::MailSystem &mail) : m_mail(mail) { }

    /// With all that was acknowledged before. BadSettings where the name is nobody's to ask for.
    mail::Task<mail::Maildrop> open(const QByteArray &user) override;
    mail::Task<mail::MessageOctets> octets(const mail::MessageId &id) override;
    mail::Task<void> remove(const QList<mail::MessageId> &ids) override;

private:
    mail::Task<mail::FolderId> inboxOf(const QByteArray &user);
    mail::Task<mail::Maildrop> list(const mail::FolderId &folder);

    mail::MailSystem &m_mail;
};

} // namespace glasspost::app
