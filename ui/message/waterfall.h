#pragma once

#include "mail/journey/journey.h"
#include "smtp/session/sessiontrace.h"
#include "ui/theme/theme.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace glasspost::ui {

/// Of the times here, in microseconds.
inline constexpr qint64 oneMillisecond = 1000;
inline constexpr qint64 oneSecond = 1'000'000;

/// One row of a message's waterfall: the heading of an attempt, or a stage of it. Times are microseconds
/// since the Unix epoch.
struct WaterfallRow
{
    enum class Kind { Attempt, Stage };
    Kind kind = Kind::Stage;
    int attempt = 1;
    QString label; ///< "Greeting"; of a RCPT the recipient
    Tone tone = Tone::Transit;
    smtp::TimeSpent spent = smtp::TimeSpent::Waiting;
    qint64 from = 0;
    qint64 to = 0;
    QByteArray sessionId;
    smtp::SessionRole role = smtp::SessionRole::Client; ///< which end of it is ours
    // What the words for it are made of, once a person looks at it: there may be thousands of rows.
    smtp::TracedStage stage; ///< of a Stage
    QByteArray host; ///< the other end's name
    QByteArray choice; ///< why to that one
    qint64 leftOut = 0; ///< of an Attempt: what its connections had beyond what is kept

    friend bool operator==(const WaterfallRow &, const WaterfallRow &) = default;
};

/// The stages of each attempt in their order, those of this message alone: where a connection carried others
/// before, its opening is left out. Empty where the record has no times.
[[nodiscard]] QList<WaterfallRow> waterfallOf(const mail::Journey &journey);
/// What a session of our listener has of one message (mail/journey/arrivaltrace.h), under a heading.
[[nodiscard]] QList<WaterfallRow> arrivalRows(const smtp::SessionTrace &arrival);
/// "300 ms, 220 mx1.example.org ready"
[[nodiscard]] QString resultOf(const WaterfallRow &row);
/// One a line.
[[nodiscard]] QStringList factsOf(const WaterfallRow &row);
/// All rows as text, a line each, for whoever cannot see them, and to be copied.
[[nodiscard]] QString waterfallText(const QList<WaterfallRow> &rows);
/// How far a bar is filled, from 0 to 1: the more, the more of the time surely went to work here.
[[nodiscard]] constexpr double fillOf(smtp::TimeSpent spent)
{
    constexpr double outlined = 0.15;
    constexpr double half = 0.55;
    return spent == smtp::TimeSpent::Waiting ? outlined : spent == smtp::TimeSpent::Either ? half : 1;
}

/// The one time axis of all attempts: where nothing goes on for long, the gap between two bars is folded to a
/// small part of it. Lengths are microseconds.
class FoldedAxis
{
public:
    struct Fold
    {
        qint64 at = 0; ///< on the axis
        qint64 width = 0; ///< on the axis
        qint64 length = 0; ///< in truth

        friend bool operator==(const Fold &, const Fold &) = default;
    };

    /// A mark on the axis. Behind a fold they count anew, from where something goes on again.
    struct Tick
    {
        qint64 at = 0; ///< on the axis
        qint64 begun = 0; ///< when that goes on which it is a mark of, since the axis begins, in truth
        qint64 after = 0; ///< how long after that

        friend bool operator==(const Tick &, const Tick &) = default;
    };

    FoldedAxis() = default;
    explicit FoldedAxis(const QList<WaterfallRow> &rows);

    [[nodiscard]] qint64 length() const { return m_length; }
    [[nodiscard]] qint64 place(qint64 time) const;
    [[nodiscard]] const QList<Fold> &folds() const { return m_folds; }
    /// Between two places on the axis, at least a step (above 0) from each other; none within a fold.
    [[nodiscard]] QList<Tick> ticks(qint64 from, qint64 to, qint64 step) const;

private:
    struct Piece ///< without a fold
    {
        qint64 from = 0;
        qint64 to = 0;
        qint64 at = 0; ///< of its beginning
    };
    QList<Piece> m_pieces;
    QList<Fold> m_folds;
    qint64 m_length = 0;
};

} // namespace glasspost::ui
