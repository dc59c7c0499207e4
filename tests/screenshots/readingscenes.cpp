#include "readingscenes.h"

#include "samplepeer.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/mailbox/messagelist.h"
#include "ui/message/html/pageview.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messagepane.h"
#include "ui/message/partsview.h"

#include <QAction>
#include <QFile>
#include <QUrl>

#include <algorithm>

using namespace glasspost;
using View = ui::MessagePane::View;

namespace {

struct Reading
{
    const char *file; ///< beneath tests/
    const char *name; ///< of the pictures
    View view;
};

constexpr Reading readings[] = {
    {"screenshots/reading/pictures.eml", "read-pictures", View::Html},
    {"screenshots/reading/attachments.eml", "read-attachments", View::Message},
    {"screenshots/reading/long-subject.eml", "read-long-subject", View::Message},
    {"screenshots/reading/quotes.eml", "read-quotes", View::Message},
    {"screenshots/reading/hebrew-text.eml", "read-hebrew-text", View::Message},
    {"screenshots/reading/invitation.eml", "read-invitation", View::Message},
    {"screenshots/reading/report.eml", "read-report", View::Message},
    {"screenshots/reading/deceiving.eml", "read-deceiving", View::Message},
    {"screenshots/reading/empty.eml", "read-empty", View::Message},
    {"pages/messages/hebrew-statement.eml", "read-hebrew", View::Html},
    {"pages/messages/gmail-reply.eml", "read-reply", View::Html},
    {"pages/messages/newsletter-columns.eml", "read-columns", View::Html},
};

ui::MessagePane &paneOf(const Scene &scene)
{
    return *scene.messages().pane();
}

void trigger(const Scene &scene, ui::ActionId id)
{
    (*scene.window.findChild<ui::Actions *>())[id]->trigger();
}

void showView(const Scene &scene, View view)
{
    paneOf(scene).setView(view);
    if (view != View::Html)
        return;
    const auto *page = scene.window.findChild<ui::PageView *>();
    await([page] { return page->page() != nullptr; });
    QTest::qWait(400); // it is laid out for this width, and painted
}

/// Brings it to bob by SMTP, and opens it.
bool open(Scene &scene, const Reading &reading)
{
    QFile file(QStringLiteral(TESTS_FOLDER "/%1").arg(QLatin1String(reading.file)));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const int before = scene.rowsShown();
    bring(scene.port(), "app@app.example.org", {"bob@example.test"}, file.readAll());
    if (!await([&scene, before] { return scene.rowsShown() > before; }))
        return false;
    mail::RowQuery query;
    query.folder = inboxOf("bob");
    query.limit = 100;
    const QList<mail::MessageRow> rows
        = test::awaited(scene.system.mailboxes().rows(query)).value_or(mail::RowPage()).rows;
    const auto newest = std::max_element(
        rows.cbegin(), rows.cend(), [](const auto &a, const auto &b) { return a.number < b.number; });
    if (newest == rows.cend())
        return false;
    ui::MessageList *list = scene.messages().list();
    list->selectMessage(newest->id);
    const bool came = await([&scene, id = newest->id] { return scene.messages().message().id == id; });
    Q_EMIT list->opened(newest->id); // in its place where the window is narrow
    return came;
}

/// What the message can be asked for beyond being read.
void shootFurther(const Stage &stage, Scene &scene, const QByteArray &name)
{
    ui::MessagePane &pane = paneOf(scene);
    const auto again = [&](const char *what) { shoot(stage, &scene.window, name + what); };
    if (name == "read-pictures") {
        Q_EMIT pane.html().linkActivated(
            QUrl(QStringLiteral("https://signin.attacker.example/bank/of/the/harbour?session=3f9a0c")),
            QStringLiteral("https://www.bank.example"));
        again("-link");
        pane.openFind();
        again("-find");
    } else if (name == "read-quotes") {
        trigger(scene, ui::ActionId::FoldQuotes);
        again("-folded");
        trigger(scene, ui::ActionId::FixedFont);
        again("-fixed");
        trigger(scene, ui::ActionId::FixedFont);
    } else if (name == "read-attachments") {
        showView(scene, View::Structure);
        again("-parts");
        const QList<mail::PartView> parts = scene.messages().message().parts;
        for (const int part : {2, 5}) { // the picture and the program
            Q_EMIT scene.window.findChild<ui::PartsView *>()->inspectRequested(parts.value(part));
            QTest::qWait(500);
            shootOthers(stage, scene, part == 2 ? "part-picture" : "part-octets");
        }
    } else if (name == "read-report") {
        for (const mail::PartView &part : scene.messages().message().parts) {
            if (part.contentType == QLatin1String("message/rfc822"))
                Q_EMIT scene.window.findChild<ui::PartsView *>()->openRequested(part);
        }
        QTest::qWait(500);
        shootOthers(stage, scene, "message-window");
    } else if (name == "read-deceiving" || name == "read-empty") {
        for (const auto &[view, what] : {std::pair(View::Structure, "-headers"),
                 std::pair(View::Delivery, "-delivery"), std::pair(View::Source, "-source")}) {
            showView(scene, view);
            again(what);
        }
    } else if (name == "read-columns" || name == "read-reply") {
        trigger(scene, ui::ActionId::DarkPage);
        QTest::qWait(400);
        again("-dark-page");
        trigger(scene, ui::ActionId::DarkPage);
        trigger(scene, ui::ActionId::PhoneWidth);
        QTest::qWait(400);
        again("-phone");
        trigger(scene, ui::ActionId::FitWidth);
    }
}

} // namespace

void shootReading(const Stage &stage, Scene &scene)
{
    scene.area().go({ui::Place::Kind::Folder, inboxOf("bob")});
    scene.area().showTranscript(false);
    if (!await([&scene] { return scene.messages().folder() == inboxOf("bob") && scene.rowsShown() > 0; }))
        return;
    for (const Reading &reading : readings) {
        if (!open(scene, reading))
            continue;
        showView(scene, reading.view);
        QTest::qWait(200); // what is read of its parts has come
        shoot(stage, &scene.window, reading.name);
        shootFurther(stage, scene, reading.name);
    }
    paneOf(scene).setView(View::Html);
}
