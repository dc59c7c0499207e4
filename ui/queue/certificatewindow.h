#pragma once

#include "mail/queue/certificatequestion.h"

#include <QDialog>

class QDialogButtonBox;
class QFormLayout;
class QListWidget;
class QVBoxLayout;

namespace glasspost::ui {

/// A certificate that could not be verified, in full: what is wrong and for which server, every certificate
/// of the chain with its names, validity and fingerprint; and what can be done. Waits for nobody: it is not
/// modal, and closing it decides nothing. GUI thread.
class CertificateWindow : public QDialog
{
    Q_OBJECT
public:
    explicit CertificateWindow(mail::CertificateQuestion question, QWidget *parent = nullptr);

    [[nodiscard]] const mail::CertificateQuestion &question() const { return m_question; }

Q_SIGNALS:
    void decided(glasspost::mail::CertificateDecision decision);
    void sessionRequested(const QByteArray &sessionId);

private:
    void addReasons(QVBoxLayout *column);
    void addChain(QVBoxLayout *column);
    void addButtons(QVBoxLayout *column);
    void showCertificate(int place);

    mail::CertificateQuestion m_question;
    QListWidget *m_chain;
    QFormLayout *m_rows;
};

} // namespace glasspost::ui
