#include "ui/settings/rulespage.h"

#include "mail/rules/sieve.h"
#include "ui/settings/ruleeditor.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr int listWidth = 24; // characters

} // namespace

RulesPage::RulesPage(QWidget *parent)
    : SettingsPage(tr("Rules"), parent), m_list(new QListWidget), m_editor(new RuleEditor)
{
    addHeading(tr("What is done with incoming mail"),
        tr("Rules run from top to bottom for each message that arrives in an Inbox; one without conditions "
           "applies to every message. If an action fails, the message stays in the Inbox. “glasspost rules” "
           "tries rules on stored mail and shows their log."));
    m_list->setAccessibleName(tr("Rules"));
    m_list->setFixedWidth(fontMetrics().averageCharWidth() * listWidth);
    auto *buttons = new QHBoxLayout;
    m_add = addButton(*buttons, tr("Add rule"), &RulesPage::addRule);
    m_remove = addButton(*buttons, tr("Remove rule"), &RulesPage::removeRule);
    auto *order = new QHBoxLayout;
    m_up = addButton(*order, tr("Move &up"), &RulesPage::moveUp);
    m_down = addButton(*order, tr("Move &down"), &RulesPage::moveDown);
    auto *left = new QVBoxLayout;
    left->setSpacing(space::one);
    left->addWidget(m_list, 1);
    left->addLayout(buttons);
    left->addLayout(order);
    auto *row = new QHBoxLayout;
    row->setSpacing(space::two);
    row->addLayout(left);
    row->addWidget(m_editor, 1);
    column()->addLayout(row, 1);
    connect(m_list, &QListWidget::currentRowChanged, this, &RulesPage::showRule);
    connect(m_list, &QListWidget::itemChanged, this, &RulesPage::takeChecks);
    connect(m_editor, &RuleEditor::changed, this, &RulesPage::takeEdited);
    setRules({});
}

QPushButton *RulesPage::addButton(QLayout &layout, const QString &text, void (RulesPage::*action)())
{
    auto *button = new QPushButton(text);
    button->setAutoDefault(false);
    layout.addWidget(button);
    connect(button, &QPushButton::clicked, this, action);
    return button;
}

void RulesPage::setRules(const QList<mail::Rule> &rules)
{
    const int current = std::max(m_list->currentRow(), 0);
    m_isFilling = true;
    m_rules = rules;
    m_list->clear();
    for (const mail::Rule &rule : rules) {
        auto *item = new QListWidgetItem(rule.name, m_list);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(rule.isEnabled ? Qt::Checked : Qt::Unchecked);
    }
    m_isFilling = false;
    m_list->setCurrentRow(std::min(current, int(rules.size()) - 1));
    showRule(m_list->currentRow());
}

void RulesPage::showRule(int row)
{
    if (m_isFilling)
        return;
    const bool isRule = row >= 0 && row < m_rules.size();
    m_editor->setEnabled(isRule);
    m_editor->load(isRule ? m_rules.at(row) : mail::Rule());
    showButtons();
}

/// A rule that is half made is mended or removed before another is shown: what it lacks would be lost unsaid,
/// and without its condition it would be for every message.
void RulesPage::showButtons()
{
    const int row = m_list->currentRow();
    const bool isWhole = m_editor->fault().isEmpty();
    m_list->setEnabled(isWhole);
    m_add->setEnabled(isWhole);
    m_remove->setEnabled(row >= 0);
    m_up->setEnabled(isWhole && row > 0);
    m_down->setEnabled(isWhole && row >= 0 && row + 1 < m_rules.size());
}

void RulesPage::takeEdited()
{
    const int row = m_list->currentRow();
    if (m_isFilling || row < 0 || row >= m_rules.size())
        return;
    Q_EMIT changed();
    showButtons();
    if (!m_editor->fault().isEmpty()) // half a condition is none yet
        return;
    const bool isEnabled = m_rules.at(row).isEnabled;
    m_rules[row] = m_editor->rule();
    m_rules[row].isEnabled = isEnabled;
    m_isFilling = true;
    m_list->item(row)->setText(m_rules.at(row).name);
    m_isFilling = false;
}

void RulesPage::takeChecks()
{
    if (m_isFilling)
        return;
    for (int row = 0; row < m_list->count(); ++row)
        m_rules[row].isEnabled = m_list->item(row)->checkState() == Qt::Checked;
    Q_EMIT changed();
}

void RulesPage::addRule()
{
    mail::Rule rule;
    rule.name = tr("New rule");
    QList<mail::Rule> rules = m_rules;
    rules.append(rule);
    setRules(rules);
    m_list->setCurrentRow(m_list->count() - 1);
    m_editor->name()->selectAll();
    m_editor->name()->setFocus();
    Q_EMIT changed();
}

void RulesPage::removeRule()
{
    if (m_list->currentRow() < 0)
        return;
    QList<mail::Rule> rules = m_rules;
    rules.removeAt(m_list->currentRow());
    setRules(rules);
    Q_EMIT changed();
}

void RulesPage::moveRule(int by)
{
    const int from = m_list->currentRow(), to = from + by;
    if (from < 0 || to < 0 || to >= m_rules.size())
        return;
    QList<mail::Rule> rules = m_rules;
    rules.move(from, to);
    setRules(rules);
    m_list->setCurrentRow(to);
    Q_EMIT changed();
}

QString RulesPage::problem()
{
    if (!m_editor->fault().isEmpty())
        return m_editor->fault();
    for (int row = 0; row < m_rules.size(); ++row) {
        const mail::Rule &rule = m_rules.at(row);
        QString words;
        if (rule.name.isEmpty())
            words = tr("A rule has no name.");
        else if (rule.actions.isEmpty())
            words = tr("The rule “%1” does nothing: add an action.").arg(rule.name);
        else if (const auto read = mail::readSieve(mail::writeSieve({rule})); !read)
            words = tr("The rule “%1” cannot be used: %2").arg(rule.name, read.error().systemText);
        if (words.isEmpty())
            continue;
        m_list->setCurrentRow(row);
        return words;
    }
    return {};
}

} // namespace glasspost::ui
