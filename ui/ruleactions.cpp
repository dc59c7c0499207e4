#include "ui/ruleactions.h"

#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/rulerundialog.h"
#include "ui/mailnews.h"
#include "ui/widgets/inlinebar.h"

#include <QAction>

namespace glasspost::ui {

RuleActions::RuleActions(
    mail::Rules &rules, MessagesPage &page, MailNews &news, QAction *run, QWidget *window)
    : QObject(window), m_rules(rules), m_page(page), m_window(window)
{
    connect(run, &QAction::triggered, this, &RuleActions::run);
    connect(&rules, &mail::Rules::noticed, &news, &MailNews::takeNotice);
    connect(&rules, &mail::Rules::failed, &news, &MailNews::takeRuleFailure);
}

void RuleActions::run()
{
    m_page.withNames([this](const QList<mail::MessageId> &ids) {
        if (ids.isEmpty())
            return;
        auto *dialog = new RuleRunDialog(m_rules, ids, m_window);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &RuleRunDialog::applied, this, [this](int messages) {
            m_page.bar()->say(
                InlineBar::Kind::Success, tr("Rules were applied to %Ln message(s).", nullptr, messages));
        });
        dialog->open();
    });
}

} // namespace glasspost::ui
