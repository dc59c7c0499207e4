#pragma once

#include "mail/rules/rule.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;

namespace glasspost::ui {

class EditableTable;

/// One rule: its name, conditions and actions in rows, or as Sieve where it says more than rows can.
class RuleEditor : public QWidget
{
    Q_OBJECT
public:
    explicit RuleEditor(QWidget *parent = nullptr);

    void load(const mail::Rule &rule);
    /// As it is in the fields; only half of it where fault() has words.
    [[nodiscard]] mail::Rule rule() const;
    /// What is wrong with the Sieve or a row, or empty.
    [[nodiscard]] const QString &fault() const { return m_faultText; }

    [[nodiscard]] QLineEdit *name() const { return m_name; }
    [[nodiscard]] QComboBox *join() const { return m_join; }
    [[nodiscard]] EditableTable *conditions() const { return m_conditions; }
    [[nodiscard]] EditableTable *actions() const { return m_actions; }
    [[nodiscard]] QPlainTextEdit *sieve() const { return m_sieve; }
    [[nodiscard]] bool isSieve() const;

Q_SIGNALS:
    void changed();

private:
    QWidget *makeRows();
    QWidget *makeSieve();
    void readSieveText();
    void readRows();
    void say(const QString &fault);

    QLineEdit *m_name;
    QComboBox *m_join;
    EditableTable *m_conditions;
    EditableTable *m_actions;
    QPlainTextEdit *m_sieve;
    QLabel *m_fault;
    QStackedWidget *m_forms;
    mail::Rule m_rule; ///< as it was loaded, or as the Sieve had it last
    QString m_faultText;
    bool m_isLoading = false;
};

} // namespace glasspost::ui
