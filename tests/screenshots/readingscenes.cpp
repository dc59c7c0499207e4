#include "readingscenes.h"

#include "samplemail.h"
#include "samplepeer.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/mailbox/messagelist.h"
#include "ui/message/attachmentcard.h"
#include "ui/message/checksview.h"
#include "ui/message/html/pageview.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messagecards.h"
#include "ui/message/messageheader.h"
#include "ui/message/messagepane.h"
#include "ui/message/partsview.h"
#include "ui/message/partwindow.h"
#include "ui/message/picturebar.h"
#include "ui/message/screensview.h"

#include <QAction>
#include <QFile>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeWidget>
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
    {"screenshots/reading/pdf.eml", "read-pdf", View::Message},
    {"screenshots/reading/contact.eml", "read-contact", View::Message},
    {"screenshots/reading/picture.eml", "read-picture", View::Html},
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

QByteArray octetsOf(const Reading &reading)
{
    QFile file(QStringLiteral(TESTS_FOLDER "/%1").arg(QLatin1String(reading.file)));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Brings it to bob by SMTP, and opens it.
bool open(Scene &scene, const QByteArray &message)
{
    const int before = scene.rowsShown();
    bring(scene.port(), "app@app.example.org", {"bob@example.test"}, message);
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

/// Until what is read of its parts has come.
void awaitParts(const Scene &scene, const QByteArray &name)
{
    const ui::MessagePane &pane = paneOf(scene);
    QTest::qWait(200);
    if (name == "read-pdf")
        await([&pane] {
            const auto *card = pane.findChild<ui::AttachmentCard *>();
            return card != nullptr && !card->icon().availableSizes().isEmpty(); // a drawn icon has none
        });
    else if (name == "read-contact")
        await(
            [&pane] { return pane.findChild<ui::MessageCards *>()->findChild<QPushButton *>() != nullptr; });
}

void inspect(const Scene &scene, const mail::PartView &part)
{
    Q_EMIT scene.window.findChild<ui::PartsView *>()->inspectRequested(part);
}

/// A part in a window of its own.
void shootParts(const Stage &stage, Scene &scene, const QByteArray &name)
{
    const QList<mail::PartView> parts = scene.messages().message().parts;
    if (name == "read-attachments") {
        showView(scene, View::Structure);
        shoot(stage, &scene.window, "read-attachments-parts");
        for (const int part : {2, 5}) { // the picture and the program
            inspect(scene, parts.value(part));
            QTest::qWait(500);
            shootOthers(stage, scene, part == 2 ? "part-picture" : "part-octets");
        }
    } else if (name == "read-pdf") {
        inspect(scene, parts.constLast());
        const auto *tabs = paneOf(scene).findChild<ui::PartWindow *>()->findChild<QTabWidget *>();
        await([tabs] { return tabs->count() == 4; }); // that of the pages comes last
        shootOthers(stage, scene, "part-pdf");
    } else if (name == "read-report") {
        for (const mail::PartView &part : parts) {
            if (part.contentType == QLatin1String("message/rfc822"))
                Q_EMIT scene.window.findChild<ui::PartsView *>()->openRequested(part);
        }
        QTest::qWait(500);
        shootOthers(stage, scene, "message-window");
    }
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
    } else if (name == "read-contact") {
        pane.header().unsubscribe();
        again("-unsubscribe");
    } else if (name == "read-picture") {
        pane.html().loadPictures(); // of this computer, which mail from outside may not have asked
        const auto *bar = pane.findChild<ui::PictureBar *>();
        await([bar] { return bar->kind() == ui::InlineBar::Kind::Warning; });
        again("-failed");
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

/// HTML that is read a page at a time.
void shootLong(const Stage &stage, Scene &scene)
{
    ui::HtmlPane &html = paneOf(scene).html();
    paneOf(scene).setPreferredView(View::Html);
    QSignalSpy laidOut(html.view(), &ui::HtmlView::shown);
    if (!open(scene, sampleLong(QDateTime::currentSecsSinceEpoch()).message))
        return;
    if (await([&] { return !laidOut.isEmpty() && html.isPaged(); }))
        shoot(stage, &scene.window, "read-long");
    laidOut.clear();
    html.turnPage(1);
    if (await([&] { return !laidOut.isEmpty(); }))
        shoot(stage, &scene.window, "read-long-second");
}

/// What is wrong with a captured message, and a line of it in the source.
void shootChecks(const Stage &stage, Scene &scene)
{
    const mail::FolderId captured = inboxOf("captured");
    smtp::Envelope envelope;
    envelope.reversePath = {"app", "app.example.org"};
    envelope.recipients = {smtp::EnvelopeRecipient{{"bob", "example.test"}, {}, {}}};
    const QByteArray octets = octetsOf({"pages/messages/modern-css.eml", "checks", View::Checks});
    const auto id = test::awaited(scene.system.mailboxes().capture(captured, envelope, octets));
    if (!id)
        return;
    scene.area().loadFolders();
    scene.area().go({ui::Place::Kind::Folder, captured});
    if (!await(
            [&scene, &captured] { return scene.messages().folder() == captured && scene.rowsShown() > 0; }))
        return;
    scene.messages().list()->selectMessage(*id);
    await([&scene, &id] { return scene.messages().message().id == *id; });
    Q_EMIT scene.messages().list()->opened(*id);
    paneOf(scene).setView(View::Checks);
    const auto *rows = paneOf(scene).checks().findChild<QTreeWidget *>();
    if (!await([rows] { return rows->topLevelItemCount() > 0; }))
        return;
    shoot(stage, &scene.window, "checks");
    paneOf(scene).checks().showScreens();
    const auto screens = paneOf(scene).checks().screens().findChildren<QToolButton *>();
    if (await([&screens] {
            return std::all_of(
                screens.cbegin(), screens.cend(), [](const QToolButton *one) { return one->isEnabled(); });
        }))
        shoot(stage, &scene.window, "checks-screens");
    Q_EMIT paneOf(scene).checks().lineRequested(20);
    shoot(stage, &scene.window, "checks-source");
}

} // namespace

void shootReading(const Stage &stage, Scene &scene)
{
    scene.area().go({ui::Place::Kind::Folder, inboxOf("bob")});
    scene.area().showTranscript(false);
    if (!await([&scene] { return scene.messages().folder() == inboxOf("bob") && scene.rowsShown() > 0; }))
        return;
    shootLong(stage, scene);
    for (const Reading &reading : readings) {
        const QByteArray octets = octetsOf(reading);
        if (octets.isEmpty() || !open(scene, octets))
            continue;
        showView(scene, reading.view);
        awaitParts(scene, reading.name);
        shoot(stage, &scene.window, reading.name);
        shootParts(stage, scene, reading.name);
        shootFurther(stage, scene, reading.name);
    }
    shootChecks(stage, scene);
    paneOf(scene).setView(View::Html);
}
