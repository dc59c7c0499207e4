#include "ui/transcript/linefilter.h"

#include "ui/transcript/transcriptlog.h"
#include "ui/words/sessiontext.h"

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

/// Of a million lines, so without making a text of each.
bool hasText(QByteArrayView octets, const QString &text)
{
    const bool isAscii = std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
    if (!isAscii)
        return QString::fromUtf8(octets).contains(text, Qt::CaseInsensitive);
    return std::search(octets.begin(), octets.end(), text.begin(), text.end(), [](char octet, QChar c) {
        return folded(octet) == folded(char(c.unicode()));
    }) != octets.end();
}

bool hasCode(const TranscriptExchange &exchange, const FilterTerm &term)
{
    if (exchange.code == 0)
        return false;
    if (!term.digits.isEmpty()) {
        const QString code = QString::number(exchange.code);
        return std::equal(term.digits.begin(), term.digits.end(), code.begin(), code.end(),
            [](QChar pattern, QChar digit) { return pattern == u'x' || pattern == digit; });
    }
    const std::array<int, 3> numbers{
        exchange.status.statusClass, exchange.status.subject, exchange.status.detail};
    return !exchange.status.isNull()
        && std::equal(term.status.begin(), term.status.end(), numbers.begin(),
            [](int pattern, int number) { return pattern == -1 || pattern == number; });
}

bool isSession(const TranscriptSession &session, const QString &name)
{
    return QLatin1String(session.facts.id).startsWith(name, Qt::CaseInsensitive)
        || sessionLabel(session.facts.id).sliced(1).startsWith(name, Qt::CaseInsensitive);
}

bool holds(const FilterTerm &term, const smtp::TranscriptEntry &entry, const TranscriptExchange *exchange,
    const TranscriptSession &session)
{
    switch (term.field) {
    case FilterField::Text:
        return hasText(entry.bytes, term.text);
    case FilterField::Verb:
        return exchange && term.text.compare(QLatin1String(exchange->verb), Qt::CaseInsensitive) == 0;
    case FilterField::Code:
        return exchange && hasCode(*exchange, term);
    case FilterField::From:
        if (!exchange || !exchange->isInTransaction)
            return false;
        return term.text.isEmpty() ? exchange->sender.isEmpty() : hasText(exchange->sender, term.text);
    case FilterField::To:
        return exchange && !exchange->recipient.isEmpty() && hasText(exchange->recipient, term.text);
    case FilterField::Peer:
        return session.endpoint.contains(term.text, Qt::CaseInsensitive)
            || hasText(session.facts.peerName, term.text);
    case FilterField::User:
        return hasText(session.facts.user, term.text);
    case FilterField::Session:
        return isSession(session, term.text);
    case FilterField::Who:
        return entry.speaker == term.who;
    }
    return false;
}

bool holds(const FilterNode &node, const smtp::TranscriptEntry &entry, const TranscriptExchange *exchange,
    const TranscriptSession &session)
{
    const auto child = [&](const FilterNode &part) { return holds(part, entry, exchange, session); };
    switch (node.kind) {
    case FilterNode::Kind::All:
        return std::all_of(node.children.begin(), node.children.end(), child);
    case FilterNode::Kind::Any:
        return std::any_of(node.children.begin(), node.children.end(), child);
    case FilterNode::Kind::Not:
        return !child(node.children.constFirst());
    case FilterNode::Kind::Term:
        return holds(node.term, entry, exchange, session);
    }
    return false;
}

} // namespace

bool matches(const LineFilter &filter, const smtp::TranscriptEntry &entry, const TranscriptExchange *exchange,
    const TranscriptSession &session)
{
    return holds(filter.root, entry, exchange, session);
}

} // namespace glasspost::ui
