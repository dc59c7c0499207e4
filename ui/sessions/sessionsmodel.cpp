#include "ui/sessions/sessionsmodel.h"

#include "ui/widgets/chipdelegate.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/format.h"
#include "ui/words/sessiontext.h"
#include "ui/words/shownbytes.h"

#include <QDateTime>

namespace glasspost::ui {

namespace {

constexpr qsizetype mostCharacters = 1000; // characters of what others have said

QString startText(qint64 microseconds)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(microseconds / 1000);
    const QString time = at.toString(QStringLiteral("HH:mm:ss"));
    if (at.date() == QDate::currentDate())
        return time;
    return QLocale().toString(at.date(), QLocale::ShortFormat) + QLatin1Char(' ') + time;
}

Qt::Alignment columnAlignment(int column)
{
    const bool isAmount = column == SessionsModel::Duration || column == SessionsModel::Octets;
    return isAmount                         ? Qt::AlignTrailing
        : column == SessionsModel::Messages ? Qt::AlignHCenter
                                            : Qt::AlignLeading;
}

QString detail(const smtp::SessionFacts &facts)
{
    QStringList lines{sessionLine(facts, QDateTime::currentDateTime()), exactTime(facts.startedAt / 1000000)};
    if (!facts.ending.isEmpty())
        lines << SessionsModel::tr("Ended by: %1").arg(shownBytes(facts.ending).text);
    return lines.join(QLatin1Char('\n'));
}

} // namespace

SessionsModel::SessionsModel(QObject *parent) : QAbstractTableModel(parent) { }

int SessionsModel::rowOf(const QByteArray &id) const
{
    const auto found = m_serials.constFind(id);
    return found == m_serials.cend() ? -1 : int(m_topSerial - *found);
}

void SessionsModel::changed(int row)
{
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void SessionsModel::merge(const QList<smtp::SessionFacts> &sessions)
{
    QList<smtp::SessionFacts> fresh;
    QHash<QByteArray, qsizetype> places;
    for (const smtp::SessionFacts &facts : sessions) {
        if (const int row = rowOf(facts.id); row >= 0) {
            m_rows[size_t(row)] = facts;
            changed(row);
        } else if (const auto place = places.constFind(facts.id); place != places.cend()) {
            fresh[*place] = facts;
        } else {
            places.insert(facts.id, fresh.size());
            fresh.append(facts);
        }
    }
    if (!fresh.isEmpty()) {
        beginInsertRows({}, 0, int(fresh.size()) - 1);
        for (const smtp::SessionFacts &facts : fresh) {
            m_rows.push_front(facts);
            m_serials.insert(facts.id, ++m_topSerial);
        }
        endInsertRows();
    }
    if (int(m_rows.size()) > cap) {
        beginRemoveRows({}, cap, int(m_rows.size()) - 1);
        while (int(m_rows.size()) > cap) {
            m_serials.remove(m_rows.back().id);
            m_rows.pop_back();
        }
        endRemoveRows();
    }
}

void SessionsModel::append(const QList<smtp::SessionFacts> &older)
{
    QList<smtp::SessionFacts> fresh;
    for (const smtp::SessionFacts &facts : older) {
        if (rowOf(facts.id) < 0)
            fresh.append(facts);
    }
    if (fresh.isEmpty())
        return;
    const int first = int(m_rows.size());
    beginInsertRows({}, first, first + int(fresh.size()) - 1);
    for (const smtp::SessionFacts &facts : fresh) {
        m_serials.insert(facts.id, m_topSerial - qint64(m_rows.size()));
        m_rows.push_back(facts);
    }
    endInsertRows();
}

void SessionsModel::tick()
{
    for (int row = 0; row < int(m_rows.size()); ++row) {
        if (m_rows[size_t(row)].outcome == smtp::SessionOutcome::Open)
            changed(row);
    }
}

int SessionsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int SessionsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString SessionsModel::text(const smtp::SessionFacts &facts, int column) const
{
    switch (column) {
    case Time:
        return startText(facts.startedAt);
    case Label:
        return sessionLabel(facts.id);
    case Direction:
        return facts.role == smtp::SessionRole::Server ? tr("In") : tr("Out");
    case Peer:
        return endpointText(facts.peerAddress, facts.peerPort);
    case Name:
        return shownBytes(facts.peerName).text;
    case User:
        return shownBytes(facts.user).text;
    case Tls:
        return facts.tls.isEmpty() ? tr("none", "no TLS") : shownBytes(facts.tls).text;
    case Messages:
        return countText(facts.messages);
    case Octets:
        return facts.octets == 0 ? QString() : sizeText(facts.octets);
    case Outcome:
        return outcomeText(facts);
    case Duration:
        return sessionDuration(facts, QDateTime::currentDateTime());
    default:
        return {};
    }
}

QVariant SessionsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const smtp::SessionFacts &row = m_rows[size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return shortened(text(row, index.column()), mostCharacters);
    case Qt::ToolTipRole:
        return plainToolTip(detail(row));
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | columnAlignment(index.column()));
    case ChipDelegate::toneRole:
        return index.column() == Outcome ? QVariant(int(outcomeTone(row))) : QVariant();
    case FactsRole:
        return QVariant::fromValue(row);
    default:
        return {};
    }
}

QVariant SessionsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | columnAlignment(section));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Label:
        return tr("Session");
    case Direction:
        return tr("Direction");
    case Peer:
        return tr("Address");
    case Name:
        return tr("Name");
    case User:
        return tr("User");
    case Tls:
        return tr("TLS");
    case Messages:
        return tr("Messages");
    case Octets:
        return tr("Size");
    case Outcome:
        return tr("Outcome");
    case Duration:
        return tr("Duration");
    default:
        return {};
    }
}

} // namespace glasspost::ui
