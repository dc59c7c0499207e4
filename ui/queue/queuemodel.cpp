#include "ui/queue/queuemodel.h"

#include "ui/queue/queuestate.h"
#include "ui/widgets/chipdelegate.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/deliverytext.h"
#include "ui/words/format.h"
#include "ui/words/shownbytes.h"

#include <QDateTime>
#include <QFont>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr qsizetype queueTextShown = 1000; // characters of what others have said

using mail::QueueEntry;
using mail::QueueRecipient;
using mail::RecipientState;

Qt::Alignment alignmentOf(int column)
{
    return column == QueueModel::Size    ? Qt::AlignTrailing
        : column == QueueModel::Attempts ? Qt::AlignHCenter
                                         : Qt::AlignLeading;
}

int urgency(RecipientState state)
{
    switch (state) {
    case RecipientState::Failed:
    case RecipientState::Expired:
        return 5;
    case RecipientState::Deferred:
        return 4;
    case RecipientState::Delivering:
        return 3;
    case RecipientState::Waiting:
        return 2;
    case RecipientState::Held:
        return 1;
    case RecipientState::Delivered:
        return 0;
    }
    return 0;
}

QString nextText(const QueueEntry &entry, const QueueRecipient &recipient)
{
    if (entry.held || !recipient.isPending())
        return {};
    return untilText(std::max(recipient.nextAttemptAt, entry.notBefore), QDateTime::currentDateTime());
}

// The time has a column of its own here.
QString chipText(const StateChip &chip)
{
    return chip.tone == Tone::Deferred ? QueueModel::tr("deferred") : chip.text;
}

QString addressOf(const QueueRecipient &recipient)
{
    return shownBytes(recipient.recipient.forwardPath.toBytes()).text;
}

QString lastReply(const QueueRecipient &recipient)
{
    const auto report = recipient.lastReport();
    return report ? resultText(*report) : QString();
}

const QueueRecipient *soonest(const QueueEntry &entry)
{
    const QueueRecipient *found = nullptr;
    for (const QueueRecipient &recipient : entry.recipients) {
        if (!entry.held && recipient.isPending()
            && (!found || recipient.nextAttemptAt < found->nextAttemptAt))
            found = &recipient;
    }
    return found;
}

QString recipientsText(const QueueEntry &entry)
{
    if (entry.recipients.isEmpty())
        return {};
    const QString first = addressOf(entry.recipients.constFirst());
    const int more = int(entry.recipients.size()) - 1;
    return more == 0 ? first : QueueModel::tr("%1 and %Ln more", nullptr, more).arg(first);
}

} // namespace

QueueModel::QueueModel(QObject *parent) : QAbstractItemModel(parent) { }

int QueueModel::rowOf(const QByteArray &id) const
{
    const auto found = std::find_if(
        m_entries.cbegin(), m_entries.cend(), [&](const QueueEntry &entry) { return entry.id == id; });
    return found == m_entries.cend() ? -1 : int(found - m_entries.cbegin());
}

void QueueModel::setEntries(QList<QueueEntry> entries)
{
    beginResetModel();
    std::stable_sort(entries.begin(), entries.end(),
        [](const QueueEntry &a, const QueueEntry &b) { return a.queuedAt > b.queuedAt; });
    m_entries = std::move(entries);
    m_keys.clear();
    for (qsizetype i = 0; i < m_entries.size(); ++i)
        m_keys.append(m_nextKey++);
    endResetModel();
}

void QueueModel::replace(int row, const QueueEntry &entry)
{
    // Recipients never come or go while a message waits, but a model must not trust that.
    const QModelIndex parent = index(row, 0);
    const int before = int(m_entries[row].recipients.size());
    const int after = int(entry.recipients.size());
    if (after > before)
        beginInsertRows(parent, before, after - 1);
    else if (after < before)
        beginRemoveRows(parent, after, before - 1);
    m_entries[row] = entry;
    if (after > before)
        endInsertRows();
    else if (after < before)
        endRemoveRows();
    Q_EMIT dataChanged(parent, index(row, ColumnCount - 1));
    if (after > 0)
        Q_EMIT dataChanged(index(0, 0, parent), index(after - 1, ColumnCount - 1, parent));
}

void QueueModel::merge(const QList<QueueEntry> &entries)
{
    for (const QueueEntry &entry : entries) {
        const int row = rowOf(entry.id);
        if (row >= 0) {
            replace(row, entry);
            continue;
        }
        beginInsertRows({}, 0, 0);
        m_entries.prepend(entry);
        m_keys.prepend(m_nextKey++);
        endInsertRows();
    }
}

void QueueModel::remove(const QList<QByteArray> &ids)
{
    for (const QByteArray &id : ids) {
        const int row = rowOf(id);
        if (row < 0)
            continue;
        beginRemoveRows({}, row, row);
        m_entries.removeAt(row);
        m_keys.removeAt(row);
        endRemoveRows();
    }
}

void QueueModel::tick()
{
    for (int row = 0; row < int(m_entries.size()); ++row) {
        if (!soonest(m_entries[row]))
            continue;
        const QModelIndex parent = index(row, 0);
        Q_EMIT dataChanged(index(row, State), index(row, NextAttempt));
        Q_EMIT dataChanged(index(0, State, parent), index(rowCount(parent) - 1, NextAttempt, parent));
    }
}

const QueueEntry *QueueModel::entry(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    const int row = index.parent().isValid() ? index.parent().row() : index.row();
    return &m_entries[row];
}

const QueueEntry *QueueModel::entry(const QByteArray &id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_entries[row];
}

const QueueRecipient *QueueModel::recipient(const QModelIndex &index) const
{
    const QueueEntry *found = entry(index);
    if (!found || found->recipients.isEmpty())
        return nullptr;
    if (index.parent().isValid())
        return &found->recipients[index.row()];
    return &*std::max_element(found->recipients.cbegin(), found->recipients.cend(),
        [found](const QueueRecipient &a, const QueueRecipient &b) {
            return urgency(found->stateOf(a)) < urgency(found->stateOf(b));
        });
}

QModelIndex QueueModel::indexOf(const QByteArray &id) const
{
    const int row = rowOf(id);
    return row < 0 ? QModelIndex() : index(row, 0);
}

QModelIndex QueueModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(m_keys[parent.row()]) : quintptr(0));
}

QModelIndex QueueModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    const qsizetype row = m_keys.indexOf(quint64(child.internalId()));
    return row < 0 ? QModelIndex() : createIndex(int(row), 0, quintptr(0));
}

int QueueModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_entries.size());
    if (parent.internalId() != 0 || parent.column() != 0)
        return 0;
    return int(m_entries[parent.row()].recipients.size());
}

int QueueModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QString QueueModel::messageText(const QueueEntry &entry, int column) const
{
    const QueueRecipient *worst = recipient(index(rowOf(entry.id), 0));
    switch (column) {
    case What: {
        const QString subject = entry.subject.isEmpty() ? tr("(no subject)") : entry.subject;
        return tr("%1 · to %2", "subject and recipients").arg(subject, recipientsText(entry));
    }
    case State:
        return chipText(queueChip(entry, QDateTime::currentDateTime()));
    case NextAttempt: {
        const QueueRecipient *next = soonest(entry);
        return next ? nextText(entry, *next) : QString();
    }
    case Attempts: {
        int most = 0;
        for (const QueueRecipient &one : entry.recipients)
            most = std::max(most, one.attempts());
        return countText(most);
    }
    case LastReply:
        return worst ? lastReply(*worst) : QString();
    case Size:
        return sizeText(entry.size);
    default:
        return {};
    }
}

QString QueueModel::recipientText(const QueueEntry &entry, const QueueRecipient &recipient, int column) const
{
    switch (column) {
    case What:
        return addressOf(recipient);
    case State:
        return chipText(recipientChip(entry, recipient, QDateTime::currentDateTime()));
    case NextAttempt:
        return nextText(entry, recipient);
    case Attempts:
        return countText(recipient.attempts());
    case LastReply:
        return lastReply(recipient);
    default:
        return {};
    }
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QueueEntry &message = *entry(index);
    const bool isRecipient = index.parent().isValid();
    switch (role) {
    case Qt::DisplayRole:
        return shortened(isRecipient ? recipientText(message, message.recipients[index.row()], index.column())
                                     : messageText(message, index.column()),
            queueTextShown);
    case Qt::ToolTipRole: {
        const QueueRecipient *one = recipient(index);
        const auto report = one ? one->lastReport() : std::nullopt;
        const QString wire = report ? wireText(*report) : QString();
        if (index.column() == LastReply && !wire.isEmpty())
            return plainToolTip(wire);
        return plainToolTip(data(index, Qt::DisplayRole).toString());
    }
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | alignmentOf(index.column()));
    case ChipDelegate::toneRole: {
        if (index.column() != State)
            return {};
        const QDateTime now = QDateTime::currentDateTime();
        return int(isRecipient ? recipientChip(message, message.recipients[index.row()], now).tone
                               : queueChip(message, now).tone);
    }
    default:
        return {};
    }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | alignmentOf(section));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case What:
        return tr("Message");
    case State:
        return tr("State");
    case NextAttempt:
        return tr("Next attempt");
    case Attempts:
        return tr("Attempts");
    case LastReply:
        return tr("Last reply");
    case Size:
        return tr("Size");
    default:
        return {};
    }
}

} // namespace glasspost::ui
