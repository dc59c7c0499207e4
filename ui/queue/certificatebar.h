#pragma once

#include "mail/system/servercertificates.h"
#include "ui/widgets/inlinebar.h"

namespace glasspost::ui {

/// Above the queue: that a server's certificate could not be verified and messages wait for a person's
/// decision. Opens the window that shows it, and carries the decision on. GUI thread.
class CertificateBar : public InlineBar
{
    Q_OBJECT
public:
    /// The certificates outlive it.
    explicit CertificateBar(mail::ServerCertificates &certificates, QWidget *parent = nullptr);

    void load(); ///< the questions that are there
    /// The messages in the queue: a question for which none waits is not asked.
    void setEntries(const QList<mail::QueueEntry> &entries);
    /// The question for which a recipient waits, answered or not; null when there is none.
    [[nodiscard]] const mail::CertificateQuestion *questionOf(const mail::QueueRecipient &recipient) const;
    void open(const mail::CertificateQuestion &question);

Q_SIGNALS:
    void sessionRequested(const QByteArray &sessionId);
    void changed(); ///< other questions: the entries are wanted again

private:
    void take(const QList<mail::CertificateQuestion> &questions);
    void ask(const QList<mail::CertificateQuestion> &asked);

    mail::ServerCertificates &m_certificates;
    QList<mail::CertificateQuestion> m_questions;
    QList<mail::CertificateQuestion> m_asked; ///< those that the bar speaks of
};

} // namespace glasspost::ui
