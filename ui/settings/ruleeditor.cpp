#include "ui/settings/ruleeditor.h"

#include "mail/rules/sieve.h"
#include "ui/settings/editabletable.h"
#include "ui/settings/ruleform.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int textCharacters = 24;

} // namespace

RuleEditor::RuleEditor(QWidget *parent)
    : QWidget(parent), m_name(new QLineEdit), m_join(new QComboBox), m_conditions(nullptr),
      m_actions(nullptr), m_sieve(new QPlainTextEdit), m_fault(plainLabel()), m_forms(new QStackedWidget)
{
    m_forms->addWidget(makeRows());
    m_forms->addWidget(makeSieve());
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(space::two);
    form->addRow(tr("&Name"), m_name);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::one);
    column->addLayout(form);
    column->addWidget(m_forms, 1);
    column->addWidget(m_fault);
    m_fault->setWordWrap(true);
    connect(m_name, &QLineEdit::textEdited, this, &RuleEditor::changed);
}

QWidget *RuleEditor::makeRows()
{
    m_join->addItem(tr("Messages that match all of these conditions:"), int(RuleForm::Join::All));
    m_join->addItem(tr("Messages that match any of these conditions:"), int(RuleForm::Join::Any));
    m_join->setAccessibleName(tr("How the conditions are joined"));
    m_conditions
        = new EditableTable({{tr("Field"), conditionChoices(), false, true, 0},
                                {tr("Comparison"), comparisonChoices(), false, false, textCharacters / 2},
                                {tr("Text"), {}, false, true, textCharacters}},
            tr("Conditions"));
    m_conditions->setNewRow({QStringLiteral("from"), QStringLiteral("contains"), {}});
    m_actions = new EditableTable({{tr("Action"), actionChoices(), false, true, 0},
                                      {tr("Folder, address or text"), {}, false, true, textCharacters}},
        tr("Actions"));
    m_actions->setNewRow({QStringLiteral("file"), {}});
    m_conditions->keepRowsWithoutText();
    m_actions->keepRowsWithoutText();
    auto *rows = new QWidget;
    auto *column = new QVBoxLayout(rows);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::one);
    column->addWidget(m_join);
    column->addWidget(m_conditions, 1);
    column->addWidget(m_actions, 1);
    connect(m_join, &QComboBox::activated, this, &RuleEditor::changed);
    connect(m_conditions, &EditableTable::changed, this, &RuleEditor::readRows);
    connect(m_actions, &EditableTable::changed, this, &RuleEditor::readRows);
    return rows;
}

QWidget *RuleEditor::makeSieve()
{
    m_sieve->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_sieve->setAccessibleName(tr("The rule as Sieve"));
    m_sieve->setTabChangesFocus(true);
    auto *text = new QWidget;
    auto *column = new QVBoxLayout(text);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::one);
    column->addWidget(m_sieve, 1);
    connect(m_sieve, &QPlainTextEdit::textChanged, this, &RuleEditor::readSieveText);
    return text;
}

bool RuleEditor::isSieve() const
{
    return m_forms->currentIndex() == 1;
}

void RuleEditor::load(const mail::Rule &rule)
{
    m_isLoading = true;
    m_rule = rule;
    say({});
    m_name->setText(rule.name);
    const auto form = formOf(rule);
    m_forms->setCurrentIndex(form ? 0 : 1);
    const RuleForm rows = form.value_or(RuleForm());
    m_join->setCurrentIndex(m_join->findData(int(rows.join)));
    m_conditions->setRows(rows.conditions);
    m_actions->setRows(rows.actions);
    m_sieve->setPlainText(form ? QString() : QString::fromUtf8(mail::writeSieve({rule})));
    m_isLoading = false;
}

mail::Rule RuleEditor::rule() const
{
    mail::Rule rule = m_rule;
    if (!isSieve()) {
        const RuleForm form{
            RuleForm::Join(m_join->currentData().toInt()), m_conditions->rows(), m_actions->rows()};
        rule = ruleOf(form);
        rule.isEnabled = m_rule.isEnabled;
    }
    rule.name = m_name->text().simplified();
    return rule;
}

void RuleEditor::say(const QString &fault)
{
    m_faultText = fault;
    m_fault->setText(fault);
}

void RuleEditor::readRows()
{
    const QList<QStringList> rows = m_conditions->rows();
    const bool isWhole = std::all_of(rows.cbegin(), rows.cend(), isFilledIn);
    say(isWhole ? QString() : tr("A condition needs a text, a size such as 10M, or yes or no."));
    Q_EMIT changed();
}

void RuleEditor::readSieveText()
{
    if (m_isLoading)
        return;
    const auto rules = mail::readSieve(m_sieve->toPlainText().toUtf8());
    if (!rules)
        say(tr("%1: %2").arg(rules.error().subject, rules.error().systemText));
    else if (rules->size() != 1)
        say(tr("The text must be exactly one rule."));
    else
        say({});
    if (m_faultText.isEmpty()) {
        const bool isEnabled = m_rule.isEnabled;
        m_rule = rules->constFirst();
        m_rule.isEnabled = isEnabled;
    }
    Q_EMIT changed();
}

} // namespace glasspost::ui
