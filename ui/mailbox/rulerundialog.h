#pragma once

#include "mail/system/rules.h"

#include <QDialog>

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;

namespace glasspost::ui {

/// The rules run over messages that are there: shows what they would do, and does it once a person says so.
/// Closing it ends what has not begun.
class RuleRunDialog : public QDialog
{
    Q_OBJECT
public:
    /// rules outlives it.
    RuleRunDialog(mail::Rules &rules, const QList<mail::MessageId> &ids, QWidget *parent = nullptr);

    [[nodiscard]] QTreeWidget *list() const { return m_list; }
    [[nodiscard]] QPushButton *applyButton() const { return m_apply; }
    [[nodiscard]] QString words() const;

Q_SIGNALS:
    void applied(int messages); ///< so many of them had rules

private:
    void run(mail::RuleRunMode mode);
    void runNext();
    void take(const QList<mail::RuleRunResult> &results);
    void end();

    mail::Rules &m_rules;
    const QList<mail::MessageId> m_ids;
    mail::RuleRunMode m_mode = mail::RuleRunMode::DryRun;
    qsizetype m_next = 0; ///< of the messages
    int m_found = 0; ///< those that rules do something with
    QLabel *m_words;
    QTreeWidget *m_list;
    QProgressBar *m_progress;
    QPushButton *m_apply;
};

} // namespace glasspost::ui
