#pragma once

#include "mail/checks/messagechecks.h"
#include "mail/pictures/linkprobes.h"
#include "mail/system/mailboxes.h"

#include <QWidget>

#include <memory>

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace glasspost::ui {

/// What the checks find in a captured message: severity, place, what it is about and why, the worst first;
/// below it the message's links and pictures. Enter, a click or a double click on a row goes to its line.
/// Nothing is fetched.
class ChecksView : public QWidget
{
    Q_OBJECT
public:
    /// The mailboxes outlive it.
    explicit ChecksView(mail::Mailboxes &mailboxes, QWidget *parent = nullptr);

    /// Checks the message, unless it is the one whose checks are shown.
    void show(const mail::MessageId &message);

Q_SIGNALS:
    void lineRequested(int line); ///< of the message's source, from 1

private:
    void take(const mail::Result<mail::MessageChecks> &checks);
    void addFindings(const QList<mail::Finding> &findings);
    void addReferences(const QList<mail::Reference> &references);
    void askServers();
    void takeAnswers(const QList<mail::LinkStatus> &links);
    void explain();
    void openRow(const QTreeWidgetItem *row);
    static QTreeWidget *makeRows(const QString &name, const QStringList &columns);

    mail::Mailboxes &m_mailboxes;
    mail::MessageId m_message;
    QLabel *m_summary;
    QTreeWidget *m_findings;
    QTreeWidget *m_references;
    QLabel *m_reason; ///< of the current finding, all of it
    QPushButton *m_ask;
    std::unique_ptr<mail::LinkProbes> m_probes; ///< of this message
};

} // namespace glasspost::ui
