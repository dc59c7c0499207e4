#include "ui/transcript/transcriptmodel.h"

#include "ui/widgets/plaintext.h"

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int fewestColumns = 40;
constexpr qint64 portion = 10000; ///< lines that are looked at before the window gets its turn
constexpr qint64 portionOctets = 1'000'000; ///< of theirs that a filter looks at, likewise
constexpr qint64 farthestBack = 200; ///< lines between a command's parts

} // namespace

TranscriptModel::TranscriptModel(QObject *parent, int cap) : QAbstractListModel(parent), m_log(cap)
{
    m_more.setSingleShot(true);
    m_more.setInterval(0);
    connect(&m_more, &QTimer::timeout, this, &TranscriptModel::scanMore);
}

int TranscriptModel::take(const QList<smtp::SessionFacts> &sessions,
    const QList<std::pair<QByteArray, smtp::TranscriptEntry>> &entries)
{
    const bool wasComplete = isComplete();
    for (const smtp::SessionFacts &facts : sessions)
        m_log.setFacts(facts);
    m_arriving += entries;
    // Behind lines that were not looked at yet these have to wait, too.
    const int came = wasComplete ? scan() : 0;
    // Header rows are made from the facts, so that a change of these is a change of a row somewhere.
    if (!sessions.isEmpty() && !m_rows.empty())
        Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1));
    if (!isComplete())
        m_more.start();
    return came;
}

/// Of what came, as much as a turn has time for.
void TranscriptModel::appendArrived()
{
    const qsizetype some = std::min<qsizetype>(m_arriving.size(), portion);
    for (qsizetype i = 0; i < some; ++i)
        m_log.append(m_arriving.at(i).first, m_arriving.at(i).second);
    m_arriving.remove(0, some);
}

/// Adds rows for the next portion of lines; returns how many.
int TranscriptModel::scan()
{
    if (m_scanned == m_log.endSerial())
        appendArrived();
    const qint64 end = std::min(m_scanned + portion, m_log.endSerial());
    const bool readsOctets = !m_filter.lines.isEmpty();
    qint64 octets = 0;
    std::deque<Ref> fresh;
    for (; m_scanned < end && octets < portionOctets; ++m_scanned) {
        const TranscriptLine &line = m_log.line(m_scanned);
        octets += readsOctets ? line.entry.bytes.size() : 0;
        if (isHeldBack(line)) {
            m_heldBack.insert(line.exchange);
            continue;
        }
        if (line.entry.speaker == smtp::Speaker::Server && m_heldBack.remove(line.exchange))
            addCommandOf(m_scanned, fresh);
        if (shows(line))
            add(m_scanned, fresh);
    }
    if (!fresh.empty()) {
        beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + fresh.size()) - 1);
        m_rows.insert(m_rows.end(), fresh.begin(), fresh.end());
        endInsertRows();
    }
    trim();
    return int(fresh.size());
}

void TranscriptModel::scanMore()
{
    scan();
    if (isComplete())
        Q_EMIT completed();
    else
        m_more.start();
}

void TranscriptModel::add(qint64 serial, std::deque<Ref> &rows)
{
    const int session = m_log.line(serial).session;
    const bool needsHeader = isFiltered() ? session != m_lastSession : !m_headed.contains(session);
    if (needsHeader)
        rows.push_back({serial, headerPiece});
    m_headed.insert(session);
    m_lastSession = session;
    const int pieces = piecesOf(serial);
    for (int piece = 0; piece < pieces; ++piece)
        rows.push_back({serial, piece});
}

/// The command came before anybody could know how it would be answered: it follows with its reply.
void TranscriptModel::addCommandOf(qint64 reply, std::deque<Ref> &rows)
{
    const int number = m_log.line(reply).exchange;
    const TranscriptExchange *exchange = m_log.exchange(number);
    if (!exchange)
        return;
    const qint64 first = std::max(exchange->first, m_log.firstSerial());
    for (qint64 serial = first; serial < std::min(reply, first + farthestBack); ++serial) {
        const TranscriptLine &line = m_log.line(serial);
        if (line.exchange == number && shows(line))
            add(serial, rows);
    }
}

/// A command that cannot be judged before its reply, while one may come.
bool TranscriptModel::isHeldBack(const TranscriptLine &line) const
{
    if (!(m_filter.errorsOnly || m_filter.lines.asksForReply) || line.entry.speaker != smtp::Speaker::Client)
        return false;
    const TranscriptExchange *exchange = m_log.exchange(line.exchange);
    const bool isNext = !m_arriving.isEmpty() && m_scanned + farthestBack >= m_log.endSerial();
    const bool isOpen = m_log.session(line.session).facts.outcome == smtp::SessionOutcome::Open;
    return exchange && exchange->code == 0 && (isOpen || isNext);
}

bool TranscriptModel::shows(const TranscriptLine &line) const
{
    if (m_filter.errorsOnly && !m_log.concernsError(line))
        return false;
    return m_filter.lines.isEmpty()
        || matches(m_filter.lines, line.entry, m_log.exchange(line.exchange), m_log.session(line.session));
}

void TranscriptModel::clear()
{
    beginResetModel();
    m_log.clear();
    m_arriving.clear();
    m_rows.clear();
    m_unfolded.clear();
    m_headed.clear();
    m_heldBack.clear();
    m_lastSession = 0;
    m_scanned = m_log.endSerial();
    endResetModel();
}

void TranscriptModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    m_headed.clear();
    m_heldBack.clear();
    m_lastSession = 0;
    m_contentOf = -1;
    m_scanned = m_log.firstSerial();
    endResetModel();
    scanMore();
}

void TranscriptModel::trim()
{
    if (m_log.trim() == 0)
        return;
    const qint64 first = m_log.firstSerial();
    m_scanned = std::max(m_scanned, first);
    m_heldBack.removeIf([this](int exchange) { return !m_log.exchange(exchange); });
    const auto isKept = [first](const Ref &ref) { return ref.serial >= first; };
    const auto kept = std::find_if(m_rows.begin(), m_rows.end(), isKept);
    if (const int going = int(kept - m_rows.begin()); going > 0) {
        beginRemoveRows({}, 0, going - 1);
        m_rows.erase(m_rows.begin(), kept);
        m_droppedRows += going;
        endRemoveRows();
    }
    // A command that followed with its reply is behind lines that came after it.
    for (auto at = m_rows.begin(); (at = std::find_if_not(at, m_rows.end(), isKept)) != m_rows.end();) {
        const int row = int(at - m_rows.begin());
        beginRemoveRows({}, row, row);
        at = m_rows.erase(at);
        endRemoveRows();
    }
}

void TranscriptModel::setFilter(const Filter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    rebuild();
}

void TranscriptModel::setOctetView(OctetView view)
{
    if (view == m_view)
        return;
    m_view = view;
    rebuild();
}

void TranscriptModel::setWrapColumns(int columns)
{
    columns = std::max(columns, fewestColumns);
    if (columns == m_columns)
        return;
    m_columns = columns;
    if (!m_unfolded.isEmpty())
        rebuild();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1));
}

int TranscriptModel::exchangeAt(int row) const
{
    if (row < 0 || row >= int(m_rows.size()) || m_rows[size_t(row)].piece == headerPiece)
        return 0;
    return m_log.line(m_rows[size_t(row)].serial).exchange;
}

std::optional<smtp::SessionFacts> TranscriptModel::sessionAt(int row) const
{
    if (row < 0 || row >= int(m_rows.size()))
        return std::nullopt;
    return m_log.session(m_log.line(m_rows[size_t(row)].serial).session).facts;
}

qint64 TranscriptModel::timeAt(int row) const
{
    const bool isThere = row >= 0 && row < int(m_rows.size());
    return isThere ? m_log.line(m_rows[size_t(row)].serial).entry.at : 0;
}

qint64 TranscriptModel::lastAt() const
{
    if (!m_arriving.isEmpty())
        return m_arriving.constLast().second.at;
    const bool hasLines = m_log.endSerial() > m_log.firstSerial();
    return hasLines ? m_log.line(m_log.endSerial() - 1).entry.at : 0;
}

int TranscriptModel::rowOf(const QByteArray &sessionId, qint64 at) const
{
    const int session = m_log.numberOf(sessionId);
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Ref &ref) {
        const TranscriptLine &line = m_log.line(ref.serial);
        if (line.session != session)
            return false;
        return at == 0 || (ref.piece != headerPiece && line.entry.at >= at);
    });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

bool TranscriptModel::isErrorRow(int row) const
{
    const Ref &ref = m_rows[size_t(row)];
    return ref.piece == 0 && m_log.isError(ref.serial);
}

int TranscriptModel::errorFrom(int row, Direction direction) const
{
    const int rows = int(m_rows.size()), step = direction == Direction::Next ? 1 : -1;
    if (row < 0 || row >= rows)
        row = direction == Direction::Next ? -1 : rows;
    for (int i = 1; i <= rows; ++i) {
        const int at = (row + i * step + 2 * rows) % rows;
        if (isErrorRow(at))
            return at;
    }
    return -1;
}

int TranscriptModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QString TranscriptModel::meaningAt(int row) const
{
    const Ref &ref = m_rows[size_t(row)];
    return ref.piece == 0 ? meaningOf(m_log.line(ref.serial).entry) : QString();
}

QVariant TranscriptModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return row(index.row()).text.text;
    case Qt::ToolTipRole:
        return plainToolTip(meaningAt(index.row()));
    case Qt::AccessibleDescriptionRole:
        return meaningAt(index.row());
    case Qt::AccessibleTextRole: {
        const TranscriptRow shown = row(index.row());
        if (shown.kind == TranscriptRow::Kind::Session)
            return shown.text.text;
        const QString who = shown.speaker == smtp::Speaker::Client ? tr("Client")
            : shown.speaker == smtp::Speaker::Server               ? tr("Server")
                                                                   : tr("Event");
        return tr("%1: %2", "speaker and what was said").arg(who, shown.text.text);
    }
    default:
        return {};
    }
}

} // namespace glasspost::ui
