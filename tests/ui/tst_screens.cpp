// A message as six screens show it: what its rules by width and color scheme say is what is drawn.
#include "tests/support/controls.h"
#include "tests/support/fakemailboxes.h"
#include "tests/support/webserver.h"
#include "ui/message/html/pagecolors.h"
#include "ui/message/html/pageview.h"
#include "ui/message/screensview.h"
#include "ui/message/screenwindow.h"

#include <QBuffer>
#include <QLabel>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr int drawingTime = 60'000; // milliseconds: six pages, on a computer that does much else

const QRgb red = qRgb(255, 0, 0), green = qRgb(0, 255, 0), blue = qRgb(0, 0, 255);
const QRgb white = qRgb(255, 255, 255), darkGrey = qRgb(32, 32, 32);

/// A band whose color goes by the width, and one below it of white.
const QByteArray bands = "body{margin:0}.a,.b{height:300px}.a{background:#ff0000}.b{background:#ffffff}"
                         "@media (max-width:400px){.a{background:#0000ff}}"
                         "@media (min-width:401px) and (max-width:700px){.a{background:#00ff00}}";
const QByteArray darkBand = "@media (prefers-color-scheme:dark){.b{background:#202020}}";

QByteArray htmlMessage(const QByteArray &html)
{
    return "Subject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n" + html;
}

/// As tall as three times what is allowed of one element, nearly.
const QByteArray longMessage = htmlMessage("<style>body{margin:0}.a{height:1900px;background:#ff0000}</style>"
                                           "<div class=a>x</div><div class=a>x</div><div class=a>x</div>");

QByteArray messageOfBands(const QByteArray &rules)
{
    return htmlMessage("<style>" + rules + "</style><div class=a>x</div><div class=b>x</div>");
}

QRgb upperBand(const DrawnScreen &screen)
{
    return screen.picture.pixel(screen.picture.width() / 2, 150 / ScreenDrawer::reduction);
}

QRgb lowerBand(const DrawnScreen &screen)
{
    return screen.picture.pixel(screen.picture.width() / 2, 450 / ScreenDrawer::reduction);
}

/// Hears what is drawn until it is finished.
struct Drawing
{
    explicit Drawing(const QString &program = PageProcess::standardProgram()) : drawer(program)
    {
        QObject::connect(
            &drawer, &ScreenDrawer::drawn, &drawer, [this](int number, const DrawnScreen &screen) {
                numbers.append(number);
                screens.append(screen);
            });
    }
    bool finish() { return !finished.isEmpty() || finished.wait(drawingTime); }

    ScreenDrawer drawer;
    QSignalSpy finished{&drawer, &ScreenDrawer::finished};
    QList<int> numbers;
    QList<DrawnScreen> screens;
};

/// Has one message, whatever its name.
class OneMessage : public test::FakeMailboxes
{
public:
    mail::Task<mail::MessageOctets> octets(const mail::MessageId &) override
    {
        ++asked;
        return mail::Result<mail::MessageOctets>(message);
    }

    mail::MessageOctets message;
    int asked = 0;
};

const mail::MessageId oneId{{QStringLiteral("captured"), {}}, "1"};

} // namespace

class ScreensTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void drawsByWidth();
    void drawsDarkByTheMessagesRules();
    void darkensWhatHasNoRules();
    void picturesAreReduced();
    void cutsWhatIsLong();
    void saysWhatIsTooWide();
    void fetchesNothing();
    void drawsPicturesOfTheMessage();
    void hasNoHtml();
    void anotherMessageTakesItsPlace();
    void saysWhatFailed();
    void showsSixButtons();
    void drawsInSightAlone();
    void opensAtFullSize_data();
    void opensAtFullSize();
};

void ScreensTest::drawsByWidth()
{
    Drawing drawing;
    drawing.drawer.draw(messageOfBands(bands + darkBand), 1);
    QVERIFY(drawing.finish());
    QCOMPARE(drawing.numbers, (QList<int>{0, 1, 2, 3, 4, 5}));
    const QList<QRgb> colors = {blue, green, red, blue, green, red};
    for (int i = 0; i < drawing.screens.size(); ++i)
        QCOMPARE(QColor(upperBand(drawing.screens.at(i))), QColor(colors.at(i)));
}

void ScreensTest::drawsDarkByTheMessagesRules()
{
    Drawing drawing;
    drawing.drawer.draw(messageOfBands(bands + darkBand), 1);
    QVERIFY(drawing.finish());
    QVERIFY(drawing.drawer.pages().followsScheme);
    for (int i = 0; i < drawing.screens.size(); ++i)
        QCOMPARE(QColor(lowerBand(drawing.screens.at(i))), QColor(i < 3 ? white : darkGrey));
}

/// As the view of HTML does it.
void ScreensTest::darkensWhatHasNoRules()
{
    Drawing drawing;
    drawing.drawer.draw(messageOfBands(bands), 1);
    QVERIFY(drawing.finish());
    QVERIFY(!drawing.drawer.pages().followsScheme);
    QCOMPARE(drawing.drawer.pages().dark->rendering, Rendering::Dark);
    for (int i = 0; i < drawing.screens.size(); ++i)
        QCOMPARE(QColor(lowerBand(drawing.screens.at(i))), QColor(i < 3 ? white : darkened(white)));
    QCOMPARE(QColor(upperBand(drawing.screens.at(5))), QColor(darkened(red)));
}

void ScreensTest::picturesAreReduced()
{
    for (const int ratio : {1, 2}) {
        Drawing drawing;
        drawing.drawer.draw(messageOfBands(bands), ratio);
        QVERIFY(drawing.finish());
        for (int i = 0; i < drawing.screens.size(); ++i) {
            const QImage &picture = drawing.screens.at(i).picture;
            QCOMPARE(picture.devicePixelRatio(), qreal(ratio));
            QCOMPARE(picture.size(),
                QSize(readerScreens().at(i).width, drawing.screens.at(i).size.height()) * ratio
                    / ScreenDrawer::reduction);
        }
    }
}

void ScreensTest::cutsWhatIsLong()
{
    Drawing drawing;
    drawing.drawer.draw(longMessage, 1);
    QVERIFY(drawing.finish());
    for (const DrawnScreen &screen : std::as_const(drawing.screens)) {
        QVERIFY(screen.size.height() >= 3 * 1900);
        QCOMPARE(screen.picture.height(), ScreenDrawer::tallest / ScreenDrawer::reduction);
    }
    OneMessage mailboxes;
    mailboxes.message = longMessage;
    ScreensView view(mailboxes);
    view.setVisible(true);
    view.show(oneId);
    const QSignalSpy finished(&view.drawer(), &ScreenDrawer::finished);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, drawingTime);
    QStringList notes;
    for (const QLabel *label : view.findChildren<QLabel *>()) {
        if (label->text().startsWith(u"The first "))
            notes += label->text();
    }
    QCOMPARE(notes.size(), 6);
    QVERIFY2(notes.first().contains(QLocale().toString(ScreenDrawer::tallest)), qPrintable(notes.first()));
}

void ScreensTest::saysWhatIsTooWide()
{
    OneMessage mailboxes;
    mailboxes.message = htmlMessage("<table width=700><tr><td>x</td></tr></table>");
    ScreensView view(mailboxes);
    view.setVisible(true);
    const QSignalSpy finished(&view.drawer(), &ScreenDrawer::finished);
    view.show(oneId);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, drawingTime);
    QList<bool> isWide;
    for (const QToolButton *button : view.findChildren<QToolButton *>())
        isWide += button->accessibleDescription().contains(u"scrolled sideways");
    QCOMPARE(isWide, (QList<bool>{true, true, false, true, true, false}));
}

void ScreensTest::fetchesNothing()
{
    test::WebServer server;
    Drawing drawing;
    drawing.drawer.draw(
        htmlMessage("<img width=40 height=30 src=" + server.address(QStringLiteral("/a.png")).toLatin1()
            + "><style>p{background:url(" + server.address(QStringLiteral("/b.png")).toLatin1()
            + ")}</style><p>x"),
        1);
    QVERIFY(drawing.finish());
    QCOMPARE(drawing.screens.size(), 6);
    QVERIFY(!drawing.screens.constFirst().picture.isNull());
    QCOMPARE(server.connections(), 0);
}

void ScreensTest::drawsPicturesOfTheMessage()
{
    QImage picture(90, 90, QImage::Format_RGB32);
    picture.fill(green);
    QByteArray octets;
    QBuffer buffer(&octets);
    QVERIFY(buffer.open(QIODevice::WriteOnly) && picture.save(&buffer, "PNG"));
    Drawing drawing;
    drawing.drawer.draw(
        htmlMessage("<style>body{margin:0}" + darkBand
            + "</style><img width=90 height=90 src=\"data:image/png;base64," + octets.toBase64() + "\">"),
        1);
    QVERIFY(drawing.finish());
    for (const DrawnScreen &screen : std::as_const(drawing.screens))
        QCOMPARE(QColor(screen.picture.pixel(15, 15)), QColor(green));
}

void ScreensTest::hasNoHtml()
{
    Drawing drawing;
    drawing.drawer.draw(QByteArray("Subject: x\n\ntext\n"), 1);
    QVERIFY(drawing.finish());
    QVERIFY(drawing.screens.isEmpty());
    QVERIFY(!drawing.drawer.pages().light);
}

void ScreensTest::anotherMessageTakesItsPlace()
{
    Drawing drawing;
    connect(&drawing.drawer, &ScreenDrawer::drawn, this, [&drawing] {
        if (drawing.numbers.size() == 1)
            drawing.drawer.draw(messageOfBands("body{margin:0}.a,.b{height:300px;background:#00ff00}"), 1);
    });
    drawing.drawer.draw(messageOfBands(bands), 1);
    QVERIFY(drawing.finish());
    QCOMPARE(drawing.numbers, (QList<int>{0, 0, 1, 2, 3, 4, 5}));
    QCOMPARE(QColor(upperBand(drawing.screens.at(0))), QColor(blue));
    QCOMPARE(QColor(upperBand(drawing.screens.at(1))), QColor(green));
    QCOMPARE(QColor(upperBand(drawing.screens.at(3))), QColor(green));
}

void ScreensTest::saysWhatFailed()
{
    Drawing drawing(QStringLiteral("/nonexistent/glasspost-page"));
    drawing.drawer.draw(messageOfBands(bands), 1);
    QVERIFY(drawing.finish());
    QCOMPARE(drawing.screens.size(), 6);
    for (const DrawnScreen &screen : std::as_const(drawing.screens)) {
        QVERIFY(screen.picture.isNull());
        QVERIFY(screen.failure == PageFailure::NotStarted);
    }
}

void ScreensTest::showsSixButtons()
{
    OneMessage mailboxes;
    mailboxes.message = messageOfBands(bands + darkBand);
    ScreensView view(mailboxes);
    view.resize(900, 700);
    view.setVisible(true);
    const QSignalSpy finished(&view.drawer(), &ScreenDrawer::finished);
    view.show(oneId);
    const QList<QToolButton *> buttons = view.findChildren<QToolButton *>();
    QCOMPARE(buttons.size(), 6);
    QVERIFY(!buttons.first()->isEnabled());
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, drawingTime);
    QStringList names;
    for (const QToolButton *button : buttons) {
        QVERIFY(button->isEnabled() && !button->icon().isNull());
        names += button->accessibleName();
    }
    QCOMPARE(names,
        (QStringList{QStringLiteral("Phone, 360 pixels wide, light"),
            QStringLiteral("Tablet, 600 pixels wide, light"),
            QStringLiteral("Desktop, 960 pixels wide, light"), QStringLiteral("Phone, 360 pixels wide, dark"),
            QStringLiteral("Tablet, 600 pixels wide, dark"),
            QStringLiteral("Desktop, 960 pixels wide, dark")}));
    QCOMPARE(test::nameless(view).join(u'\n'), QString());
    QCOMPARE(test::tipless(view).join(u'\n'), QString());
    const auto labels = view.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.cbegin(), labels.cend(), [](const QLabel *label) {
        return label->text().contains(u"Dark is drawn by the message's own rules (prefers-color-scheme).");
    }));
}

void ScreensTest::drawsInSightAlone()
{
    OneMessage mailboxes;
    mailboxes.message = messageOfBands(bands);
    ScreensView view(mailboxes);
    view.show(oneId);
    QCOMPARE(mailboxes.asked, 0);
    view.setVisible(true);
    QCOMPARE(mailboxes.asked, 1);
    QSignalSpy drawn(&view.drawer(), &ScreenDrawer::drawn);
    const QSignalSpy finished(&view.drawer(), &ScreenDrawer::finished);
    QVERIFY(!drawn.isEmpty() || drawn.wait(drawingTime));
    const qsizetype before = drawn.count();
    view.setVisible(false); // given up
    QVERIFY(!view.drawer().pages().light);
    view.setVisible(true); // from the beginning
    QCOMPARE(mailboxes.asked, 2);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, drawingTime);
    QCOMPARE(drawn.count(), before + 6);
    view.setVisible(false); // what is there stays
    view.setVisible(true);
    QCOMPARE(mailboxes.asked, 2);
}

void ScreensTest::opensAtFullSize_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QRgb>("upper");
    QTest::addColumn<QRgb>("lower");
    QTest::newRow("phone, light") << 0 << blue << white;
    QTest::newRow("desktop, dark") << 5 << red << darkGrey;
}

void ScreensTest::opensAtFullSize()
{
    QFETCH(int, number);
    QFETCH(QRgb, upper);
    QFETCH(QRgb, lower);
    OneMessage mailboxes;
    mailboxes.message = messageOfBands(bands + darkBand);
    ScreensView view(mailboxes);
    view.setVisible(true);
    view.show(oneId);
    QToolButton *button = view.findChildren<QToolButton *>().at(number);
    QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), drawingTime);
    button->click();
    const QPointer<ScreenWindow> window = view.findChild<ScreenWindow *>();
    QVERIFY(window);
    QVERIFY(QTest::qWaitForWindowActive(window.data()));
    QCOMPARE(window->windowTitle(), button->accessibleName());
    QCOMPARE(test::nameless(*window).join(u'\n'), QString());
    QCOMPARE(window->view().look(), (PageLook{1, readerScreens().at(number).width, Rendering::AsSent}));
    const auto *page = qobject_cast<const PageView *>(&window->view());
    QVERIFY(page);
    QTRY_VERIFY_WITH_TIMEOUT(page->page() != nullptr, drawingTime);
    const auto shown = [&window](int down) {
        const QImage grabbed = window->view().viewport()->grab().toImage();
        return QColor(
            grabbed.pixel(int(150 * grabbed.devicePixelRatio()), int(down * grabbed.devicePixelRatio())));
    };
    QTRY_COMPARE(shown(150), QColor(upper));
    QTRY_COMPARE(shown(450), QColor(lower));
    QTest::keyClick(window.data(), Qt::Key_Escape);
    QTRY_VERIFY(!window);
}

QTEST_MAIN(ScreensTest)
#include "tst_screens.moc"
