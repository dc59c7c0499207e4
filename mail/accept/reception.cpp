#include "mail/accept/reception.h"

#include "mail/accept/receptionsession.h"

namespace glasspost::mail {

Reception::Reception(Acceptor &acceptor, const DataFolder &folder, const QString &spoolFolder)
    : m_acceptor(acceptor), m_folder(folder), m_spooler(spoolFolder), m_inboxes(folder.path())
{ }

Reception::~Reception() = default;

std::unique_ptr<smtp::TransactionHandler> Reception::create(
    smtp::Responder &responder, const QByteArray &bindingName)
{
    return std::make_unique<ReceptionSession>(*this, responder, bindingName);
}

bool Reception::isDiskShort(qint64 size)
{
    static constexpr qint64 validFor = 1000; // milliseconds
    if (!m_freeBytesAt.isValid() || m_freeBytesAt.hasExpired(validFor)) {
        m_freeBytes = m_folder.freeBytes();
        m_freeBytesAt.start();
    }
    return m_freeBytes >= 0 && m_freeBytes < m_reserve + 2 * qMax<qint64>(0, size);
}

} // namespace glasspost::mail
