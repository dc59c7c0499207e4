#include "mail/message/messagereader.h"
#include "mail/queue/statefile.h"
#include "tests/support/runningmail.h"
#include "ui/compose/filestrip.h"
#include "ui/compose/recipientchip.h"
#include "ui/mailbox/messagelistmodel.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/message/deliverypane.h"
#include "ui/message/html/pageview.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messageattachments.h"
#include "ui/message/messageheader.h"
#include "ui/message/messagepane.h"
#include "ui/message/structureview.h"
#include "ui/message/subjectline.h"
#include "ui/message/textview.h"
#include "ui/queue/queuemodel.h"
#include "ui/sessions/sessionsmodel.h"
#include "ui/status/mainstatus.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTextDocument>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

#include <ctime>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// HTML in which the pointer comes upon a link when a test says so.
class HoveredPage : public PageView
{
public:
    void hover(const QString &target) { Q_EMIT linkHovered(target, target); }
};

/// The longest time that this thread was busy without a turn of the event loop, in milliseconds of its own
/// processor time, so that what else the machine does is not counted.
class LongestTurn
{
public:
    LongestTurn()
    {
        m_timer.setInterval(0);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { note(); });
        m_timer.start();
        m_last = now();
    }
    void note()
    {
        const double time = now();
        m_longest = qMax(m_longest, time - m_last);
        m_last = time;
    }
    [[nodiscard]] double longest() const { return m_longest; }

private:
    static double now()
    {
        timespec time = {};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return double(time.tv_sec) * 1000 + double(time.tv_nsec) / 1e6;
    }

    QTimer m_timer;
    double m_last = 0, m_longest = 0;
};

/// Milliseconds. 50 is the aim; on a slow machine it is three times that, and with sanitizers laying out
/// takes five to eight times as long.
#ifdef __SANITIZE_ADDRESS__
constexpr double longestAllowed = 400;
#else
constexpr double longestAllowed = 150;
#endif

/// What of a model's texts Qt would take for HTML when the pointer rests on it.
QStringList richTips(const QAbstractItemModel &model, const QModelIndex &parent = {})
{
    QStringList found;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        for (int column = 0; column < model.columnCount(parent); ++column) {
            const QModelIndex index = model.index(row, column, parent);
            const QString tip = index.data(Qt::ToolTipRole).toString();
            if (Qt::mightBeRichText(tip))
                found += tip;
            if (column == 0)
                found += richTips(model, index);
        }
    }
    return found;
}

/// The same of a widget with all it holds: tooltips, labels that guess, markup that is not our own.
QStringList richTexts(const QWidget &widget)
{
    QStringList found;
    QList<const QWidget *> all = {&widget};
    for (const QWidget *child : widget.findChildren<QWidget *>())
        all += child;
    for (const QWidget *one : all) {
        if (Qt::mightBeRichText(one->toolTip()))
            found += one->toolTip();
        const auto *label = qobject_cast<const QLabel *>(one);
        if (label != nullptr
            && (label->textFormat() == Qt::AutoText
                || (label->textFormat() == Qt::RichText && label->text().contains(QLatin1String("<img")))))
            found += label->text();
        if (const auto *view = qobject_cast<const QAbstractItemView *>(one); view && view->model())
            found += richTips(*view->model());
        for (const QAction *action : one->actions())
            if (Qt::mightBeRichText(action->toolTip()))
                found += action->toolTip();
    }
    return found;
}

mail::MessageView messageOf(const QString &text)
{
    mail::MessageView message;
    message.subject = text;
    message.from = {{text, QStringLiteral("e@example.net")}};
    message.to = QList<mail::AddressView>(20, {text, text});
    message.header = {{text, text}};
    mail::PartView part;
    part.contentType = text;
    part.fileName = text;
    part.charset = text;
    part.isAttachment = true;
    message.parts = {part};
    return message;
}

mail::QueueEntry queuedOf(const QString &text)
{
    mail::QueueEntry entry;
    entry.id = "1";
    entry.subject = text;
    mail::QueueRecipient recipient;
    recipient.recipient.forwardPath = {text.toUtf8(), "example.net"};
    smtp::RecipientReport report;
    report.at = 1;
    report.result = smtp::DeliveryResult::Refused;
    report.command = text.toUtf8();
    report.reply.code = 550;
    report.reply.lines = {text.toUtf8()};
    recipient.progress = mail::Ended{mail::Ended::Outcome::Failed, 1, report};
    entry.recipients = {recipient};
    return entry;
}

smtp::SessionFacts sessionOf(const QString &text)
{
    smtp::SessionFacts facts;
    facts.id = "1";
    facts.peerName = text.toUtf8();
    facts.tls = text.toUtf8();
    facts.startedAt = 1700000000000000;
    return facts;
}

mail::FolderInfo folderOf(const QString &text)
{
    mail::FolderInfo folder;
    folder.id = {text, text};
    return folder;
}

/// A model of one message of that name.
std::unique_ptr<MessageListModel> listOf(const QString &text)
{
    RowSource source;
    source.rows = [text](const mail::RowQuery &query, const std::stop_token &) {
        mail::MessageRow row;
        row.id = {query.folder, "1"};
        row.fromName = row.fromAddress = row.subject = row.to = text;
        mail::RowPage page;
        page.query = query;
        page.total = 1;
        page.rows = {row};
        return mail::Task<mail::RowPage>(page);
    };
    auto model = std::make_unique<MessageListModel>(source);
    mail::RowQuery query;
    query.folder = {QStringLiteral("alice"), {}};
    model->setQuery(query);
    [&model] { QTRY_VERIFY(!model->isLoading()); }();
    return model;
}

} // namespace

class ReadingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void showsTextOfPeersAsItIs_data();
    void showsTextOfPeersAsItIs();
    void boundsTooltips();
    void neverStalls_data();
    void neverStalls();
    void copiesLongLinesWhole();
    void saysHowItCame_data();
    void saysHowItCame();
    void saysHowItLeft();
    void saysThatTheRecordIsGone();
    void showsALongSubjectOnRequest_data();
    void showsALongSubjectOnRequest();

private:
    QTemporaryDir m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
};

void ReadingTest::initTestCase()
{
    m_system = std::make_unique<mail::MailSystem>(m_folder.path());
    QVERIFY(test::start(*m_system));
}

void ReadingTest::showsTextOfPeersAsItIs_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("T84 a picture of a local file") << QStringLiteral("<img src=/dev/zero>");
    QTest::newRow("T84 words before it") << QStringLiteral("Ann <img src=\"file:///etc/passwd\"> Bee");
    QTest::newRow("T84 blanks before it") << QStringLiteral("   <IMG\nSRC=/dev/zero>");
    QTest::newRow("T84 a document") << QStringLiteral("<!DOCTYPE html><p>x");
    QTest::newRow("T84 XML before it") << QStringLiteral("<?xml version=\"1.0\"?><html>");
    QTest::newRow("T84 an entity") << QStringLiteral("&lt;b>");
    QTest::newRow("T84 a table") << QStringLiteral("<table cellpadding=99999999><tr><td>x");
    QTest::newRow("T84 a tag in pieces of two lines") << QStringLiteral("<\nimg src=/dev/zero>");
    QTest::newRow("T84 Qt's own element") << QStringLiteral("<qt><img src=:/x></qt>");
}

void ReadingTest::showsTextOfPeersAsItIs()
{
    QFETCH(QString, text);
    QVERIFY(!Qt::mightBeRichText(plainToolTip(text)));
    // Nothing else is changed.
    QCOMPARE(plainToolTip(text).remove(QChar(0x2060)), text);

    const mail::MessageView message = messageOf(text);
    MessageHeader header;
    header.show(message);
    QCOMPARE(richTexts(header), QStringList());
    MessageAttachments attachments;
    attachments.show(message.parts);
    QCOMPARE(richTexts(attachments), QStringList());
    StructureView structure;
    structure.show(message);
    QCOMPARE(richTexts(structure), QStringList());
    DeliveryPane delivery;
    delivery.show({{Tone::Neutral, text, text, {text}, text, 1, "1"}}, text);
    QCOMPARE(richTexts(delivery), QStringList());
    auto *page = new HoveredPage;
    HtmlPane html(m_system->settings(), page);
    mail::MessageView heldBack = message;
    heldBack.page.html = QStringLiteral("x");
    heldBack.page.remotePictures = {QStringLiteral("http://") + text};
    heldBack.from = {{text, text}};
    html.show(heldBack);
    page->hover(QStringLiteral("http://x/?") + text);
    QCOMPARE(richTexts(html), QStringList());

    QCOMPARE(richTips(*listOf(text)), QStringList());
    QueueModel queue;
    queue.setEntries({queuedOf(text)});
    QCOMPARE(richTips(queue), QStringList());
    SessionsModel sessions;
    sessions.merge({sessionOf(text)});
    QCOMPARE(richTips(sessions), QStringList());
    PlacesModel places;
    places.setFolders({folderOf(text)});
    QCOMPARE(richTips(places), QStringList());

    MainStatus status;
    status.tellRefusal(text);
    QCOMPARE(richTexts(status), QStringList());
    EmptyState empty(IconName::Inbox, text, text);
    QCOMPARE(richTexts(empty), QStringList());
    InlineBar bar;
    bar.say(InlineBar::Kind::Error, text);
    QCOMPARE(richTexts(bar), QStringList());
    const RecipientChip chip(text, RecipientChip::Health::Good);
    QCOMPARE(richTexts(chip), QStringList());
    FileStrip files;
    files.setAttachments({{text, text, {}}});
    QCOMPARE(richTexts(files), QStringList());
}

void ReadingTest::boundsTooltips()
{
    const QString long1 = plainToolTip(QString(1000000, u'x'));
    QVERIFY(long1.size() < 2100);
    for (const QString &line : long1.split(u'\n'))
        QVERIFY(line.size() <= 120);
    QCOMPARE(plainToolTip(QStringLiteral("a\n\nb")), QStringLiteral("a\n\nb"));
    // A character of two code units is never cut in two.
    const QString faces = QStringLiteral("x") + QString(QStringLiteral("\U0001F600")).repeated(5000);
    QVERIFY(plainToolTip(faces).isValidUtf16());
    QVERIFY(shortened(faces, 1001).isValidUtf16());
    QCOMPARE(shortened(QStringLiteral("abc"), 3), QStringLiteral("abc"));
    QCOMPARE(shortened(QStringLiteral("abcd"), 3), QStringLiteral("ab…"));
}

void ReadingTest::neverStalls_data()
{
    QTest::addColumn<QByteArray>("source");
    const auto text = [](const char *name, const QByteArray &body) {
        QTest::newRow(name) << QByteArray("Subject: x\n\n") + body;
    };
    text("T92 a line of a megabyte", QByteArray(1000000, 'x'));
    text("T92 a line of nine megabytes", QByteArray(9000000, 'x'));
    text("T92 a line of a megabyte of blanks and words", QByteArray("word ").repeated(200000));
    text("T92 a line of right-to-left letters", QByteArray("\xd7\x90").repeated(10000));
    text("T92 a line of combining marks", "e" + QByteArray("\xcc\x81").repeated(10000));
    text("T92 a line of quotes and links", "> " + QByteArray("http://a.example/").repeated(10000));
    text("T92 many lines", QByteArray("> a line of some words, and http://a.example/\n").repeated(3000));
    text("T92 many empty lines", QByteArray(300000, '\n'));
    for (const QByteArray field : {"Subject", "From", "To", "X-Other"})
        QTest::newRow("T92 a megabyte in " + field.toLower())
            << field + ": " + QByteArray(1000000, 'x') + "\n\nx";
    QTest::newRow("T92 a megabyte of a name") << "To: \"" + QByteArray(1000000, 'x') + "\" <a@b>\n\nx";
    QTest::newRow("T92 ten thousand recipients")
        << "To: a@b" + QByteArray(", Ann Bee <a@b>").repeated(10000) + "\n\nx";
    QTest::newRow("T92 many fields") << QByteArray("X-Field: some words\n").repeated(10000) + "\nx";
    QTest::newRow("T92 many attachments") << "Content-Type: multipart/mixed; boundary=b\n\n"
            + QByteArray("--b\nContent-Type: image/png; name=a.png\n\nx\n").repeated(9000);

    const auto html = [](const char *name, const QByteArray &body) {
        QTest::newRow(name) << QByteArray("Content-Type: text/html\n\n") + body;
    };
    html("T91 cellpadding", "<table cellpadding=99999999><tr><td>x</table>");
    html("T91 cellspacing", "<table cellspacing=99999999><tr><td>x<td>y</table>");
    html("T91 border", "<table border=99999999><tr><td>x</table>");
    html("T91 width and height", "<table width=99999999 height=99999999><tr><td width=99999999>x</table>");
    html("T91 rowspan and colspan",
        QByteArray("<table><tr><td rowspan=1000 colspan=1000>x</table>").repeated(2000));
    html(
        "T91 rowspan in every row", "<table>" + QByteArray("<tr><td rowspan=50 colspan=50>x").repeated(2000));
    html("T101 colspan in 200 rows", "<table>" + QByteArray("<tr><td colspan=20000>x").repeated(200));
    html("T101 20,000 rows of 10", "<table>" + ("<tr>" + QByteArray("<td>x").repeated(10)).repeated(20000));
    html("T101 one row of 5,000", "<table><tr>" + QByteArray("<td>x").repeated(5000));
    html("T101 many tables", QByteArray("<table><tr><td>x</table>").repeated(3000));
    html("T101 tables in tables", QByteArray("<table><tr><td>x").repeated(3000));
    html("T101 tables of tables of tables",
        ("<table>"
            + ("<tr><td><table>" + QByteArray("<tr><td><table><tr><td>x<td>y</table>").repeated(10)
                + "</table>")
                  .repeated(10)
            + "</table>")
            .repeated(20));
    html(
        "T91 font sizes", QByteArray("<p style='font-size:99999999px'>x<font size=99999999>y").repeated(100));
    html("T91 margins", QByteArray("<p style='margin:99999999px;text-indent:-99999999px'>x").repeated(100));
    html("T91 list starts", "<ol type=i start=99999999>" + QByteArray("<li>x").repeated(2000));
    html("T91 list items", "<ul>" + QByteArray("<li>x").repeated(3000));
    html("T91 lists in lists", QByteArray("<ul><li>x").repeated(5000));
    html("T91 elements", QByteArray("<b>x</b><i>y</i> ").repeated(5000));
    html("T91 elements in elements", QByteArray("<div><span>x").repeated(5000));
    html("T91 line ends", QByteArray("x<br>").repeated(10000));
    html("T91 one word", QByteArray(1000000, 'x'));
    html("T91 one paragraph", QByteArray("word ").repeated(200000));
    html("T91 one preformatted line", "<pre>" + QByteArray(1000000, 'x'));
    html("T91 paragraphs", QByteArray("<p>x").repeated(10000));
}

void ReadingTest::neverStalls()
{
    QFETCH(QByteArray, source);
    const mail::MessageView message = mail::readMessage(source);
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.resize(700, 600);
    pane.setVisible(true);
    QVERIFY(QTest::qWaitForWindowExposed(&pane));
    QTest::qWait(1);
    const auto settle = [](LongestTurn &turn) {
        for (int turns = 0; turns < 6; ++turns)
            QTest::qWait(1);
        turn.note();
    };
    LongestTurn turn;
    using View = MessagePane::View;
    pane.setView(message.page.html.isEmpty() ? View::Message : View::Html);
    pane.show(message);
    settle(turn);
    QVERIFY2(
        turn.longest() < longestAllowed, qPrintable(QStringLiteral("opening: %1 ms").arg(turn.longest())));
    for (const View view : {View::Message, View::Source, View::Structure}) {
        pane.setView(view);
        settle(turn);
        QVERIFY2(turn.longest() < longestAllowed,
            qPrintable(QStringLiteral("view %1: %2 ms").arg(int(view)).arg(turn.longest())));
    }
    pane.setView(message.page.html.isEmpty() ? View::Message : View::Html);
    pane.resize(900, 700);
    settle(turn);
    QVERIFY2(
        turn.longest() < longestAllowed, qPrintable(QStringLiteral("resizing: %1 ms").arg(turn.longest())));
}

void ReadingTest::copiesLongLinesWhole()
{
    const QString text = QString(10000, u'x') + QStringLiteral("\nshort\n") + QString(5000, u'y')
        + QStringLiteral("\U0001F600").repeated(3000);
    TextView view(TextView::Look::Prose);
    view.showText(text);
    QTRY_VERIFY(!view.isFilling());
    view.selectAll();
    view.copy();
    QCOMPARE(QGuiApplication::clipboard()->text(), text);
}

void ReadingTest::saysHowItCame_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("words");
    QTest::newRow("T67 imported to the Inbox") << QString() << QStringLiteral("it was imported");
    QTest::newRow("T67 imported to a folder")
        << QStringLiteral("Archive") << QStringLiteral("it was imported");
    QTest::newRow("T67 in Sent") << QStringLiteral("Sent") << QStringLiteral("did not leave by SMTP");
}

QString deliveryTold(const MessagePane &pane)
{
    QStringList said;
    for (const QLabel *label : pane.findChild<DeliveryPane *>()->findChildren<QLabel *>())
        said.append(label->text());
    return said.join(u'\n');
}

/// Of a message that no session brought.
void ReadingTest::saysHowItCame()
{
    QFETCH(QString, folder);
    QFETCH(QString, words);
    mail::MessageView message = mail::readMessage("Subject: x\n\ntext\n");
    message.id = {{QStringLiteral("alice"), folder}, "1"};
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.resize(700, 600);
    pane.setVisible(true);
    pane.show(message);
    pane.setView(MessagePane::View::Delivery);
    const QString said = deliveryTold(pane);
    QVERIFY2(said.contains(words), qUtf8Printable(said));
}

/// Of a message in Sent whose delivery is over, and in the queue no more.
void ReadingTest::saysHowItLeft()
{
    mail::QueueEntry entry;
    entry.id = "Q1";
    entry.attemptSessionIds = {"S1", "S2"};
    mail::QueueRecipient bob;
    bob.recipient.forwardPath = {"bob", "example.net"};
    smtp::RecipientReport report;
    report.result = smtp::DeliveryResult::Refused;
    report.stage = smtp::DeliveryStage::Rcpt;
    report.reply = {550, {5, 1, 1}, {"No such user"}};
    report.at = 1;
    bob.progress = mail::Ended{mail::Ended::Outcome::Failed, 2, report};
    entry.recipients = {bob};
    QFile record(m_folder.filePath(QStringLiteral("queue/done/Q1.json")));
    QVERIFY(record.open(QIODevice::WriteOnly) && record.write(mail::writeState(entry)) > 0);
    record.close();
    mail::MessageView message = mail::readMessage("Subject: x\n\ntext\n");
    message.id = {{QStringLiteral("alice"), QStringLiteral("Sent")}, "1"};
    message.queueId = entry.id;
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    const QSignalSpy sessions(&pane, &MessagePane::sessionsKnown);
    pane.show(message);
    pane.setView(MessagePane::View::Delivery);
    QTRY_VERIFY2(
        deliveryTold(pane).contains(QLatin1String("bob@example.net")), qUtf8Printable(deliveryTold(pane)));
    QVERIFY2(deliveryTold(pane).contains(QLatin1String("No such user")), qUtf8Printable(deliveryTold(pane)));
    QCOMPARE(sessions.constLast().constFirst().value<QList<QByteArray>>(), entry.attemptSessionIds);
}

void ReadingTest::saysThatTheRecordIsGone()
{
    mail::MessageView message = mail::readMessage("Subject: x\n\ntext\n");
    message.id = {{QStringLiteral("alice"), QStringLiteral("Sent")}, "1"};
    message.queueId = "Q2";
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.show(message);
    pane.setView(MessagePane::View::Delivery);
    QTRY_VERIFY2(
        deliveryTold(pane).contains(QLatin1String("no longer kept")), qUtf8Printable(deliveryTold(pane)));
}

void ReadingTest::showsALongSubjectOnRequest_data()
{
    QTest::addColumn<QString>("subject");
    QTest::newRow("T43 1,600 characters of words") << QStringLiteral("word ").repeated(320).trimmed();
    QTest::newRow("T43 1,600 characters of one word") << QStringLiteral("word").repeated(400);
    QTest::newRow("T43 three lines of words") << QStringLiteral("word ").repeated(40).trimmed();
}

void ReadingTest::showsALongSubjectOnRequest()
{
    QFETCH(QString, subject);
    MessageHeader header;
    header.resize(600, 200);
    mail::MessageView message;
    message.subject = subject;
    header.show(message);
    header.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&header));
    auto *more = header.findChild<SubjectLine *>()->findChild<QToolButton *>();
    QVERIFY(!more->isHidden());
    const int height = header.sizeHint().height();
    const auto shown = [&header] {
        for (const QLabel *label : header.findChildren<QLabel *>())
            if (label->text().startsWith(QLatin1String("word")))
                return label;
        return static_cast<const QLabel *>(nullptr);
    };
    QVERIFY(shown()->heightForWidth(shown()->width()) <= 3 * shown()->fontMetrics().lineSpacing());
    more->click();
    QCOMPARE(shown()->text().remove(QChar(0x200B)), subject);
    QVERIFY(shown()->heightForWidth(shown()->width()) > 2 * shown()->fontMetrics().lineSpacing());
    QVERIFY(header.sizeHint().height() >= height);
    message.subject = QStringLiteral("short");
    header.show(message);
    QVERIFY(more->isHidden());
}

QTEST_MAIN(ReadingTest)
#include "tst_reading.moc"
