// Makes the pictures that show whether the windows are any good: builds a data folder with realistic mail
// through the real MailSystem, opens the real windows, and writes a PNG for each scene.
//   screenshots FOLDER [--size 1400x900] [--dark] [--rtl] [--reading]      scale by QT_SCALE_FACTOR
#include "comparescenes.h"
#include "handlingscenes.h"
#include "mail/system/mailsystem.h"
#include "readingscenes.h"
#include "samplemail.h"
#include "samplepeer.h"
#include "scene.h"
#include "tests/support/awaited.h"
#include "tests/support/certificates.h"
#include "tests/support/composeservices.h"
#include "tests/support/memoryserver.h"
#include "ui/actions/actions.h"
#include "ui/actions/shortcutsheet.h"
#include "ui/centralarea.h"
#include "ui/compose/composewindow.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mainwindow.h"
#include "ui/message/deliverypane.h"
#include "ui/message/html/pageview.h"
#include "ui/message/messagepane.h"
#include "ui/message/receiptbar.h"
#include "ui/message/waterfallview.h"
#include "ui/queue/certificatebar.h"
#include "ui/queue/queueview.h"
#include "ui/theme/theme.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/widgets/emptystate.h"
#include "ui/words/plurals.h"

#include <QAction>
#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <cstdio>

using namespace glasspost;

namespace {

void submit(mail::MailSystem &system, const SampleMail &mail, const QList<QByteArray> &recipients)
{
    smtp::Envelope envelope;
    const auto mailbox = [](const QByteArray &address) {
        const qsizetype at = address.lastIndexOf('@');
        return smtp::Mailbox{address.left(at), address.mid(at + 1)};
    };
    envelope.reversePath = mailbox(mail.from);
    envelope.body = smtp::BodyType::EightBitMime;
    for (const QByteArray &recipient : recipients)
        envelope.recipients.append({mailbox(recipient), {}, {}});
    const auto sent = test::awaited(system.outbox().submitMessage(envelope, mail.message));
    if (!sent)
        std::fprintf(stderr, "screenshots: not submitted: %s\n", qUtf8Printable(sent.error().subject));
}

void fill(Scene &scene)
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QList<SampleMail> mails = sampleMail(198, now);
    while (!mails.isEmpty())
        submit(scene.system, mails.takeLast(), {"alice@example.test"});
    submit(scene.system, sampleWithAttachments(now - 700), {"alice@example.test"});
    const SampleMail last = samplePlain("maren@nordlys.example", "Re: Agenda for Thursday", now - 60);
    bring(scene.port(), last.from, {"alice@example.test"}, last.message);
    submit(scene.system, samplePlain("maren@nordlys.example", "Welcome, Bob", now - 90000),
        {"bob@example.test"});
    // All but the newest have been read.
    mail::RowQuery query;
    query.folder = inboxOf("alice");
    query.offset = 9;
    query.limit = 300;
    await([&scene] { return scene.rowsShown() >= 200; });
    QList<mail::MessageId> ids;
    const auto page = test::awaited(scene.system.mailboxes().rows(query));
    for (const mail::MessageRow &row : page.value_or(mail::RowPage()).rows)
        ids.append(row.id);
    (void)test::awaited(scene.system.mailboxes().setFlags(ids, mail::MessageFlag::Seen, {}));
}

void shootFirstStart(const Stage &stage)
{
    QTemporaryDir folder;
    Scene scene(folder.path(), stage, 0);
    const auto *empty = scene.messages().list()->parentWidget()->findChild<ui::EmptyState *>();
    await([empty] { return empty != nullptr && empty->isVisible(); });
    shoot(stage, &scene.window, "first-start");
    (*scene.window.findChild<ui::Actions *>())[ui::ActionId::TestMessage]->trigger();
    if (!await([&scene] { return scene.rowsShown() >= 1; }))
        return;
    QTest::qWait(1000); // its session is over
    scene.openMessage(0);
    scene.messages().pane()->setView(ui::MessagePane::View::Delivery);
    const ui::DeliveryPane &delivery = scene.messages().pane()->delivery();
    await([&delivery] { return delivery.findChild<ui::WaterfallView *>() != nullptr; });
    shoot(stage, &scene.window, "captured-delivery");
}

void shootMailbox(const Stage &stage, Scene &scene)
{
    scene.area().go({ui::Place::Kind::Folder, inboxOf("alice")});
    scene.area().showTranscript(false);
    await([&scene] { return scene.rowsShown() >= 200; });
    shoot(stage, &scene.window, "mailbox");
    scene.openMessage(0);
    shoot(stage, &scene.window, "message");
    scene.area().showSession(scene.messages().message().sessionId, 0);
    QTest::qWait(300);
    shoot(stage, &scene.window, "window"); // the one in the README
    scene.area().showTranscript(false);
    using View = ui::MessagePane::View;
    for (const auto &[view, name] : {std::pair(View::Source, "source"), std::pair(View::Structure, "headers"),
             std::pair(View::Delivery, "delivery")}) {
        scene.messages().pane()->setView(view);
        shoot(stage, &scene.window, name);
    }
    for (int row = 0; row < 12; ++row) {
        scene.openMessage(row);
        const mail::MessageView &message = scene.messages().message();
        if (!message.page.html.isEmpty()) {
            scene.messages().pane()->setView(View::Html);
            const auto *page = scene.window.findChild<ui::PageView *>();
            await([page] { return page->page() != nullptr; });
            QTest::qWait(300); // it is painted
            shoot(stage, &scene.window, "html");
        } else if (message.parts.size() > 4) {
            scene.messages().pane()->setView(View::Message);
            shoot(stage, &scene.window, "attachments");
        }
    }
    scene.messages().pane()->setView(View::Message);
}

void shootReceipt(const Stage &stage, Scene &scene)
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const SampleMail mail
        = samplePlain("maren@nordlys.example", "Please confirm: new mailbox on Friday", now);
    bring(scene.port(), mail.from, {"bob@example.test"},
        "Disposition-Notification-To: Maren Olsen <maren@nordlys.example>\n" + mail.message);
    scene.area().go({ui::Place::Kind::Folder, inboxOf("bob")});
    if (!await([&scene] { return scene.rowsShown() >= 2; }))
        return;
    scene.openMessage(0);
    const auto *bar = scene.window.findChild<ui::ReceiptBar *>();
    await([bar] { return bar->isVisible(); });
    shoot(stage, &scene.window, "receipt");
}

void shootSessions(const Stage &stage, Scene &scene)
{
    const quint16 port = scene.port();
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    scene.area().showTranscript(true);
    scene.area().transcript().showLive();
    bring(port, "app@app.example.org", {"alice@example.test"},
        samplePlain("app@app.example.org", "Invoice 2041", now).message);
    bring(port, "offers@bulk.example", {"nobody@example.test", "sales@example.test"}, {});
    QTest::qWait(700);
    shoot(stage, &scene.window, "transcript-live");
    auto *filter = scene.area().transcript().findChild<QLineEdit *>();
    filter->setText(QStringLiteral("verb:RCPT code:5xx reason:no"));
    shoot(stage, &scene.window, "transcript-filter");
    filter->clear();
    scene.area().transcript().model()->setOctetView(ui::OctetView::Hex);
    shoot(stage, &scene.window, "transcript-hex");
    scene.area().transcript().model()->setOctetView(ui::OctetView::Text);
    scene.area().go({ui::Place::Kind::Sessions, {}});
    shoot(stage, &scene.window, "sessions");
    scene.system.sessions().list(0, 20).then(
        &scene.window, [&scene](const mail::Result<QList<smtp::SessionFacts>> &found) {
            for (const smtp::SessionFacts &session : found.value_or(QList<smtp::SessionFacts>())) {
                if (session.outcome == smtp::SessionOutcome::Refused)
                    scene.area().showSession(session.id, 0);
            }
        });
    QTest::qWait(300);
    shoot(stage, &scene.window, "session-refused");
}

void shootQueue(const Stage &stage, Scene &scene)
{
    QByteArray last;
    const auto send = [&](const char *subject, const QList<QByteArray> &recipients, qint64 notBefore = 0) {
        mail::Draft draft;
        draft.id = mail::newDraftId();
        draft.from = QStringLiteral("Alice Example <alice@example.test>");
        draft.to = QString::fromUtf8(recipients.join(", "));
        draft.subject = QLatin1String(subject);
        draft.text = QStringLiteral("Hello,\n\nplease find it below.\n\nAlice");
        last = test::awaited(scene.system.outbox().submit(draft, {notBefore, {}}))
                   .value_or(mail::SubmitReceipt())
                   .queueId;
    };
    send("Minutes of Thursday", {"maren@example.org", "busy@example.org", "gone@example.org"});
    send("Contract for signing", {"busy@example.org"});
    send("Question about an old account", {"gone@example.org"});
    send("Holiday pictures", {"slow@example.org"});
    const qint64 inAnHour = QDateTime::currentMSecsSinceEpoch() + 3600 * 1000;
    send("Newsletter for the autumn: what changes, what stays, and how to reach us while we move",
        {"members@example.org"}, inAnHour);
    send("Offer, not to leave before Friday", {"maren@example.org"}, inAnHour);
    scene.system.outbox().act(mail::QueueAction::Hold, {last});
    scene.area().go({ui::Place::Kind::Outgoing, {}});
    scene.area().showTranscript(false);
    QTest::qWait(2500);
    shoot(stage, &scene.window, "queue");
    auto *view = scene.window.findChild<ui::QueueView *>();
    view->select(last);
    shoot(stage, &scene.window, "queue-detail");
    for (const auto &[action, name] : {std::pair(mail::QueueAction::Postpone, "queue-time"),
             std::pair(mail::QueueAction::Reroute, "queue-route")}) {
        view->act(action);
        shootOthers(stage, scene, name);
    }
    view->act(mail::QueueAction::Expire);
    shoot(stage, &scene.window, "queue-giving-up");
    scene.area().go({ui::Place::Kind::Folder, {QStringLiteral("alice"), QStringLiteral("Sent")}});
    QTest::qWait(300);
    scene.openMessage(0);
    scene.messages().pane()->setView(ui::MessagePane::View::Delivery);
    shoot(stage, &scene.window, "sent-delivery");
}

void shootPreferences(const Stage &stage, Scene &scene)
{
    using Page = ui::Preferences::Page;
    for (const auto &[page, name] :
        {std::pair(Page::Identity, "preferences-identity"), std::pair(Page::Outgoing, "preferences-outgoing"),
            std::pair(Page::Listener, "preferences-listener"),
            std::pair(Page::Capture, "preferences-capture"),
            std::pair(Page::Mailboxes, "preferences-mailboxes"),
            std::pair(Page::HandOn, "preferences-hand-on"), std::pair(Page::Delivery, "preferences-delivery"),
            std::pair(Page::Appearance, "preferences-appearance"),
            std::pair(Page::Rules, "preferences-rules")}) {
        scene.window.openPreferences(page);
        shootOthers(stage, scene, name);
    }
}

void shootDialogs(const Stage &stage, Scene &scene)
{
    mail::Draft draft;
    draft.id = mail::newDraftId();
    draft.from = QStringLiteral("Alice Example <alice@example.test>");
    draft.to = QStringLiteral("Maren Olsen <maren@nordlys.example>, jonas@weiss@example");
    draft.subject = QStringLiteral("Re: Agenda for Thursday");
    draft.text = QStringLiteral("Hello Maren,\n\nthe numbers are attached. Could you bring the");
    auto *composer = new ui::ComposeWindow(test::composeServices(scene.system), draft);
    composer->resize(std::min(stage.size.width(), 860), std::min(stage.size.height(), 620));
    composer->show();
    QTest::qWait(120);
    composer->send();
    shoot(stage, composer, "composer-error");
    composer->close();

    shootPreferences(stage, scene);
    (*scene.window.findChild<ui::Actions *>())[ui::ActionId::About]->trigger();
    shootOthers(stage, scene, "about");
    (*scene.window.findChild<ui::Actions *>())[ui::ActionId::Shortcuts]->trigger();
    shoot(stage, &scene.window, "shortcuts");
    scene.window.findChild<ui::ShortcutSheet *>()->hide();
}

/// A smarthost that moved to another name and kept its old certificate.
void shootCertificate(const Stage &stage, Scene &scene)
{
    using namespace test;
    const Certified authority = makeCertificate({"Example Authority", CertificateWish::Use::Authority});
    const Certified identity = makeCertificate({"smtp.old-name.example"}, &authority);
    const House house([&](smtp::ServerSettings &settings) {
        settings.identity = {{identity.certificate, authority.certificate}, identity.key};
    });
    mail::Settings settings = scene.system.settings().value();
    settings.route.port = house.bound.port;
    settings.route.tls = smtp::TlsMode::Required;
    settings.route.verifyCertificate = true;
    scene.system.settings().set(settings);
    submit(scene.system, samplePlain("alice@example.test", "Offer for the autumn", 0),
        {"maren@nordlys.example"});
    scene.area().go({ui::Place::Kind::Outgoing, {}});
    auto *bar = scene.window.findChild<ui::CertificateBar *>();
    if (!await([bar] { return bar->isVisible(); }))
        return;
    auto *list = scene.window.findChild<ui::QueueView *>()->list();
    list->setCurrentIndex(list->model()->index(0, 0));
    shoot(stage, &scene.window, "queue-certificate");
    bar->findChild<QPushButton *>()->click();
    shootOthers(stage, scene, "certificate");
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    QCommandLineParser line;
    line.addPositionalArgument(QStringLiteral("folder"), QStringLiteral("where the pictures go"));
    line.addOption({QStringLiteral("size"), QStringLiteral("of the window"), QStringLiteral("WxH"),
        QStringLiteral("1400x900")});
    line.addOption({QStringLiteral("dark"), QStringLiteral("with the dark palette")});
    line.addOption({QStringLiteral("rtl"), QStringLiteral("mirrored, as for Arabic and Hebrew")});
    line.addOption({QStringLiteral("reading"), QStringLiteral("only the windows that mail is read in")});
    line.addOption({QStringLiteral("suffix"), QStringLiteral("of the file names"), QStringLiteral("text")});
    line.addHelpOption();
    line.process(application);
    if (line.positionalArguments().size() != 1)
        line.showHelp(64);

    ui::applyTheme();
    ui::EnglishPlurals english;
    QCoreApplication::installTranslator(&english);
    QApplication::setPalette(line.isSet(QStringLiteral("dark")) ? ui::darkPalette() : ui::lightPalette());
    if (line.isSet(QStringLiteral("rtl")))
        QApplication::setLayoutDirection(Qt::RightToLeft);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    const QStringList sides = line.value(QStringLiteral("size")).split(QLatin1Char('x'));
    const Stage stage{line.positionalArguments().first(), line.value(QStringLiteral("suffix")),
        {sides.value(0).toInt(), sides.value(1).toInt()}};
    QDir().mkpath(stage.folder);

    const bool isReadingAlone = line.isSet(QStringLiteral("reading"));
    if (!isReadingAlone)
        shootFirstStart(stage);
    QTemporaryDir data;
    SamplePeer peer;
    Scene scene(data.path(), stage, peer.serverPort());
    if (!scene.ready) {
        std::fprintf(stderr, "screenshots: the mail system did not start\n");
        return 1;
    }
    fill(scene);
    if (!isReadingAlone) {
        shootMailbox(stage, scene);
        shootHandling(stage, scene);
        shootReceipt(stage, scene);
        shootSessions(stage, scene);
        shootQueue(stage, scene);
        shootComparisons(stage, scene);
        shootDialogs(stage, scene);
        shootCertificate(stage, scene);
    }
    shootReading(stage, scene);
    return 0;
}
