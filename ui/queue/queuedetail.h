#pragma once

#include "mail/queue/certificatequestion.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace glasspost::ui {

/// What is known of one recipient in the queue: what became of it and why, where, when, what was said on the
/// wire. GUI thread.
class QueueDetail : public QWidget
{
    Q_OBJECT
public:
    explicit QueueDetail(QWidget *parent = nullptr);

    /// question: the certificate that a person is to decide about before it can leave; may be null.
    void tell(const mail::QueueEntry &entry, const mail::QueueRecipient &recipient,
        const mail::CertificateQuestion *question);

Q_SIGNALS:
    void sessionRequested(const QByteArray &sessionId);
    void certificateRequested(const glasspost::mail::CertificateQuestion &question);

private:
    QLabel *m_words;
    QLabel *m_facts;
    QPlainTextEdit *m_wire;
    QPushButton *m_transcript;
    QPushButton *m_certificate;
    QByteArray m_session;
    std::optional<mail::CertificateQuestion> m_question;
};

} // namespace glasspost::ui
