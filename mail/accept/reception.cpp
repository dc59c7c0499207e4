#include "mail/accept/reception.h"

#include "mail/accept/receptionsession.h"

namespace glasspost::mail {

Reception::Reception(ReceptionContext context, Store &store, Queue &queue, Journal &journal,
    const DataFolder &folder, QObject *parent)
    : QObject(parent), m_desk(std::move(context), store, queue, journal, folder)
{
    connect(&m_desk, &ReceptionDesk::received, this, &Reception::received);
}

Reception::~Reception() = default;

void Reception::setContext(ReceptionContext context)
{
    m_desk.context = std::move(context);
}

void Reception::setRouter(Router router)
{
    m_desk.context.router = std::move(router);
}

void Reception::setPolicy(RecipientPolicy policy)
{
    m_desk.context.policy = policy;
}

void Reception::setReserve(qint64 octets)
{
    m_desk.reserve = octets;
}

void Reception::setMemoryBudget(qint64 octets)
{
    m_desk.memoryBudget = octets;
}

std::unique_ptr<smtp::TransactionHandler> Reception::create(
    smtp::Responder &responder, const QByteArray &bindingName)
{
    return std::make_unique<ReceptionSession>(m_desk, responder, bindingName);
}

} // namespace glasspost::mail
