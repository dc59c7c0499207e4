#include "mail/settings/settings.h"
#include "tests/support/choose.h"
#include "tests/support/fakeoutbox.h"
#include "ui/actions/actions.h"
#include "ui/mailnews.h"
#include "ui/message/messageattachments.h"
#include "ui/message/messageheader.h"
#include "ui/message/partmenu.h"
#include "ui/queue/queuestate.h"
#include "ui/queue/queuewatch.h"
#include "ui/status/listenerchip.h"
#include "ui/status/mainstatus.h"
#include "ui/theme/glasspoststyle.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/connectionfields.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/listenerhint.h"
#include "ui/widgets/windowsize.h"
#include "ui/words/addresstext.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"
#include "ui/words/plurals.h"
#include "ui/words/sessiontext.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QMainWindow>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStackedWidget>
#include <QStyleFactory>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// How far from each side of the picture anything is drawn.
QMargins blankSides(const QImage &image)
{
    const auto isBlank = [&](int x) {
        for (int y = 0; y < image.height(); ++y) {
            if (image.pixel(x, y) != image.pixel(0, 0))
                return false;
        }
        return true;
    };
    int left = 0;
    while (left < image.width() && isBlank(left))
        ++left;
    int right = 0;
    while (right < image.width() && isBlank(image.width() - 1 - right))
        ++right;
    return {left, 0, right, 0};
}

} // namespace

class TestWidgets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void relativeTimes_data()
    {
        QTest::addColumn<QDateTime>("then");
        QTest::addColumn<QString>("words");
        const QDate day(2026, 11, 23);
        QTest::newRow("now") << QDateTime(day, QTime(11, 59, 40)) << QStringLiteral("just now");
        QTest::newRow("minutes") << QDateTime(day, QTime(11, 55)) << QStringLiteral("5 min ago");
        QTest::newRow("hours") << QDateTime(day, QTime(9, 0)) << QStringLiteral("3 h ago");
        QTest::newRow("yesterday") << QDateTime(day.addDays(-1), QTime(23, 59))
                                   << QStringLiteral("yesterday");
        QTest::newRow("this year") << QDateTime(QDate(2026, 2, 3), QTime(9, 0)) << QStringLiteral("3 Feb");
        QTest::newRow("another year")
            << QDateTime(QDate(2019, 2, 3), QTime(9, 0)) << QStringLiteral("3 Feb 2019");
        QTest::newRow("a clock ahead") << QDateTime(day.addDays(2), QTime(9, 0)) << QStringLiteral("25 Nov");
    }
    void relativeTimes()
    {
        QFETCH(QDateTime, then);
        const QDateTime now(QDate(2026, 11, 23), QTime(12, 0));
        QTEST(relativeTime(then.toSecsSinceEpoch(), now), "words");
    }

    void englishPlurals()
    {
        EnglishPlurals english;
        QCoreApplication::installTranslator(&english);
        const auto words
            = [](int n) { return QCoreApplication::translate("any", "%n message(s)", nullptr, n); };
        QCOMPARE(words(0), QStringLiteral("0 messages"));
        QCOMPARE(words(1), QStringLiteral("1 message"));
        QCOMPARE(words(12), QStringLiteral("12 messages"));
        const auto matches
            = [](int n) { return QCoreApplication::translate("any", "%n match(es)", nullptr, n); };
        QCOMPARE(matches(1), QStringLiteral("1 match"));
        QCOMPARE(matches(2), QStringLiteral("2 matches"));
        QCOMPARE(QCoreApplication::translate("any", "Line(s)"), QStringLiteral("Line(s)"));
    }

    void encryptionTakesItsPortAlong_data()
    {
        using smtp::TlsMode;
        QTest::addColumn<bool>("hasUsualPorts");
        QTest::addColumn<int>("before");
        QTest::addColumn<TlsMode>("tls");
        QTest::addColumn<int>("after");
        QTest::addColumn<bool>("mustFit");
        QTest::newRow("TLS from the first octet") << true << 587 << TlsMode::Implicit << 465 << true;
        QTest::newRow("STARTTLS again") << true << 465 << TlsMode::Required << 587 << true;
        QTest::newRow("STARTTLS when offered") << true << 25 << TlsMode::Opportunistic << 587 << false;
        QTest::newRow("in clear") << true << 465 << TlsMode::None << 25 << false;
        QTest::newRow("a port of one's own") << true << 2525 << TlsMode::Implicit << 2525 << true;
        QTest::newRow("no usual ports") << false << 465 << TlsMode::Required << 465 << true;
    }
    void encryptionTakesItsPortAlong()
    {
        QFETCH(const bool, hasUsualPorts);
        QFETCH(const int, before);
        QFETCH(const smtp::TlsMode, tls);
        QWidget page;
        auto *form = new QFormLayout(&page);
        ConnectionFields fields(&page);
        fields.addTo(*form);
        if (hasUsualPorts)
            fields.setUsualPorts(ConnectionFields::UsualPorts{25, 587, 465});
        mail::OutgoingRoute route;
        route.port = quint16(before);
        route.verifyCertificate = false;
        fields.load(route);
        const QSignalSpy changed(&fields, &ConnectionFields::changed);
        auto *choice = page.findChild<QComboBox *>();
        test::choose(*choice, choice->findData(int(tls)));
        fields.store(route);
        QCOMPARE(route.tls, tls);
        QTEST(int(route.port), "after");
        QTEST(route.verifyCertificate, "mustFit");
        QVERIFY(!changed.isEmpty());
    }

    void untilWords_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("words");
        QTest::newRow("past") << qint64(-5) << QStringLiteral("now");
        QTest::newRow("seconds") << qint64(40) << QStringLiteral("in 40 s");
        QTest::newRow("minutes") << qint64(240) << QStringLiteral("in 4 min");
        QTest::newRow("hours") << qint64(3 * 3600) << QStringLiteral("in 3 h");
    }
    void untilWords()
    {
        QFETCH(qint64, seconds);
        const QDateTime now = QDateTime::fromMSecsSinceEpoch(1000000);
        QTEST(untilText(1000000 + seconds * 1000, now), "words");
    }

    void sizesHaveOneDecimalAndAUnit()
    {
        QCOMPARE(sizeText(1234567), QStringLiteral("1.2 MB"));
        QCOMPARE(sizeText(1500), QStringLiteral("1.5 kB"));
        QCOMPARE(sizeText(1), QStringLiteral("1 byte"));
    }

    void tonesCanBeRead_data()
    {
        QTest::addColumn<QPalette>("palette");
        QTest::newRow("light") << lightPalette();
        QTest::newRow("dark") << darkPalette();
        QPalette grey(QColor(0xd4, 0xd0, 0xc8));
        QTest::newRow("a desktop's grey") << grey;
    }
    void tonesCanBeRead()
    {
        QFETCH(QPalette, palette);
        for (const Tone tone :
            {Tone::Neutral, Tone::Accepted, Tone::Deferred, Tone::Refused, Tone::Transit}) {
            const QColor ink = toneColor(palette, tone);
            QVERIFY(contrast(ink, palette.color(QPalette::Base)) >= 4.5);
            QVERIFY(contrast(ink, toneFill(palette, tone)) >= 4.5);
        }
        QVERIFY(contrast(mutedText(palette), palette.color(QPalette::Base)) >= 4.5);
        QVERIFY(contrast(mutedText(palette), palette.color(QPalette::Window)) >= 4.5);
    }

    void ownPalettesCanBeRead_data() { tonesCanBeRead_data(); }
    void ownPalettesCanBeRead()
    {
        QFETCH(QPalette, palette);
        if (QLatin1String(QTest::currentDataTag()).startsWith(QLatin1String("a ")))
            return;
        QVERIFY(contrast(palette.color(QPalette::Text), palette.color(QPalette::Base)) >= 7);
        QVERIFY(
            contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) >= 4.5);
        QVERIFY(contrast(palette.color(QPalette::PlaceholderText), palette.color(QPalette::Base)) >= 4.5);
    }

    void everyIconIsDrawn()
    {
        for (int name = 0; name <= int(IconName::Tag); ++name) {
            // As the eye weighs it: not multiplied by the opacity already.
            const QImage image
                = iconPixmap(IconName(name), Qt::red, 24, 1).toImage().convertToFormat(QImage::Format_ARGB32);
            bool drawn = false;
            for (int y = 0; y < image.height() && !drawn; ++y) {
                for (int x = 0; x < image.width() && !drawn; ++x)
                    drawn = qAlpha(image.pixel(x, y)) > 128 && qRed(image.pixel(x, y)) > 200;
            }
            QVERIFY2(drawn, qPrintable(QString::number(name)));
        }
    }

    void everyActionHasTextIconAndTip()
    {
        QMainWindow window;
        const Actions actions(&window);
        QHash<QKeySequence, QString> taken;
        for (const ActionSpec &spec : actionTable()) {
            const QAction *action = actions[spec.id];
            QVERIFY(!action->text().isEmpty());
            QVERIFY(!action->icon().isNull());
            QVERIFY2(!action->toolTip().isEmpty(), qPrintable(action->text()));
            for (const QKeySequence &key : action->shortcuts()) {
                QVERIFY2(!taken.contains(key), qPrintable(key.toString() + taken.value(key)));
                taken.insert(key, action->text());
            }
        }
        QVERIFY(actions[ActionId::Reply]->toolTip().contains(QStringLiteral("(R)")));
    }

    void errorsNameWhatAndWhatToDo()
    {
        for (const mail::ErrorCode code : {mail::ErrorCode::NotFound, mail::ErrorCode::NoMailbox,
                 mail::ErrorCode::NotPermitted, mail::ErrorCode::NoSpace, mail::ErrorCode::InUse,
                 mail::ErrorCode::Damaged, mail::ErrorCode::NotAMessage, mail::ErrorCode::BadAddress,
                 mail::ErrorCode::BadSettings, mail::ErrorCode::InputOutput, mail::ErrorCode::StillQueued}) {
            const QString words = errorText({code, QStringLiteral("/data/x"), QStringLiteral("reason 5")});
            QVERIFY2(words.contains(QStringLiteral("/data/x")), qPrintable(words));
            QVERIFY(words.endsWith(QLatin1Char('.')) || words.endsWith(QLatin1Char(')')));
        }
    }

    void namesAMailboxThatNeverWas()
    {
        QCOMPARE(errorText({mail::ErrorCode::NoMailbox, QStringLiteral("captured"), {}}),
            QStringLiteral("There is no mailbox named captured."));
    }

    void barDoesItsButtonAndGoes()
    {
        InlineBar bar;
        bar.say(InlineBar::Kind::Info, QStringLiteral("1 message moved"));
        int undone = 0;
        QPushButton *undo = bar.addButton(QStringLiteral("Undo"), [&undone] { ++undone; });
        QVERIFY(!bar.isHidden());
        QTest::mouseClick(undo, Qt::LeftButton);
        QCOMPARE(undone, 1);
        QVERIFY(bar.isHidden());
    }

    void placeholdersCanBeRead_data()
    {
        QTest::addColumn<QPalette>("palette");
        QTest::addColumn<QColor>("placeholder");
        QTest::newRow("T56 black on dark") << darkPalette() << QColor(Qt::black);
        QTest::newRow("T56 translucent black on dark") << darkPalette() << QColor(0, 0, 0, 128);
        QTest::newRow("T56 white on light") << lightPalette() << QColor(Qt::white);
        QTest::newRow("T56 faint on dark") << darkPalette() << QColor(0x40, 0x40, 0x48);
    }

    void placeholdersCanBeRead()
    {
        QFETCH(QPalette, palette);
        QFETCH(const QColor, placeholder);
        palette.setColor(QPalette::PlaceholderText, placeholder);
        GlasspostStyle style(QStyleFactory::create(QStringLiteral("Fusion")));
        style.polish(palette); // as whatever a desktop sets
        QVERIFY(contrast(palette.color(QPalette::PlaceholderText), palette.color(QPalette::Base)) >= 4.5);
        QCOMPARE(palette.color(QPalette::PlaceholderText).alpha(), 255);
        const QColor mended = palette.color(QPalette::PlaceholderText);
        mendPlaceholders(palette);
        QCOMPARE(palette.color(QPalette::PlaceholderText), mended);
    }

    void colorsAreChosen_data()
    {
        QTest::addColumn<mail::Appearance>("appearance");
        QTest::addColumn<bool>("dark");
        QTest::newRow("T56 dark") << mail::Appearance::Dark << true;
        QTest::newRow("T56 light") << mail::Appearance::Light << false;
        QTest::newRow("T56 the system's again") << mail::Appearance::System << false;
    }

    void colorsAreChosen()
    {
        QFETCH(const mail::Appearance, appearance);
        QFETCH(const bool, dark);
        applyAppearance(appearance);
        QCOMPARE(isDark(QApplication::palette()), dark);
        QVERIFY(contrast(QApplication::palette().color(QPalette::PlaceholderText),
                    QApplication::palette().color(QPalette::Base))
            >= 4.5);
    }

    void windowsOpenWithinTheScreen()
    {
        QWidget window;
        resizeWithinScreen(window, {300, 200});
        QCOMPARE(window.size(), QSize(300, 200));
        resizeWithinScreen(window, {5000, 200});
        QCOMPARE(window.height(), 200);
        QVERIFY(window.width() < window.screen()->availableSize().width());
        resizeWithinScreen(window, {300, 5000});
        QVERIFY(window.height() < window.screen()->availableSize().height());
    }

    void barsAtOnceLieOneAboveTheOther_data()
    {
        QTest::addColumn<bool>("innerFirst");
        QTest::newRow("T54 the window's, then the page's") << false;
        QTest::newRow("T54 the page's, then the window's") << true;
    }
    void barsAtOnceLieOneAboveTheOther()
    {
        QFETCH(bool, innerFirst);
        QStackedWidget stack;
        auto *page = new QWidget;
        stack.addWidget(page);
        stack.resize(600, 400);
        InlineBar outer;
        InlineBar inner;
        outer.floatOver(&stack);
        inner.floatOver(page);
        stack.show();
        for (InlineBar *bar : {innerFirst ? &inner : &outer, innerFirst ? &outer : &inner})
            bar->say(InlineBar::Kind::Info, QStringLiteral("Something that can be undone."));
        const auto place
            = [&stack](const InlineBar &bar) { return QRect(bar.mapTo(&stack, QPoint()), bar.size()); };
        QTRY_COMPARE(place(outer).bottom(), stack.rect().bottom());
        QTRY_COMPARE(place(inner).bottom() + 1, place(outer).top());
        stack.resize(300, 350);
        QTRY_COMPARE(place(inner).bottom() + 1, place(outer).top());
        outer.dismiss();
        QTRY_COMPARE(place(inner).bottom(), stack.rect().bottom());
        // They belong to what they float over, which would delete them.
        outer.setParent(nullptr);
        inner.setParent(nullptr);
    }

    void barGoesByItself()
    {
        InlineBar bar;
        QSignalSpy dismissed(&bar, &InlineBar::dismissed);
        bar.say(InlineBar::Kind::Success, QStringLiteral("Saved"), std::chrono::milliseconds(10));
        QTRY_COMPARE(dismissed.count(), 1);
        QVERIFY(bar.isHidden());
    }

    void barForgetsEarlierButtons()
    {
        InlineBar bar;
        bar.say(InlineBar::Kind::Info, QStringLiteral("one"));
        bar.addButton(QStringLiteral("Undo"), [] {});
        bar.say(InlineBar::Kind::Error, QStringLiteral("two"));
        QTRY_VERIFY(bar.findChildren<QPushButton *>().isEmpty());
        QCOMPARE(bar.words(), QStringLiteral("two"));
    }

    void listenerWords()
    {
        mail::ListenerState state;
        QCOMPARE(listenerText(state).tone, Tone::Neutral);
        state.kind = mail::ListenerState::Kind::Listening;
        state.bindings = {mail::ListenerBinding()};
        QCOMPARE(listenerText(state).text, QStringLiteral("Listening 127.0.0.1:2525, catch-all"));
        QCOMPARE(listenerText(state).tone, Tone::Accepted);
        state.bindings.first().address = QHostAddress(QHostAddress::AnyIPv6);
        QCOMPARE(listenerText(state).tone, Tone::Deferred);
        state.kind = mail::ListenerState::Kind::Failed;
        state.error = {mail::ErrorCode::InUse, QStringLiteral("127.0.0.1:25"), {}};
        QCOMPARE(listenerText(state).tone, Tone::Refused);
        QVERIFY(listenerFailureWords(state.error).contains(QStringLiteral("127.0.0.1:25")));
    }

    void headerWordsStandBesideTheirTitle_data()
    {
        QTest::addColumn<Qt::LayoutDirection>("direction");
        QTest::addColumn<QString>("name");
        const QString latin = QStringLiteral("Alice");
        const QString hebrew = QStringLiteral("\u05d0\u05d1\u05d2");
        QTest::newRow("Latin") << Qt::LeftToRight << latin;
        QTest::newRow("Hebrew") << Qt::LeftToRight << hebrew;
        QTest::newRow("Latin, mirrored") << Qt::RightToLeft << latin;
        QTest::newRow("Hebrew, mirrored") << Qt::RightToLeft << hebrew;
    }
    void headerWordsStandBesideTheirTitle()
    {
        QFETCH(const Qt::LayoutDirection, direction);
        QFETCH(const QString, name);
        MessageHeader header;
        header.setLayoutDirection(direction);
        header.resize(900, 160);
        mail::MessageView message;
        message.from = {{name, QStringLiteral("a@example.org")}};
        header.show(message);
        const QList<QLabel *> labels = header.findChildren<QLabel *>();
        const auto from = std::find_if(labels.cbegin(), labels.cend(),
            [](const QLabel *label) { return label->text().contains(QStringLiteral("a@example.org")); });
        QVERIFY(from != labels.cend());
        const QMargins blank = blankSides((*from)->grab().toImage());
        const bool isMirrored = direction == Qt::RightToLeft;
        QVERIFY((isMirrored ? blank.right() : blank.left()) < 50);
        QVERIFY((isMirrored ? blank.left() : blank.right()) > 200);
    }

    void hintNamesHostAndPort_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("curl") << int(SnippetKind::Curl);
        QTest::newRow("Python") << int(SnippetKind::Python);
        QTest::newRow("swaks") << int(SnippetKind::Swaks);
    }
    void hintNamesHostAndPort()
    {
        QFETCH(int, kind);
        const QString lines = listenerSnippet(SnippetKind(kind), QStringLiteral("127.0.0.1"), 4025);
        QVERIFY(lines.contains(QStringLiteral("127.0.0.1")));
        QVERIFY(lines.contains(QStringLiteral("4025")));
    }

    void queueWords()
    {
        const QDateTime now = QDateTime::fromMSecsSinceEpoch(0);
        QCOMPARE(queueText({}, now), QStringLiteral("Nothing waiting"));
        QCOMPARE(queueText({3, 0, 240000}, now), QStringLiteral("3 waiting, next in 4 min"));
        QCOMPARE(queueText({0, 2, 0}, now), QStringLiteral("2 refused"));
    }

    void deferralsAndRefusalsHaveTheirColor_data()
    {
        QTest::addColumn<int>("waiting");
        QTest::addColumn<int>("failed");
        QTest::addColumn<int>("deferred");
        QTest::addColumn<Tone>("tone");
        QTest::addColumn<QString>("words");
        QTest::newRow("T55 nothing") << 0 << 0 << 0 << Tone::Neutral << QStringLiteral("Nothing waiting");
        QTest::newRow("T55 waiting") << 2 << 0 << 0 << Tone::Transit << QStringLiteral("2 waiting");
        QTest::newRow("T55 deferred") << 1 << 0 << 1 << Tone::Deferred << QStringLiteral("1 deferred");
        QTest::newRow("T55 one of three deferred")
            << 3 << 0 << 1 << Tone::Deferred << QStringLiteral("2 waiting, 1 deferred");
        QTest::newRow("T55 deferred and refused")
            << 1 << 1 << 1 << Tone::Refused << QStringLiteral("1 deferred, 1 refused");
    }
    void deferralsAndRefusalsHaveTheirColor()
    {
        QFETCH(int, waiting);
        QFETCH(int, failed);
        QFETCH(int, deferred);
        QFETCH(Tone, tone);
        QFETCH(QString, words);
        MainStatus status;
        status.setQueue({waiting, failed, 0, deferred});
        QCOMPARE(status.queue()->tone(), tone);
        QCOMPARE(status.queue()->text(), words);
    }

    /// Another recipient is under way meanwhile: the words and their color are of the same one.
    void deferralIsSaidOfTheOneDeferred()
    {
        test::FakeOutbox outbox;
        QueueWatch watch(outbox);
        InlineBar bar;
        MainStatus status;
        const MailNews news(watch, bar, status, nullptr);
        mail::QueueEntry entry;
        entry.id = "Q1";
        entry.subject = QStringLiteral("ahoy");
        entry.recipients.resize(2);
        entry.recipients[0].recipient.forwardPath = {"bob", "b.example"};
        entry.recipients[0].progress = mail::Delivering{1, {}};
        entry.recipients[1].recipient.forwardPath = {"carol", "b.example"};
        smtp::RecipientReport report;
        report.reply = {450, {4, 2, 1}, {"Busy"}};
        entry.recipients[1].progress = mail::Deferred{1, report};
        outbox.change({entry});
        QVERIFY2(status.lastEvent().contains(QStringLiteral("“ahoy” is deferred for carol@b.example: 450")),
            qUtf8Printable(status.lastEvent()));
        QCOMPARE(status.eventTone(), Tone::Deferred);
        QVERIFY2(bar.words().startsWith(QStringLiteral("“ahoy” is deferred for carol@b.example")),
            qUtf8Printable(bar.words()));
    }

    /// Days later, when the queue has long forgotten it: each report once, with the way to the message.
    void bounceThatComesLaterIsTold()
    {
        test::FakeOutbox outbox;
        QueueWatch watch(outbox);
        InlineBar bar;
        MainStatus status;
        const MailNews news(watch, bar, status, nullptr);
        QSignalSpy requested(&news, &MailNews::messageRequested);
        mail::QueueEntry entry;
        entry.id = "Q1";
        entry.subject = QStringLiteral("ahoy");
        entry.messageIdField = "ahoy@a.example";
        entry.sentCopy = {{QStringLiteral("alice"), QStringLiteral("Sent")}, "1.M1P1.host"};
        entry.attemptSessionIds = {"S1"};
        entry.recipients.resize(2);
        entry.recipients[0].recipient.forwardPath = {"bob", "b.example"};
        entry.recipients[0].progress = mail::Ended{mail::Ended::Outcome::Delivered, 1, {}};
        entry.recipients[1].recipient.forwardPath = {"carol", "b.example"};
        entry.recipients[1].progress = mail::Ended{mail::Ended::Outcome::Delivered, 1, {}};
        outbox.change({entry});
        outbox.takeOut({entry.id});
        QVERIFY(bar.words().isEmpty());

        entry.recipients[1].later = mail::LaterReport{
            mail::ReportAction::Failed, {5, 1, 1}, "mx.b.example", "550 no such <b>user</b>", 1000};
        outbox.change({entry});
        outbox.takeOut({entry.id});
        const QString words = bar.words();
        for (const char *part : {"“ahoy” bounced", "carol@b.example", "mx.b.example", "5.1.1", "no such"})
            QVERIFY2(words.contains(QString::fromUtf8(part)), part);
        QCOMPARE(status.eventTone(), Tone::Refused);
        const auto buttons = bar.findChildren<QPushButton *>();
        const auto show = std::find_if(buttons.cbegin(), buttons.cend(),
            [](const QPushButton *one) { return one->text() == QStringLiteral("Show"); });
        QVERIFY(show != buttons.cend());
        (*show)->click();
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested.first().at(0).value<mail::MessageId>(), entry.sentCopy);
        QCOMPARE(requested.first().at(1).toByteArray(), entry.messageIdField);

        // A receipt of the other one is no news of this one.
        entry.recipients[0].receipt = mail::ReadReceipt{"displayed", 2000};
        outbox.change({entry});
        outbox.takeOut({entry.id});
        QVERIFY2(bar.isHidden(), qUtf8Printable(bar.words()));

        entry.recipients[0].later
            = mail::LaterReport{mail::ReportAction::Failed, {4, 4, 7}, "mx.b.example", "", 3000};
        outbox.change({entry});
        QVERIFY2(bar.words().contains(QStringLiteral("bob@b.example")), qUtf8Printable(bar.words()));
    }

    /// What is beside it grows when the queue does.
    void lastEventEndsWithinItsPlace()
    {
        MainStatus status;
        status.resize(600, 30);
        status.show();
        status.tell(QString(100, u'x'));
        const auto &event = *status.findChild<ElidedLabel *>();
        const int before = event.width();
        status.setQueue({3, 2, 240000, 1});
        QTRY_VERIFY(event.width() < before);
        QVERIFY(event.shownText().endsWith(QChar(0x2026)));
        QVERIFY(event.fontMetrics().horizontalAdvance(event.shownText()) <= event.width());
    }

    void attachmentsStandInTheirStrip_data()
    {
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("now");
        QTest::newRow("T58 the very first message") << -1 << 2;
        QTest::newRow("T58 after one with fewer") << 1 << 3;
        QTest::newRow("T58 after one with more") << 4 << 1;
        QTest::newRow("T58 after one with none") << 0 << 2;
        QTest::newRow("T58 none after some") << 2 << 0;
    }
    void attachmentsStandInTheirStrip()
    {
        QFETCH(int, before);
        QFETCH(int, now);
        const auto parts = [](int count) {
            QList<mail::PartView> all;
            for (int i = 0; i < count; ++i) {
                mail::PartView part;
                part.index = i + 1;
                part.contentType = QStringLiteral("text/plain");
                part.fileName = QStringLiteral("file-%1.txt").arg(i);
                part.isAttachment = true;
                all.append(part);
            }
            return all;
        };
        // As in the pane: its page is out of sight while a message is read.
        QStackedWidget pages;
        pages.addWidget(new QWidget);
        auto *page = new QWidget;
        auto *column = new QVBoxLayout(page);
        auto *strip = new MessageAttachments;
        column->addWidget(new QWidget, 1);
        column->addWidget(strip);
        pages.addWidget(page);
        pages.resize(700, 400);
        pages.show();
        if (before >= 0) {
            strip->show(parts(before));
            pages.setCurrentIndex(1);
            QTRY_VERIFY(page->isVisible());
            QCoreApplication::sendPostedEvents();
            pages.setCurrentIndex(0);
        }
        strip->show(parts(now));
        pages.setCurrentIndex(1);
        QTRY_COMPARE(strip->isVisible(), now > 0);
        const QList<QToolButton *> buttons = strip->findChildren<QToolButton *>();
        QRegion covered;
        for (const QToolButton *button : buttons) {
            if (button->isHidden()) // the one that saves all of a single one
                continue;
            const auto place = [&] { return QRect(button->mapTo(strip, QPoint()), button->size()); };
            QTRY_VERIFY(button->isVisible() && strip->rect().contains(place()));
            QVERIFY(!covered.intersects(place()));
            covered += place();
        }
        QVERIFY(int(buttons.size()) >= now);
    }

    void theEnvelopeIsShown_data()
    {
        QTest::addColumn<QList<QByteArray>>("deliveredTo");
        QTest::addColumn<bool>("hasFrom");
        QTest::addColumn<QStringList>("shown");
        QTest::addColumn<QStringList>("hidden");
        const QByteArray to = "to@example.test";
        const QByteArray bcc = "bcc@example.test";
        const QString envelope = QStringLiteral("Envelope");
        QTest::newRow("T50 a Bcc") << QList<QByteArray>{to, bcc} << true
                                   << QStringList{QString::fromLatin1(bcc), envelope} << QStringList();
        QTest::newRow("T50 none") << QList<QByteArray>{"TO@example.test"} << true << QStringList()
                                  << QStringList{envelope};
        QTest::newRow("T50 markup in it")
            << QList<QByteArray>{"<b>@example.test"} << true
            << QStringList{QStringLiteral("&lt;b&gt;@example.test")} << QStringList();
        QTest::newRow("T69 no From") << QList<QByteArray>{to} << false
                                     << QStringList{QStringLiteral("bounces@example.org")}
                                     << QStringList{envelope};
    }
    void theEnvelopeIsShown()
    {
        QFETCH(QList<QByteArray>, deliveredTo);
        QFETCH(bool, hasFrom);
        QFETCH(QStringList, shown);
        QFETCH(QStringList, hidden);
        MessageHeader header;
        mail::MessageView message;
        if (hasFrom)
            message.from = {{{}, QStringLiteral("ann@example.org")}};
        message.to = {{{}, QStringLiteral("to@example.test")}};
        message.returnPath = "bounces@example.org";
        message.deliveredTo = deliveredTo;
        header.resize(900, 200);
        header.show(message);
        header.QWidget::show();
        QStringList texts;
        for (const QLabel *label : header.findChildren<QLabel *>()) {
            if (label->isVisible())
                texts.append(label->text());
        }
        const QString all = texts.join(u'\n');
        for (const QString &words : shown)
            QVERIFY2(all.contains(words), qUtf8Printable(all));
        for (const QString &words : hidden)
            QVERIFY2(!all.contains(words), qUtf8Printable(all));
    }

    void offlineIsSaid()
    {
        MainStatus status;
        status.setQueue({3, 0, 0});
        status.setReachability(mail::Reachability::Offline);
        QCOMPARE(status.queue()->text(), QStringLiteral("Offline, 3 waiting"));
        QVERIFY(status.queue()->toolTip().contains(QStringLiteral("No network")));
        status.setReachability(mail::Reachability::Unknown);
        QCOMPARE(status.queue()->text(), QStringLiteral("3 waiting"));
        QVERIFY(status.queue()->toolTip().contains(QStringLiteral("Network status is unknown")));
    }

    void onlyARefusalIsRed()
    {
        MainStatus status;
        status.tellRefusal(QStringLiteral("Refused from a@b"));
        QCOMPARE(status.eventTone(), Tone::Refused);
        status.tell(QStringLiteral("Received from a@b"));
        QCOMPARE(status.eventTone(), Tone::Neutral);
    }

    void handshakeThatFailedIsSaid_data()
    {
        QTest::addColumn<smtp::SessionRole>("role");
        QTest::addColumn<QByteArray>("ending");
        QTest::addColumn<bool>("isSaid");
        using Role = smtp::SessionRole;
        QTest::newRow("T1 the client refused the certificate")
            << Role::Server << QByteArray("TLS handshake failed: tlsv1 alert unknown ca") << true;
        QTest::newRow("T1 it closed right behind the handshake")
            << Role::Server << QByteArray("TLS handshake failed: the client closed right after it") << true;
        QTest::newRow("another end") << Role::Server << QByteArray("time-out in DATA") << false;
        QTest::newRow("another server's") << Role::Client << QByteArray("TLS handshake failed") << false;
    }
    void handshakeThatFailedIsSaid()
    {
        QFETCH(smtp::SessionRole, role);
        QFETCH(QByteArray, ending);
        QFETCH(bool, isSaid);
        mail::TranscriptBatch batch;
        smtp::SessionFacts session;
        session.role = role;
        session.outcome = smtp::SessionOutcome::Broken;
        session.peerAddress = QHostAddress(QHostAddress::LocalHost);
        session.ending = ending;
        batch.sessions = {session};
        MainStatus status;
        status.takeSessions(batch);
        QCOMPARE(status.lastEvent().contains(QStringLiteral("set TLS to “none”")), isSaid);
        QCOMPARE(status.eventTone() == Tone::Refused, isSaid);
    }

    void completedInWords_data()
    {
        QTest::addColumn<QByteArray>("ending");
        QTest::addColumn<int>("messages");
        QTest::addColumn<QString>("words");
        QTest::newRow("T11 QUIT") << QByteArray("QUIT") << 1 << QStringLiteral("completed");
        QTest::newRow("T11 no QUIT") << QByteArray("closed by the client without QUIT") << 1
                                     << QStringLiteral("delivered (no QUIT)");
        QTest::newRow("T11 health check") << QByteArray("closed by the client without a message") << 0
                                          << QStringLiteral("disconnected without mail");
    }
    void completedInWords()
    {
        QFETCH(QByteArray, ending);
        QFETCH(int, messages);
        smtp::SessionFacts session;
        session.outcome = smtp::SessionOutcome::Completed;
        session.ending = ending;
        session.messages = messages;
        QTEST(outcomeText(session), "words");
        QCOMPARE(outcomeTone(session), Tone::Accepted);
    }

    void queueChips_data()
    {
        using Recipients = QList<mail::DeliveryProgress>;
        using Outcome = mail::Ended::Outcome;
        const mail::Ended delivered{Outcome::Delivered, 1, {}};
        const mail::Ended failed{Outcome::Failed, 1, {}};
        QTest::addColumn<Recipients>("recipients");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("tone");
        QTest::newRow("waits") << Recipients{mail::Waiting()} << QStringLiteral("queued")
                               << int(Tone::Transit);
        QTest::newRow("on its way") << Recipients{mail::Delivering(), mail::Waiting()}
                                    << QStringLiteral("sending") << int(Tone::Transit);
        QTest::newRow("all taken") << Recipients{delivered, delivered} << QStringLiteral("delivered")
                                   << int(Tone::Accepted);
        QTest::newRow("one refused") << Recipients{delivered, failed} << QStringLiteral("1 of 2 refused")
                                     << int(Tone::Refused);
        QTest::newRow("all refused") << Recipients{failed} << QStringLiteral("bounced") << int(Tone::Refused);
    }
    void queueChips()
    {
        QFETCH(QList<mail::DeliveryProgress>, recipients);
        mail::QueueEntry entry;
        for (const mail::DeliveryProgress &progress : recipients) {
            mail::QueueRecipient recipient;
            recipient.progress = progress;
            entry.recipients.append(recipient);
        }
        const StateChip chip = queueChip(entry, QDateTime::currentDateTime());
        QTEST(chip.text, "words");
        QTEST(int(chip.tone), "tone");
    }

    void namesCannotRearrangeWhatStandsBeside()
    {
        QCOMPARE(safeLine(QStringLiteral("a\u202eb\nc\u0007")), QStringLiteral("ab c"));
        QCOMPARE(addressText({QStringLiteral("Eve\u202e"), QStringLiteral("eve@example.org")}),
            QStringLiteral("Eve <eve@example.org>"));
    }

    void whatCouldRunIsNeverOpened_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("type");
        QTest::addColumn<bool>("runs");
        QTest::newRow("pdf") << QStringLiteral("a.pdf") << QStringLiteral("application/pdf") << false;
        QTest::newRow("png") << QStringLiteral("a.png") << QStringLiteral("image/png") << false;
        QTest::newRow("script") << QStringLiteral("a.sh") << QStringLiteral("text/plain") << true;
        QTest::newRow("two endings") << QStringLiteral("a.pdf.EXE") << QStringLiteral("application/pdf")
                                     << true;
        QTest::newRow("no ending") << QStringLiteral("README") << QStringLiteral("text/plain") << true;
        for (const char *suffix : {"xhtml", "XHTML", "xht", "shtml", "mht", "mhtml", "svgz", "xml"})
            QTest::addRow("T117 .%s", QByteArray(suffix).toLower() == suffix ? suffix : "xhtml in capitals")
                << QStringLiteral("a.") + QLatin1String(suffix) << QStringLiteral("application/pdf") << true;
        QTest::newRow("macros") << QStringLiteral("a.docm") << QStringLiteral("application/msword") << true;
        QTest::newRow("a picture without a name") << QString() << QStringLiteral("image/png") << false;
        QTest::newRow("a document without a name") << QString() << QStringLiteral("application/pdf") << false;
        QTest::newRow("a page without a name") << QString() << QStringLiteral("text/html") << true;
        QTest::newRow("a program without a name")
            << QString() << QStringLiteral("application/x-msdownload") << true;
        QTest::newRow("octets without a name")
            << QString() << QStringLiteral("application/octet-stream") << true;
        QTest::newRow("an archive by its old name")
            << QStringLiteral("a.zip") << QStringLiteral("application/x-zip-compressed") << false;
        QTest::newRow("a document by its old name")
            << QStringLiteral("a.pdf") << QStringLiteral("application/x-pdf") << false;
        QTest::newRow("a script in an archive's type")
            << QStringLiteral("a.sh") << QStringLiteral("application/x-zip-compressed") << true;
        QTest::newRow("a script by its type")
            << QStringLiteral("a.txt") << QStringLiteral("application/x-sh") << true;
    }
    void whatCouldRunIsNeverOpened()
    {
        QFETCH(QString, name);
        QFETCH(QString, type);
        mail::PartView part;
        part.fileName = name;
        part.contentType = type;
        QTEST(mayRun(part), "runs");
    }
};

QTEST_MAIN(TestWidgets)
#include "tst_widgets.moc"
