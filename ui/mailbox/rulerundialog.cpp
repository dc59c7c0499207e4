#include "ui/mailbox/rulerundialog.h"

#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/windowsize.h"
#include "ui/words/errortext.h"
#include "ui/words/ruletext.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr qsizetype messagesAtOnce = 200;
constexpr int mostShown = 2'000;

} // namespace

RuleRunDialog::RuleRunDialog(mail::Rules &rules, const QList<mail::MessageId> &ids, QWidget *parent)
    : QDialog(parent), m_rules(rules), m_ids(ids), m_words(plainLabel()), m_list(new QTreeWidget),
      m_progress(new QProgressBar), m_apply(nullptr)
{
    setWindowTitle(tr("Apply rules"));
    m_words->setWordWrap(true);
    m_list->setHeaderLabels({tr("Subject"), tr("From"), tr("What the rules do")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAccessibleName(tr("What the rules do"));
    m_list->header()->setSectionResizeMode(QHeaderView::Stretch);
    m_progress->setRange(0, int(ids.size()));
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Messages that were looked at"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_apply = buttons->addButton(tr("&Apply rules"), QDialogButtonBox::AcceptRole);
    connect(m_apply, &QPushButton::clicked, this, [this] { run(mail::RuleRunMode::Apply); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::two, space::two, space::two, space::two);
    column->setSpacing(space::one);
    column->addWidget(m_words);
    column->addWidget(m_list, 1);
    column->addWidget(m_progress);
    column->addWidget(buttons);
    setTabOrder(m_list, m_apply);
    setTabOrder(m_apply, buttons->button(QDialogButtonBox::Cancel));
    resizeWithinScreen(*this, {760, 440});
    run(mail::RuleRunMode::DryRun);
}

QString RuleRunDialog::words() const
{
    return m_words->text();
}

void RuleRunDialog::run(mail::RuleRunMode mode)
{
    m_mode = mode;
    m_next = 0;
    m_found = 0;
    m_apply->setEnabled(false);
    m_progress->setValue(0);
    m_progress->show();
    m_words->setText(mode == mail::RuleRunMode::Apply
            ? tr("Applying the rules to %Ln message(s) …", nullptr, int(m_ids.size()))
            : tr("Trying the rules on %Ln message(s) …", nullptr, int(m_ids.size())));
    runNext();
}

/// Some at a time, so that there is progress, and an end when a person wants it.
void RuleRunDialog::runNext()
{
    const QList<mail::MessageId> some = m_ids.mid(m_next, messagesAtOnce);
    m_progress->setValue(int(m_next));
    if (some.isEmpty())
        return end();
    m_next += some.size();
    m_rules.run(some, m_mode).then(this, [this](const mail::Result<QList<mail::RuleRunResult>> &results) {
        if (!results) {
            m_progress->hide();
            m_words->setText(errorText(results.error()));
            return;
        }
        take(*results);
        runNext();
    });
}

void RuleRunDialog::take(const QList<mail::RuleRunResult> &results)
{
    m_found += int(results.size());
    if (m_mode == mail::RuleRunMode::Apply)
        return;
    for (const mail::RuleRunResult &result : results) {
        if (m_list->topLevelItemCount() >= mostShown)
            return;
        QStringList deeds;
        for (const mail::RuleDeed &deed : result.deeds)
            deeds.append(ruleDeedText(deed));
        const QString what = deeds.join(QStringLiteral("; "));
        auto *item = new QTreeWidgetItem(m_list, {result.subject.simplified(), result.sender, what});
        item->setToolTip(0, plainToolTip(result.subject));
        item->setToolTip(2, plainToolTip(deeds.join(u'\n')));
    }
}

void RuleRunDialog::end()
{
    m_progress->hide();
    if (m_mode == mail::RuleRunMode::Apply) {
        Q_EMIT applied(m_found);
        accept();
        return;
    }
    m_apply->setEnabled(m_found > 0);
    if (m_found == 0)
        m_words->setText(tr("No rule does anything with these messages."));
    else if (m_found > m_list->topLevelItemCount())
        m_words->setText(
            tr("Rules apply to %Ln message(s), of which the first are listed. Discarded messages go "
               "to Trash.",
                nullptr, m_found));
    else
        m_words->setText(
            tr("Rules apply to %Ln message(s). Discarded messages go to Trash.", nullptr, m_found));
}

} // namespace glasspost::ui
