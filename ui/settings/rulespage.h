#pragma once

#include "mail/rules/rule.h"
#include "ui/settings/settingspage.h"

class QListWidget;
class QPushButton;

namespace glasspost::ui {

class RuleEditor;

/// The rules for mail that comes in, from top to bottom. They are kept beside the settings: whoever shows the
/// page gives them to it and takes them.
class RulesPage : public SettingsPage
{
    Q_OBJECT
public:
    explicit RulesPage(QWidget *parent = nullptr);

    void load(const mail::Settings &) override { }
    void store(mail::Settings &) const override { }

    void setRules(const QList<mail::Rule> &rules);
    [[nodiscard]] const QList<mail::Rule> &rules() const { return m_rules; }
    /// What keeps the rules from being saved, in words, after it has been shown; empty: nothing.
    [[nodiscard]] QString problem();

    [[nodiscard]] QListWidget *list() const { return m_list; }
    [[nodiscard]] RuleEditor *editor() const { return m_editor; }
    void addRule();
    void removeRule();
    void moveRule(int by);

private:
    void showRule(int row);
    void takeEdited();
    void takeChecks();
    QPushButton *addButton(QLayout &layout, const QString &text, void (RulesPage::*action)());
    void moveUp() { moveRule(-1); }
    void moveDown() { moveRule(1); }
    void showButtons();

    QListWidget *m_list;
    RuleEditor *m_editor;
    QPushButton *m_add = nullptr;
    QPushButton *m_remove = nullptr;
    QPushButton *m_up = nullptr;
    QPushButton *m_down = nullptr;
    QList<mail::Rule> m_rules;
    bool m_isFilling = false;
};

} // namespace glasspost::ui
