#include "handlingscenes.h"

#include "mail/rules/sieve.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/mailbox/rulerundialog.h"
#include "ui/mailbox/savedsearches.h"

#include <QAction>
#include <QPushButton>

using namespace glasspost;

namespace {

constexpr char rulesScript[] = "require [\"fileinto\", \"imap4flags\", \"envelope\"];\n"
                               "# rule:[Nordlys]\n"
                               "if header :contains \"From\" \"nordlys.example\" { addflag \"\\\\Flagged\"; "
                               "fileinto \"Lists/nordlys\"; }\n"
                               "# rule:[Invoices]\n"
                               "if header :contains \"Subject\" \"invoice\" { addflag \"bookkeeping\"; }\n"
                               "# rule:[Bulk]\n"
                               "if anyof(header :contains \"From\" \"bulk.example\", envelope :domain "
                               "\"from\" \"bulk.example\") { discard; }\n";

} // namespace

void shootHandling(const Stage &stage, Scene &scene)
{
    const ui::Actions &actions = *scene.window.findChild<ui::Actions *>();
    for (const char *name : {"Lists", "Lists.nordlys", "Lists.nordlys.2026"})
        (void)test::awaited(
            scene.system.mailboxes().createFolder({QStringLiteral("alice"), QLatin1String(name)}));
    scene.area().loadFolders();
    scene.window.findChild<ui::SavedSearches *>()->save(
        QStringLiteral("Invoices"), QStringLiteral("subject:invoice"));
    scene.area().go({ui::Place::Kind::Folder, inboxOf("alice")});
    scene.area().showTranscript(false);
    const int plain = scene.rowsShown();
    actions[ui::ActionId::GroupByConversation]->trigger();
    await([&scene, plain] { return scene.rowsShown() < plain; });
    ui::MessageList *list = scene.messages().list();
    list->selectRow(0);
    QTest::keyClick(list, Qt::Key_Right);
    QTest::qWait(300);
    shoot(stage, &scene.window, "conversations");
    actions[ui::ActionId::GroupByConversation]->trigger();
    await([&scene, plain] { return scene.rowsShown() == plain; });
    scene.area().go({ui::Place::Kind::Search, {}, QStringLiteral("Invoices")});
    QTest::qWait(300);
    shoot(stage, &scene.window, "saved-search");

    const auto rules = mail::readSieve(rulesScript);
    (void)test::awaited(scene.system.rules().set(rules.value_or(QList<mail::Rule>())));
    scene.area().go({ui::Place::Kind::Folder, inboxOf("alice")});
    list->selectAll();
    actions[ui::ActionId::RunRules]->trigger();
    await([&scene] {
        const auto *dialog = scene.window.findChild<ui::RuleRunDialog *>();
        return dialog != nullptr && dialog->applyButton()->isEnabled();
    });
    shootOthers(stage, scene, "rules-apply");
    list->selectRow(0);
}
