#include "ui/queue/certificatebar.h"

#include "ui/queue/certificatewindow.h"
#include "ui/words/shownbytes.h"

#include <QPushButton>

#include <algorithm>

namespace glasspost::ui {

using mail::CertificateQuestion;

CertificateBar::CertificateBar(mail::ServerCertificates &certificates, QWidget *parent)
    : InlineBar(parent), m_certificates(certificates)
{
    connect(&certificates, &mail::ServerCertificates::changed, this, &CertificateBar::take);
}

void CertificateBar::load()
{
    m_certificates.questions().then(this, [this](const mail::Result<QList<CertificateQuestion>> &questions) {
        if (questions)
            take(*questions);
    });
}

void CertificateBar::take(const QList<CertificateQuestion> &questions)
{
    m_questions = questions;
    Q_EMIT changed();
}

void CertificateBar::setEntries(const QList<mail::QueueEntry> &entries)
{
    QList<CertificateQuestion> asked;
    for (const CertificateQuestion &question : std::as_const(m_questions)) {
        const bool isAwaited = std::any_of(entries.begin(), entries.end(),
            [&](const mail::QueueEntry &entry) { return waitsForCertificate(entry, question.facts.host); });
        if (isAwaited && question.answer == CertificateQuestion::Answer::Open)
            asked.append(question);
    }
    ask(asked);
}

void CertificateBar::ask(const QList<CertificateQuestion> &asked)
{
    if (asked == m_asked) // one that was closed stays so
        return;
    m_asked = asked;
    if (asked.isEmpty()) {
        dismiss();
        return;
    }
    const QString server = shownBytes(asked.constFirst().facts.host).text;
    say(Kind::Warning,
        asked.size() == 1
            ? tr("The certificate of %1 could not be verified: its messages wait for your decision.")
                  .arg(server)
            : tr("The certificates of %1 and %Ln more could not be verified: their messages wait for your "
                 "decision.",
                nullptr, int(asked.size()) - 1)
                  .arg(server));
    addButton(tr("Show cert&ificate …"), [this] {
        if (!m_asked.isEmpty())
            open(m_asked.constFirst());
    });
}

const CertificateQuestion *CertificateBar::questionOf(const mail::QueueRecipient &recipient) const
{
    const auto found = std::find_if(
        m_questions.begin(), m_questions.end(), [&recipient](const CertificateQuestion &question) {
            return waitsForCertificate(recipient, question.facts.host);
        });
    return found == m_questions.end() ? nullptr : &*found;
}

void CertificateBar::open(const CertificateQuestion &question)
{
    const mail::AcceptedCertificate which = certificateOf(question);
    const QList<CertificateWindow *> windows = findChildren<CertificateWindow *>();
    for (CertificateWindow *window : windows) {
        if (certificateOf(window->question()) == which) {
            window->raise();
            window->activateWindow();
            return;
        }
    }
    auto *window = new CertificateWindow(question, this);
    window->setAttribute(Qt::WA_DeleteOnClose);
    connect(window, &CertificateWindow::decided, this, [this, which](mail::CertificateDecision decision) {
        m_certificates.decide(which, decision);
        m_questions.removeIf([&which](const auto &one) { return certificateOf(one) == which; });
    });
    connect(window, &CertificateWindow::sessionRequested, this, &CertificateBar::sessionRequested);
    connect(window, &CertificateWindow::finished, this, [this] {
        m_asked.clear(); // undecided, it is asked again
        Q_EMIT changed();
    });
    window->show();
}

} // namespace glasspost::ui
