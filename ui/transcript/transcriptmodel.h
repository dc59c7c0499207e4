#pragma once

#include "ui/transcript/linefilter.h"
#include "ui/transcript/linepieces.h"
#include "ui/transcript/transcriptlog.h"
#include "ui/transcript/transcripttext.h"
#include "ui/words/shownbytes.h"

#include <QAbstractListModel>
#include <QSet>
#include <QTimer>

#include <optional>

namespace glasspost::ui {

/// One row of the pane, ready to paint.
struct TranscriptRow
{
    enum class Kind {
        Session, ///< the header line of a session
        Line, ///< a line, or the first piece of a long one that is unfolded
        Piece ///< more of a long line or of a message
    };
    enum class Fold { None, Folded, Unfolded };
    Kind kind = Kind::Line;
    smtp::Speaker speaker = smtp::Speaker::Event;
    QString time; ///< "10:02:11.204"
    QString since; ///< "+0.005", seconds since the line before
    QString session; ///< its label
    int exchange = 0;
    int code = 0;
    int codeLength = 0; ///< characters of text that are code and status code
    ShownBytes text;
    QString note; ///< of a folded one: its length, in words
    Fold fold = Fold::None;
    bool isData = false;
};

/// The rows of the transcript pane over a log: each session opens with a header row, long lines and messages
/// are folded until asked for, filters leave rows out. All rows are of one height. Text is made for the rows
/// that are asked for alone. Many lines at once, and after a change of what is shown, come in portions, so
/// that a million do not hold up the window: isComplete() says whether all are there. GUI thread.
class TranscriptModel : public QAbstractListModel
{
    Q_OBJECT
public:
    struct Filter
    {
        bool errorsOnly = false;
        LineFilter lines;
        friend bool operator==(const Filter &, const Filter &) = default;
    };
    enum class Direction { Next, Previous };

    explicit TranscriptModel(QObject *parent = nullptr, int cap = TranscriptLog::defaultCap);

    /// Facts and entries that came, in order. Returns how many rows came at once.
    int take(const QList<smtp::SessionFacts> &sessions,
        const QList<std::pair<QByteArray, smtp::TranscriptEntry>> &entries);
    void clear();
    void setFilter(const Filter &filter);
    [[nodiscard]] const Filter &filter() const { return m_filter; }
    [[nodiscard]] bool isFiltered() const { return m_filter.errorsOnly || !m_filter.lines.isEmpty(); }
    void setOctetView(OctetView view);
    [[nodiscard]] OctetView octetView() const { return m_view; }
    /// Longer lines are folded. Past 40 at least.
    void setWrapColumns(int columns);
    void toggleFold(int row);
    [[nodiscard]] bool isComplete() const { return m_arriving.isEmpty() && m_scanned == m_log.endSerial(); }

    [[nodiscard]] const TranscriptLog &log() const { return m_log; }
    [[nodiscard]] TranscriptRow row(int row) const;
    [[nodiscard]] int exchangeAt(int row) const; ///< 0 for none
    [[nodiscard]] std::optional<smtp::SessionFacts> sessionAt(int row) const;
    /// When that was said: microseconds since the Unix epoch, 0 where there is no such row.
    [[nodiscard]] qint64 timeAt(int row) const;
    /// When the last line that came was said, likewise.
    [[nodiscard]] qint64 lastAt() const;
    /// The first row at or after that time of the session, its header row for at == 0; -1 when not there.
    [[nodiscard]] int rowOf(const QByteArray &sessionId, qint64 at) const;
    /// The nearest row after that one, or before it, with a reply of 4xx or 5xx or the end of a session that
    /// broke off; from the other end on when there is none; -1 when there is none at all.
    [[nodiscard]] int errorFrom(int row, Direction direction) const;
    /// What the row's command or reply means, with the clauses; empty for others.
    [[nodiscard]] QString meaningAt(int row) const;
    /// Rows that were dropped at the front since the start: a view keeps its place with it.
    [[nodiscard]] qint64 droppedRows() const { return m_droppedRows; }
    /// What is shown, to be written: each line once and whole, with its message's content.
    [[nodiscard]] SavedTranscript saved() const;
    /// The rows given; the contents of unfolded messages alone.
    [[nodiscard]] SavedTranscript saved(const QList<int> &rows) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    void completed(); ///< what came in portions is there

private:
    static constexpr int headerPiece = -1;
    struct Ref
    {
        qint64 serial = 0;
        int piece = 0; ///< headerPiece: the header of the line's session
    };
    [[nodiscard]] bool shows(const TranscriptLine &line) const;
    [[nodiscard]] bool isHeldBack(const TranscriptLine &line) const;
    [[nodiscard]] bool isErrorRow(int row) const;
    [[nodiscard]] int piecesOf(qint64 serial) const;
    [[nodiscard]] ShownBytes pieceOf(const Ref &ref) const;
    [[nodiscard]] const QList<qsizetype> &rowsOf(qint64 serial) const;
    void add(qint64 serial, std::deque<Ref> &rows);
    void addCommandOf(qint64 reply, std::deque<Ref> &rows);
    void appendArrived();
    int scan();
    void scanMore();
    void rebuild();
    void trim();
    void showLine(const Ref &ref, TranscriptRow &shown) const;
    void save(const Ref &ref, bool hasContent, QHash<int, int> &places, SavedTranscript &saved) const;

    TranscriptLog m_log;
    QList<std::pair<QByteArray, smtp::TranscriptEntry>> m_arriving; ///< not in the log yet
    std::deque<Ref> m_rows;
    Filter m_filter;
    OctetView m_view = OctetView::Text;
    QSet<qint64> m_unfolded;
    QSet<int> m_headed; ///< sessions with a header row
    QSet<int> m_heldBack; ///< exchanges whose command waits for its reply to be judged
    int m_lastSession = 0; ///< of the last row, for headers of filtered views
    int m_columns = 120;
    qint64 m_droppedRows = 0;
    qint64 m_scanned = 0; ///< the first line that was not looked at yet
    QTimer m_more;
    mutable qint64 m_contentOf = -1; ///< whose rows these are
    mutable QList<qsizetype> m_contentRows;
};

} // namespace glasspost::ui
