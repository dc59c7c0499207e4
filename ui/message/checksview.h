#pragma once

#include "mail/checks/messagechecks.h"
#include "mail/pictures/linkprobes.h"
#include "mail/system/currentsettings.h"
#include "mail/system/mailboxes.h"

#include <QWidget>

#include <memory>

class QLabel;
class QPushButton;
class QTabWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace glasspost::ui {

class ScreensView;

/// What the checks find in a captured message: severity, place, what it is about and why, the worst first;
/// below it the message's links and pictures; and, on a page of its own, the message as six screens show it.
/// Enter, a click or a double click on a row goes to its line.
/// Nothing is fetched; the spam filter of the settings is given the message, where there is one.
class ChecksView : public QWidget
{
    Q_OBJECT
public:
    /// Both outlive it.
    ChecksView(mail::Mailboxes &mailboxes, const mail::CurrentSettings &settings, QWidget *parent = nullptr);

    /// Checks the message, unless it is the one whose checks are shown.
    void show(const mail::MessageId &message);
    [[nodiscard]] ScreensView &screens() const { return *m_screens; }
    void showScreens();

Q_SIGNALS:
    void lineRequested(int line); ///< of the message's source, from 1

private:
    void build();
    mail::Task<void> check(const mail::MessageId &message, const mail::MessageOctets &octets);
    void take(const mail::MessageChecks &checks);
    void askSpamFilter(const mail::MessageId &message, const mail::MessageOctets &octets);
    void showFindings();
    void addReferences(const QList<mail::Reference> &references);
    void askServers();
    void takeAnswers(const QList<mail::LinkStatus> &links);
    void explain();
    void openRow(const QTreeWidgetItem *row);
    static QTreeWidget *makeRows(const QString &name, const QStringList &columns);

    mail::Mailboxes &m_mailboxes;
    const mail::CurrentSettings &m_settings;
    mail::MessageId m_message;
    mail::MessageChecks m_checks; ///< of this message, what the spam filter says among them
    QLabel *m_summary;
    QTreeWidget *m_findings;
    QTreeWidget *m_references;
    QLabel *m_reason; ///< of the current finding, all of it
    QPushButton *m_ask;
    ScreensView *m_screens;
    QTabWidget *m_pages; ///< the findings, the screens
    std::unique_ptr<mail::LinkProbes> m_probes; ///< of this message
};

} // namespace glasspost::ui
