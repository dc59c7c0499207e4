#include "mail/queue/certificateapprovals.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostQuestions = 100; // a list that a person can still read

bool isRunning(const QueueEntry &entry)
{
    return std::any_of(entry.recipients.begin(), entry.recipients.end(),
        [](const QueueRecipient &one) { return one.isDelivering(); });
}

} // namespace

bool CertificateApprovals::ask(const CertificateQuestion &question)
{
    const auto known
        = std::find_if(m_questions.begin(), m_questions.end(), [&question](const CertificateQuestion &one) {
              return certificateOf(one) == certificateOf(question);
          });
    if (known != m_questions.end()) {
        const bool isNew = known->ground != question.ground;
        const CertificateQuestion::Answer answer = known->answer;
        *known = question;
        known->answer = answer;
        return isNew;
    }
    if (m_questions.size() >= mostQuestions)
        m_questions.removeFirst();
    m_questions.append(question);
    return true;
}

void CertificateApprovals::refuse(const AcceptedCertificate &which)
{
    m_once.remove(which);
    for (CertificateQuestion &question : m_questions) {
        if (certificateOf(question) == which)
            question.answer = CertificateQuestion::Answer::Refused;
    }
}

void CertificateApprovals::close(const AcceptedCertificate &which)
{
    m_questions.removeIf([&which](const CertificateQuestion &one) { return certificateOf(one) == which; });
}

void CertificateApprovals::acceptOnce(const AcceptedCertificate &which, const QList<QByteArray> &queueIds)
{
    close(which);
    for (const QByteArray &id : queueIds)
        m_once[which].insert(id, Attempt::Awaited);
}

bool CertificateApprovals::attempted(const QList<QueueEntry> &entries)
{
    if (m_once.isEmpty()) // nearly always, and looking through an empty QHash takes a thousand instructions
        return false;
    for (auto &attempts : m_once) {
        for (const QueueEntry &entry : entries) {
            const auto attempt = attempts.find(entry.id);
            if (attempt == attempts.end())
                continue;
            if (isRunning(entry))
                *attempt = Attempt::Running;
            else if (*attempt == Attempt::Running || entry.isDone())
                attempts.erase(attempt);
        }
    }
    return dropUsed();
}

bool CertificateApprovals::gone(const QList<QByteArray> &queueIds)
{
    if (m_once.isEmpty())
        return false;
    for (auto &attempts : m_once) {
        for (const QByteArray &id : queueIds)
            attempts.remove(id);
    }
    return dropUsed();
}

bool CertificateApprovals::dropUsed()
{
    return m_once.removeIf([](const auto &one) { return one.value().isEmpty(); }) > 0;
}

} // namespace glasspost::mail
