#include "app/messages/waitcondition.h"

#include <algorithm>

namespace glasspost::app {

namespace {

bool isAsked(const QRegularExpression &pattern)
{
    return !pattern.pattern().isEmpty();
}

bool hasMatch(const QRegularExpression &pattern, const QString &text)
{
    return !isAsked(pattern) || pattern.match(text).hasMatch();
}

QString folded(const QByteArray &address)
{
    QString text = QString::fromUtf8(address).trimmed().toCaseFolded();
    if (text.startsWith(u'<') && text.endsWith(u'>'))
        text = text.mid(1, text.size() - 2);
    return text;
}

void add(QSet<QString> &addresses, const QList<mail::AddressView> &list)
{
    for (const mail::AddressView &one : list)
        addresses.insert(one.address.toCaseFolded());
}

bool isFrom(const QString &address, const mail::MessageView &view)
{
    const QString wanted = address.toCaseFolded();
    return folded(view.returnPath) == wanted
        || std::any_of(view.from.cbegin(), view.from.cend(),
            [&wanted](const mail::AddressView &one) { return one.address.toCaseFolded() == wanted; });
}

bool hasField(const mail::MessageView &view, const QString &name, const QRegularExpression &pattern)
{
    return std::any_of(view.header.cbegin(), view.header.cend(), [&](const mail::HeaderField &field) {
        return field.name.compare(name, Qt::CaseInsensitive) == 0 && pattern.match(field.value).hasMatch();
    });
}

} // namespace

bool WaitCondition::needsMessage() const
{
    return !to.isEmpty() || !from.isEmpty() || isAsked(subject) || isAsked(body) || !headers.isEmpty();
}

bool WaitCondition::mayBe(const mail::MessageRow &row) const
{
    const bool isThere
        = folder.user.isEmpty() ? mail::isMailComingInto(row.id.folder) : row.id.folder == folder;
    return isThere && momentOf(row) > since;
}

bool WaitCondition::matches(const MessageContent &message) const
{
    const mail::MessageView &view = message.view;
    return (to.isEmpty() || recipientsOf(view).contains(to.toCaseFolded()))
        && (from.isEmpty() || isFrom(from, view)) && hasMatch(subject, view.subject)
        && (hasMatch(body, view.text) || hasMatch(body, message.html))
        && std::all_of(headers.cbegin(), headers.cend(),
            [&view](const auto &field) { return hasField(view, field.first, field.second); });
}

QString WaitCondition::searchText() const
{
    QString address = to;
    return to.isEmpty() ? QString() : QStringLiteral("to:\"%1\"").arg(address.remove(u'"'));
}

mail::ArrivalMoment momentOf(const mail::MessageRow &row)
{
    constexpr qint64 second = 1'000'000; // microseconds
    const mail::ArrivalMoment endOfSecond{row.arrivedAt * second + second - 1, 0};
    return mail::arrivalMoment(row.id.unique).value_or(endOfSecond);
}

QSet<QString> recipientsOf(const mail::MessageView &view)
{
    QSet<QString> addresses;
    add(addresses, view.to);
    add(addresses, view.cc);
    for (const QByteArray &address : view.deliveredTo)
        addresses.insert(folded(address));
    return addresses;
}

} // namespace glasspost::app
