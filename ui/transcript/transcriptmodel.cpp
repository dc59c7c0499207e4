#include "ui/transcript/transcriptmodel.h"

#include "ui/widgets/plaintext.h"
#include "ui/words/format.h"
#include "ui/words/replymeanings.h"
#include "ui/words/sessiontext.h"

#include <QDateTime>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int headerPiece = -1;
constexpr int fewestColumns = 40;
constexpr int mostPieces = 5000; ///< rows that one unfolded message may take

QString timeText(qint64 microseconds)
{
    return QDateTime::fromMSecsSinceEpoch(microseconds / 1000).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString sinceText(qint64 microseconds)
{
    return QLatin1Char('+') + QString::number(double(microseconds) / 1e6, 'f', 3);
}

QByteArray withoutLineEnd(const QByteArray &line)
{
    return line.endsWith('\r') ? line.chopped(1) : line;
}

QList<QByteArray> dataLines(const QByteArray &bytes)
{
    QList<QByteArray> lines = bytes.split('\n');
    if (!lines.isEmpty() && lines.constLast().isEmpty())
        lines.removeLast();
    for (QByteArray &line : lines)
        line = withoutLineEnd(line);
    return lines;
}

} // namespace

TranscriptModel::TranscriptModel(QObject *parent) : QAbstractListModel(parent) { }

int TranscriptModel::take(const QList<smtp::SessionFacts> &sessions,
    const QList<std::pair<QByteArray, smtp::TranscriptEntry>> &entries)
{
    for (const smtp::SessionFacts &facts : sessions)
        m_log.setFacts(facts);
    const qint64 from = m_log.endSerial();
    for (const auto &[id, entry] : entries)
        m_log.append(id, entry);

    std::deque<Ref> fresh;
    collect(from, fresh);
    if (!fresh.empty()) {
        beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + fresh.size()) - 1);
        m_rows.insert(m_rows.end(), fresh.begin(), fresh.end());
        endInsertRows();
    }
    // Header rows are made from the facts, so that a change of these is a change of a row somewhere.
    if (!sessions.isEmpty() && !m_rows.empty())
        Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1));
    trim();
    return int(fresh.size());
}

void TranscriptModel::collect(qint64 from, std::deque<Ref> &rows)
{
    const bool filtered = m_filter.errorsOnly || !m_filter.words.isEmpty();
    const auto add = [&](qint64 serial) {
        const int session = m_log.line(serial).session;
        const bool needsHeader = filtered ? session != m_lastSession : !m_headed.contains(session);
        if (needsHeader)
            rows.push_back({serial, headerPiece});
        m_headed.insert(session);
        m_lastSession = session;
        const int pieces = piecesOf(serial);
        for (int piece = 0; piece < pieces; ++piece)
            rows.push_back({serial, piece});
    };
    for (qint64 serial = from; serial < m_log.endSerial(); ++serial) {
        const TranscriptLine &line = m_log.line(serial);
        if (!shows(line))
            continue;
        // The command came before anybody could know that it would be refused: it follows with its reply.
        if (m_filter.errorsOnly && line.code >= 400) {
            qint64 first = serial;
            while (first > m_log.firstSerial() && serial - first < 200
                && !(m_log.line(first).exchange == line.exchange
                    && m_log.line(first).entry.speaker == smtp::Speaker::Client))
                --first;
            const bool isNew = first < from && m_log.line(first).exchange == line.exchange && first != serial;
            if (isNew && m_filter.words.isEmpty())
                add(first);
        }
        add(serial);
    }
}

bool TranscriptModel::shows(const TranscriptLine &line) const
{
    if (m_filter.errorsOnly && !m_log.concernsError(line))
        return false;
    if (m_filter.words.isEmpty())
        return true;
    return QString::fromUtf8(line.entry.bytes).contains(m_filter.words, Qt::CaseInsensitive);
}

int TranscriptModel::piecesOf(qint64 serial) const
{
    if (!m_unfolded.contains(serial))
        return 1;
    const TranscriptLine &line = m_log.line(serial);
    if (line.entry.isData)
        return 1 + std::min(mostPieces, int(dataLines(line.entry.bytes).size()));
    const int length = int(line.entry.bytes.size());
    return std::clamp((length + m_columns - 1) / m_columns, 1, mostPieces);
}

QByteArray TranscriptModel::pieceOf(const TranscriptLine &line, int piece) const
{
    if (line.entry.isData)
        return dataLines(line.entry.bytes).value(piece - 1);
    return line.entry.bytes.mid(qsizetype(piece) * m_columns, m_columns);
}

void TranscriptModel::clear()
{
    beginResetModel();
    m_log.clear();
    m_rows.clear();
    m_unfolded.clear();
    m_headed.clear();
    m_lastSession = 0;
    endResetModel();
}

void TranscriptModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    m_headed.clear();
    m_lastSession = 0;
    collect(m_log.firstSerial(), m_rows);
    endResetModel();
}

void TranscriptModel::trim()
{
    if (m_log.trim() == 0)
        return;
    const qint64 first = m_log.firstSerial();
    const auto kept
        = std::find_if(m_rows.begin(), m_rows.end(), [&](const Ref &r) { return r.serial >= first; });
    const int going = int(kept - m_rows.begin());
    if (going == 0)
        return;
    beginRemoveRows({}, 0, going - 1);
    m_rows.erase(m_rows.begin(), kept);
    m_droppedRows += going;
    endRemoveRows();
}

void TranscriptModel::setFilter(const Filter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
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

void TranscriptModel::toggleFold(int row)
{
    if (row < 0 || row >= int(m_rows.size()) || this->row(row).fold == TranscriptRow::Fold::None)
        return;
    const qint64 serial = m_rows[size_t(row)].serial;
    const int first = row - m_rows[size_t(row)].piece;
    if (m_unfolded.contains(serial)) {
        const int more = piecesOf(serial) - 1;
        m_unfolded.remove(serial);
        if (more > 0) {
            beginRemoveRows({}, first + 1, first + more);
            m_rows.erase(m_rows.begin() + first + 1, m_rows.begin() + first + 1 + more);
            endRemoveRows();
        }
    } else {
        m_unfolded.insert(serial);
        const int more = piecesOf(serial) - 1;
        if (more > 0) {
            std::deque<Ref> pieces;
            for (int piece = 1; piece <= more; ++piece)
                pieces.push_back({serial, piece});
            beginInsertRows({}, first + 1, first + more);
            m_rows.insert(m_rows.begin() + first + 1, pieces.begin(), pieces.end());
            endInsertRows();
        }
    }
    Q_EMIT dataChanged(index(first), index(first));
}

TranscriptRow TranscriptModel::row(int row) const
{
    const Ref ref = m_rows[size_t(row)];
    const TranscriptLine &line = m_log.line(ref.serial);
    TranscriptRow shown;
    shown.session = sessionLabel(m_log.session(line.session).facts.id);
    if (ref.piece == headerPiece) {
        shown.kind = TranscriptRow::Kind::Session;
        shown.text.text = sessionLine(m_log.session(line.session).facts, QDateTime::currentDateTime());
        return shown;
    }
    const bool unfolded = m_unfolded.contains(ref.serial);
    shown.speaker = line.entry.speaker;
    shown.exchange = line.exchange;
    shown.code = line.code;
    shown.isData = line.entry.isData;
    if (ref.piece > 0) {
        shown.kind = TranscriptRow::Kind::Piece;
        shown.text = shownBytes(pieceOf(line, ref.piece));
        return shown;
    }
    shown.time = timeText(line.entry.at);
    shown.since = sinceText(line.sincePrevious);
    if (line.entry.isData) {
        const int lines = int(dataLines(line.entry.bytes).size());
        const bool whole = line.entry.bytes.size() >= line.entry.dataSize;
        shown.text.text = whole
            ? (lines == 1 ? tr("message, %1, 1 line") : tr("message, %1, %Ln lines", nullptr, lines))
                  .arg(sizeText(line.entry.dataSize))
            : tr("message, %1, the first %2 kept here")
                  .arg(sizeText(line.entry.dataSize), sizeText(line.entry.bytes.size()));
        shown.fold = line.entry.bytes.isEmpty() ? TranscriptRow::Fold::None
            : unfolded                          ? TranscriptRow::Fold::Unfolded
                                                : TranscriptRow::Fold::Folded;
        return shown;
    }
    if (line.entry.speaker == smtp::Speaker::Server) {
        if (const auto head = parseReplyHead(line.entry.bytes))
            shown.codeLength = head->length;
    }
    shown.text = shownBytes(line.entry.bytes.left(m_columns));
    if (line.entry.bytes.size() > m_columns) {
        shown.fold = unfolded ? TranscriptRow::Fold::Unfolded : TranscriptRow::Fold::Folded;
        shown.note = tr("%Ln octets", nullptr, int(line.entry.bytes.size()));
    }
    return shown;
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

QString TranscriptModel::plainRow(const Ref &ref, bool whole) const
{
    const TranscriptLine &line = m_log.line(ref.serial);
    if (ref.piece == headerPiece)
        return sessionLabel(m_log.session(line.session).facts.id) + u' '
            + sessionLine(m_log.session(line.session).facts, QDateTime::currentDateTime())
            + QLatin1Char('\n');
    static constexpr char marks[] = {'C', 'S', '-'};
    const QString lead = timeText(line.entry.at) + QLatin1Char(' ') + sinceText(line.sincePrevious)
        + QStringLiteral("  ") + QLatin1Char(marks[int(line.entry.speaker)]) + QStringLiteral("  ");
    if (!line.entry.isData)
        return lead + shownBytes(line.entry.bytes).text + QLatin1Char('\n');
    QString text;
    if (whole) {
        for (const QByteArray &content : dataLines(line.entry.bytes))
            text += lead + shownBytes(content).text + QLatin1Char('\n');
    }
    if (!whole || line.entry.bytes.size() < line.entry.dataSize)
        text += lead + QStringLiteral("(%1 octets)").arg(line.entry.dataSize) + QLatin1Char('\n');
    return text;
}

QString TranscriptModel::plainText(const QList<int> &rows) const
{
    QString text;
    qint64 last = -1;
    for (const int row : rows) {
        const Ref &ref = m_rows[size_t(row)];
        if (ref.piece != headerPiece && ref.serial == last)
            continue; // a piece of a line that was written whole
        text += plainRow(ref, m_unfolded.contains(ref.serial));
        last = ref.piece == headerPiece ? -1 : ref.serial;
    }
    return text;
}

QString TranscriptModel::plainText() const
{
    QString text;
    for (const Ref &ref : m_rows) {
        if (ref.piece <= 0)
            text += plainRow(ref, true);
    }
    return text;
}

int TranscriptModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QString TranscriptModel::tip(const TranscriptLine &line) const
{
    QStringList words;
    if (line.code != 0) {
        words << QStringLiteral("%1: %2").arg(line.code).arg(replyCodeMeaning(line.code));
        const auto head = parseReplyHead(line.entry.bytes);
        if (head && !head->status.isNull())
            words << QStringLiteral("%1: %2").arg(
                QString::fromLatin1(head->status.toBytes()), statusCodeMeaning(head->status));
    }
    return words.join(QLatin1Char('\n'));
}

QVariant TranscriptModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return row(index.row()).text.text;
    case Qt::ToolTipRole:
        if (m_rows[size_t(index.row())].piece == headerPiece)
            return {};
        return plainToolTip(tip(m_log.line(m_rows[size_t(index.row())].serial)));
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
