// The TRANSACTION and UPDATE states of a POP3 session (RFC 1939 5 to 7).
#include "mail/pop3/pop3engine.h"

#include <algorithm>

namespace glasspost::mail {

qint64 Pop3Engine::octetsLeft() const
{
    qint64 octets = 0;
    for (qsizetype i = 0; i < m_drop.size(); ++i)
        octets += m_marked.contains(i) ? 0 : m_drop.at(i).size;
    return octets;
}

bool Pop3Engine::mayRead(qint64 number) const
{
    return number >= 1 && number <= m_drop.size() && !m_marked.contains(qsizetype(number) - 1);
}

/// The message whose number the argument is, unless it is marked.
std::optional<qsizetype> Pop3Engine::indexFrom(const QByteArray &argument) const
{
    const auto numbers = parsePop3Numbers(argument);
    if (!numbers || numbers->second || !mayRead(numbers->first))
        return std::nullopt;
    return qsizetype(numbers->first) - 1;
}

void Pop3Engine::stat(const QByteArray &)
{
    ok(QByteArray::number(messagesLeft()) + ' ' + QByteArray::number(octetsLeft()));
}

/// LIST and UIDL: a line about one message, or one for each.
template <typename Describe> void Pop3Engine::listing(const QByteArray &argument, Describe describe)
{
    const auto line = [this, &describe](qsizetype index) {
        return QByteArray::number(index + 1) + ' ' + describe(m_drop.at(index));
    };
    if (!argument.trimmed().isEmpty()) {
        const auto index = indexFrom(argument);
        return index ? ok(line(*index)) : error("No such message");
    }
    ok(QByteArray::number(messagesLeft()) + " messages");
    for (qsizetype i = 0; i < m_drop.size(); ++i) {
        if (!m_marked.contains(i))
            m_output += line(i) + "\r\n";
    }
    m_output += ".\r\n";
}

void Pop3Engine::list(const QByteArray &argument)
{
    listing(argument, [](const DropMessage &message) { return QByteArray::number(message.size); });
}

void Pop3Engine::uidl(const QByteArray &argument)
{
    listing(argument, [](const DropMessage &message) { return message.uid; });
}

void Pop3Engine::retr(const QByteArray &argument)
{
    const auto index = indexFrom(argument);
    if (!index)
        return error("No such message");
    m_wanted = *index;
    m_extent.reset();
    accepted(Pop3Verb::Retr);
    tell(pop3::MessageNeeded{m_wanted});
}

void Pop3Engine::top(const QByteArray &argument)
{
    const auto numbers = parsePop3Numbers(argument);
    if (!numbers || !numbers->second)
        return error("Syntax: TOP message lines");
    if (!mayRead(numbers->first))
        return error("No such message");
    m_wanted = qsizetype(numbers->first) - 1;
    m_extent = TopExtent(*numbers->second);
    accepted(Pop3Verb::Top);
    tell(pop3::MessageNeeded{m_wanted});
}

void Pop3Engine::dele(const QByteArray &argument)
{
    const auto index = indexFrom(argument);
    if (!index)
        return error("No such message");
    m_marked.insert(*index);
    ok("Marked");
}

void Pop3Engine::rset(const QByteArray &)
{
    m_marked.clear();
    ok("Nothing is marked");
}

void Pop3Engine::noop(const QByteArray &)
{
    ok("Nothing done");
}

/// Without a sign-in nothing can be marked.
void Pop3Engine::quit(const QByteArray &)
{
    accepted(Pop3Verb::Quit);
    if (m_marked.isEmpty())
        return removed();
    QList<qsizetype> indexes = m_marked.values();
    std::sort(indexes.begin(), indexes.end());
    tell(pop3::RemovalNeeded{indexes});
}

void Pop3Engine::fetched()
{
    advance(Pop3Trigger::Fetched);
    m_stuffer = smtp::DotStuffer();
    ok(m_extent ? QByteArray("The top of it") : QByteArray::number(m_drop.at(m_wanted).size) + " octets");
}

void Pop3Engine::notFetched(const QByteArray &why)
{
    advance(Pop3Trigger::NotFetched);
    error(why);
    run();
}

void Pop3Engine::takeOctets(QByteArrayView octets)
{
    m_output += m_stuffer.feed(m_extent ? m_extent->take(octets) : octets);
    if (m_extent && m_extent->isOver())
        endOctets();
}

void Pop3Engine::endOctets()
{
    m_output += m_stuffer.finish();
    advance(Pop3Trigger::Sent);
    run();
}

void Pop3Engine::removed()
{
    ok("Bye");
    close();
}

void Pop3Engine::notRemoved(const QByteArray &why)
{
    m_output += "-ERR " + why + "\r\n";
    close();
}

} // namespace glasspost::mail
