#pragma once

#include "mail/system/deliveryends.h"
#include "ui/message/addressmask.h"
#include "ui/message/journey.h"
#include "ui/message/repeatcommand.h"
#include "ui/message/waterfall.h"
#include "ui/message/whynot.h"

#include <QPointer>
#include <QScrollArea>

#include <functional>

class QAction;
class QLayout;
class QMenu;
class QToolButton;
class QVBoxLayout;

namespace glasspost::ui {

class WaterfallView;

/// What stands above the stations.
struct DeliverySummary
{
    QString why; ///< why it did not arrive, or late; paragraphs; may be empty
    QList<std::pair<NextStep, QByteArray>> nextSteps; ///< each with the queue entry that it is about
    QList<WaterfallRow> waterfall;
    bool hasRecord = false; ///< of how it left
    bool canDelete = false; ///< that record
    bool hasReport = false; ///< there is something to report: that, or how it came

    friend bool operator==(const DeliverySummary &, const DeliverySummary &) = default;
};
[[nodiscard]] DeliverySummary summaryOf(
    const QList<mail::Journey> &journeys, const QDateTime &now, const mail::DeliveryEnds &ends = {});

/// What a report shows that not everybody is to see.
struct ReportTerms
{
    AddressMask::Addresses addresses = AddressMask::Addresses::Masked; ///< the subject, likewise
    bool hasHeader = false; ///< the message's header fields

    friend bool operator==(const ReportTerms &, const ReportTerms &) = default;
};

/// The journey of a message: why it did not arrive, with a button for each thing that can be done, its
/// waterfall, and a line of stations, each with a button to its session in the transcript. Of many stations
/// those have widgets that a person has scrolled to.
class DeliveryPane : public QScrollArea
{
    Q_OBJECT
public:
    explicit DeliveryPane(QWidget *parent = nullptr);

    /// Who knows what a program would be told, or why it cannot be; asked when a menu offers it.
    using Commands = std::function<RepeatCommand(RepeatWith program)>;
    void setCommands(Commands commands) { m_commands = std::move(commands); }
    /// An action that copies the command can be done, or its tool tip says why not. Nobody knows: it can.
    void offer(QAction &action, RepeatWith program, const QString &toolTip) const;

    /// An empty journey is explained in words: noJourney says why there is none.
    void show(const QList<JourneyStep> &steps, const QString &noJourney, const DeliverySummary &summary = {});
    // What its buttons ask for, for menus.
    void saveReport() { Q_EMIT saveRequested(m_terms); }
    void saveReportPdf() { Q_EMIT pdfRequested(m_terms); }
    void openReport() { Q_EMIT browserRequested(m_terms); }
    void copyCommand(RepeatWith program) { Q_EMIT copyRequested(program); }
    void compare() { Q_EMIT compareRequested(); }
    void deleteRecord() { Q_EMIT deleteRequested(); }
    /// The bar in which that line was said becomes the current one, where there is one.
    void showMoment(const QByteArray &sessionId, qint64 at);

Q_SIGNALS:
    /// At its first line, or where that was said (microseconds since the Unix epoch).
    void sessionRequested(const QByteArray &sessionId, qint64 at);
    void stepRequested(glasspost::ui::NextStep step, const QByteArray &queueId);
    void saveRequested(const glasspost::ui::ReportTerms &terms); ///< a report
    void pdfRequested(const glasspost::ui::ReportTerms &terms); ///< likewise
    void browserRequested(const glasspost::ui::ReportTerms &terms); ///< likewise
    void copyRequested(glasspost::ui::RepeatWith program);
    void compareRequested(); ///< with a delivery that is to be chosen
    void deleteRequested(); ///< of the record
    /// Another one, that this was made from, or that was made from this.
    void messageRequested(const glasspost::mail::MessageId &id, const QByteArray &messageId);

private:
    void addSteps(int number);
    void addStepsInSight();
    QWidget *stepWidget(const JourneyStep &step, bool last);
    [[nodiscard]] QToolButton *sessionButton(const JourneyStep &step);
    [[nodiscard]] QToolButton *messageButton(const JourneyStep &step);
    void addSummary(QVBoxLayout *column, const DeliverySummary &summary);
    [[nodiscard]] QWidget *makeNextSteps(const QList<std::pair<NextStep, QByteArray>> &steps);
    [[nodiscard]] QWidget *makeActions(const DeliverySummary &summary);
    void addTerms(QLayout *row);
    [[nodiscard]] QMenu *makeCopyMenu(QWidget *parent);
    [[nodiscard]] WaterfallView *makeWaterfall(const QList<WaterfallRow> &rows);

    QPointer<WaterfallView> m_waterfall;
    QList<WaterfallRow> m_rows; ///< its
    QList<JourneyStep> m_steps;
    int m_shownSteps = 0; ///< as many of them have widgets
    QVBoxLayout *m_column = nullptr; ///< theirs
    int m_firstStep = 0; ///< in it
    ReportTerms m_terms;
    Commands m_commands;
};

} // namespace glasspost::ui
