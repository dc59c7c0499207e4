#include "handlingscenes.h"

#include "mail/rules/sieve.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/actions/searchfield.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/mailbox/rulerundialog.h"
#include "ui/mailbox/savedsearches.h"

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
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

/// The window with a menu of its bar open, which is a window of its own.
void shootWithMenu(const Stage &stage, Scene &scene, ui::ActionMenu which, const char *name)
{
    QMenuBar *bar = scene.window.menuBar();
    QAction *action = bar->actions().at(int(which));
    QMenu *menu = action->menu();
    menu->popup(bar->mapToGlobal(bar->actionGeometry(action).bottomLeft()));
    QTest::qWait(300);
    QLabel picture;
    QPixmap shown = scene.window.grab();
    QPainter painter(&shown);
    painter.drawPixmap(scene.window.mapFromGlobal(menu->pos()), menu->grab());
    painter.end();
    picture.setPixmap(shown);
    picture.resize(scene.window.size());
    shoot(stage, &picture, name);
    menu->close();
}

void shootSearching(const Stage &stage, Scene &scene)
{
    const ui::Actions &actions = *scene.window.findChild<ui::Actions *>();
    auto *search = scene.window.findChild<ui::SearchField *>();
    const int all = scene.rowsShown();
    search->setText(QStringLiteral("agenda"));
    await([&scene, all] {
        return scene.messages().isSearching() && scene.rowsShown() > 0 && scene.rowsShown() < all;
    });
    scene.openMessage(0);
    await([&actions] { return actions[ui::ActionId::NextHit]->isEnabled(); });
    shoot(stage, &scene.window, "search-hits");
    search->setText({});
    scene.area().go({ui::Place::Kind::Folder, inboxOf("alice")});
    await([&scene, all] { return scene.rowsShown() == all; });
    actions[ui::ActionId::ShowFilters]->trigger();
    QTest::qWait(300);
    shoot(stage, &scene.window, "quick-filters");
    actions[ui::ActionId::ShowFilters]->trigger();
}

void shootTags(const Stage &stage, Scene &scene)
{
    mail::RowQuery query;
    query.folder = inboxOf("alice");
    query.limit = 6;
    const auto rows = test::awaited(scene.system.mailboxes().rows(query)).value_or(mail::RowPage()).rows;
    int number = 0;
    for (const mail::MessageRow &row : rows) {
        const QString tag = number++ % 2 == 0 ? QStringLiteral("work") : QStringLiteral("later");
        (void)test::awaited(scene.system.mailboxes().setTags({row.id}, {tag}, {}));
    }
    QTest::qWait(300);
    shoot(stage, &scene.window, "tags");
}

/// Too narrow for columns: the menu sorts.
void shootNarrow(const Stage &stage, Scene &scene)
{
    constexpr int narrow = 560;
    const QSize before = scene.window.size();
    scene.window.resize(narrow, before.height());
    QTest::qWait(300);
    shootWithMenu(stage, scene, ui::ActionMenu::View, "narrow-view-menu");
    scene.window.resize(before);
}

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
    scene.area().go({ui::Place::Kind::Folder, inboxOf("alice")});
    await([&scene, plain] { return scene.rowsShown() == plain; });
    shootSearching(stage, scene);
    shootTags(stage, scene);
    shootNarrow(stage, scene);

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
