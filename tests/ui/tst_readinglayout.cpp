// The windows that mail is read in, as they lie on the screen: narrow, mirrored, with more than has room.
#include "mail/message/messagereader.h"
#include "tests/support/runningmail.h"
#include "ui/message/deliverypane.h"
#include "ui/message/headerview.h"
#include "ui/message/messageattachments.h"
#include "ui/message/messagecard.h"
#include "ui/message/messageheader.h"
#include "ui/message/messagepane.h"
#include "ui/message/routeview.h"
#include "ui/message/structureview.h"
#include "ui/message/subjectline.h"
#include "ui/message/textview.h"
#include "ui/message/warningbar.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/findrow.h"
#include "ui/widgets/inlinebar.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextDocument>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

const QString latin = QStringLiteral("Maren Olsen");
const QString hebrew = QString::fromUtf8("נועה כהן");

/// Of what is drawn on the label, from its left edge and from its right one.
std::pair<int, int> blankSides(QLabel *label)
{
    const QImage image = label->grab().toImage();
    const auto isBlank = [&image](int x) {
        for (int y = 0; y < image.height(); ++y)
            if (image.pixel(x, y) != image.pixel(0, 0))
                return false;
        return true;
    };
    int left = 0, right = 0;
    while (left < image.width() && isBlank(left))
        ++left;
    while (right < image.width() && isBlank(image.width() - 1 - right))
        ++right;
    return {left, right};
}

QLabel *labelWith(const QWidget &widget, const QString &words)
{
    for (QLabel *label : widget.findChildren<QLabel *>())
        if (label->text().contains(words))
            return label;
    return nullptr;
}

QRect placeIn(const QWidget &window, const QWidget *widget)
{
    return {widget->mapTo(&window, QPoint()), widget->size()};
}

mail::PartView attachment(int number)
{
    mail::PartView part;
    part.index = number;
    part.contentType = QStringLiteral("application/pdf");
    part.fileName = QStringLiteral("yearly report %1.pdf").arg(number);
    part.isAttachment = true;
    return part;
}

/// Counts what asks for a layout, in all windows.
class LayoutRequests : public QObject
{
public:
    LayoutRequests() { qApp->installEventFilter(this); }
    /// Whether nothing asks in some turns of the event loop.
    [[nodiscard]] bool areOver()
    {
        m_count = 0;
        for (int turn = 0; turn < 10; ++turn)
            QCoreApplication::processEvents();
        return m_count == 0;
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        m_count += event->type() == QEvent::LayoutRequest ? 1 : 0;
        return QObject::eventFilter(watched, event);
    }

private:
    int m_count = 0;
};

} // namespace

class ReadingLayoutTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void wordsLieOnTheLeadingSide_data();
    void wordsLieOnTheLeadingSide();
    void namesDoNotTurnTheLine();
    void textBeginsAtItsOwnSide_data();
    void textBeginsAtItsOwnSide();
    void subjectsEndInAnEllipsis();
    void titlesAreMuted();
    void attachmentsLeaveRoom();
    void structureLeavesRoom();
    void verdictsAreWholeInASplitter();
    void longFieldsAreWrapped();
    void buttonsGoBelowTheWords();
    void tabGoesFromTopToBottom();
    void findsOnlyWhereThereIsText();
    void layoutComesToRest_data();
    void layoutComesToRest();

private:
    QTemporaryDir m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
};

void ReadingLayoutTest::initTestCase()
{
    m_system = std::make_unique<mail::MailSystem>(m_folder.path());
    QVERIFY(test::start(*m_system));
}

void ReadingLayoutTest::wordsLieOnTheLeadingSide_data()
{
    QTest::addColumn<Qt::LayoutDirection>("direction");
    QTest::addColumn<QString>("words");
    QTest::newRow("Latin") << Qt::LeftToRight << latin;
    QTest::newRow("Hebrew") << Qt::LeftToRight << hebrew;
    QTest::newRow("Latin, mirrored") << Qt::RightToLeft << latin;
    QTest::newRow("Hebrew, mirrored") << Qt::RightToLeft << hebrew;
}

void ReadingLayoutTest::wordsLieOnTheLeadingSide()
{
    QFETCH(Qt::LayoutDirection, direction);
    QFETCH(QString, words);
    QWidget window;
    window.setLayoutDirection(direction);
    auto *column = new QVBoxLayout(&window);
    auto *delivery = new DeliveryPane;
    auto *bar = new InlineBar;
    column->addWidget(new MessageCard({words, {words + u'1'}, Tone::Neutral}));
    column->addWidget(bar);
    column->addWidget(delivery);
    delivery->show({{Tone::Neutral, words + u'2', {}, {words + u'3'}, {}, 0, {}}}, {});
    bar->say(InlineBar::Kind::Info, words + u'4');
    window.resize(600, 400);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    for (const char *mark : {"", "1", "2", "3", "4"}) {
        QLabel *label = labelWith(window, words + QLatin1String(mark));
        QVERIFY(label != nullptr);
        const auto [left, right] = blankSides(label);
        const auto [leading, trailing]
            = direction == Qt::RightToLeft ? std::pair(right, left) : std::pair(left, right);
        QVERIFY2(leading < 20 && trailing > 200, mark);
    }
}

void ReadingLayoutTest::namesDoNotTurnTheLine()
{
    MessageHeader header;
    mail::MessageView message;
    message.from = {{hebrew, QStringLiteral("noa@doar.example")}};
    header.show(message);
    QTextDocument line;
    line.setHtml(labelWith(header, QStringLiteral("noa@doar.example"))->text());
    QCOMPARE(line.firstBlock().textDirection(), Qt::LeftToRight);
    header.setLayoutDirection(Qt::RightToLeft);
    message.from = {{latin, QStringLiteral("maren@nordlys.example")}};
    header.show(message);
    line.setHtml(labelWith(header, QStringLiteral("maren@nordlys.example"))->text());
    QCOMPARE(line.firstBlock().textDirection(), Qt::RightToLeft);
}

void ReadingLayoutTest::textBeginsAtItsOwnSide_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("beginsRight");
    QTest::newRow("Latin") << latin << false;
    QTest::newRow("Hebrew") << hebrew << true;
    QTest::newRow("a quote in Hebrew") << QStringLiteral("> ") + hebrew << true;
    QTest::newRow("figures alone") << QStringLiteral("10:00") << false;
}

void ReadingLayoutTest::textBeginsAtItsOwnSide()
{
    QFETCH(QString, text);
    QFETCH(bool, beginsRight);
    for (const Qt::LayoutDirection window : {Qt::LeftToRight, Qt::RightToLeft}) {
        TextView view(TextView::Look::Prose);
        view.setLayoutDirection(window);
        view.resize(500, 200);
        view.showText(text);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.moveCursor(QTextCursor::Start);
        QCOMPARE(view.cursorRect().left() > 250, beginsRight);
    }
}

void ReadingLayoutTest::subjectsEndInAnEllipsis()
{
    SubjectLine line;
    const QString subject = QStringLiteral("word ").repeated(60).trimmed();
    line.show(subject);
    line.resize(400, 100);
    line.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&line));
    auto *label = line.findChild<QLabel *>();
    auto *more = line.findChild<QToolButton *>();
    QVERIFY(more->isVisible());
    QVERIFY(label->text().endsWith(u'\u2026'));
    QVERIFY(label->heightForWidth(label->width()) < 3 * label->fontMetrics().lineSpacing());
    more->click();
    QCOMPARE(label->text(), subject);
    more->click();
    QVERIFY(label->text().endsWith(u'\u2026'));
    line.resize(6000, 100);
    QTRY_VERIFY(!more->isVisible());
    QCOMPARE(label->text(), subject);
}

void ReadingLayoutTest::titlesAreMuted()
{
    QWidget window;
    window.setPalette(lightPalette());
    auto *header = new MessageHeader(&window);
    mail::MessageView message;
    message.from = {{latin, QStringLiteral("maren@nordlys.example")}};
    header->show(message);
    const QLabel *title = labelWith(*header, QStringLiteral("From"));
    QVERIFY(title != nullptr);
    QCOMPARE(title->palette().color(title->foregroundRole()), mutedText(lightPalette()));
}

void ReadingLayoutTest::attachmentsLeaveRoom()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *strip = new MessageAttachments;
    column->addWidget(new QWidget, 1);
    column->addWidget(strip);
    QList<mail::PartView> parts;
    for (int i = 1; i <= 12; ++i)
        parts.append(attachment(i));
    strip->show(parts);
    window.resize(420, 400);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const QToolButton *saveAll = nullptr;
    for (const QToolButton *button : strip->findChildren<QToolButton *>())
        if (button->text().startsWith(QLatin1String("Save all")))
            saveAll = button;
    QVERIFY(saveAll != nullptr);
    QTRY_VERIFY(strip->height() < 140);
    QVERIFY(window.rect().contains(placeIn(window, saveAll)));
    // What does not fit is brought into sight by the keyboard.
    const QList<QToolButton *> buttons = strip->findChildren<QToolButton *>();
    QToolButton *last = *std::find_if(buttons.cbegin(), buttons.cend(),
        [](const QToolButton *button) { return button->menu() != nullptr; });
    window.activateWindow();
    QTRY_VERIFY(window.isActiveWindow());
    strip->setFocus();
    for (int i = 0; i < 20 && !last->hasFocus(); ++i)
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(last->hasFocus());
    const QRect inside = placeIn(*last->parentWidget()->parentWidget(), last);
    QVERIFY(last->parentWidget()->parentWidget()->rect().intersects(inside));
}

void ReadingLayoutTest::structureLeavesRoom()
{
    StructureView view;
    QVERIFY(view.minimumSizeHint().height() < 150);
    view.show(
        mail::readMessage("Authentication-Results: b.example; spf=pass smtp.mailfrom=x.example\n"
                          "Received: from a.example by b.example; Sat, 29 Nov 2025 07:00:05 +0000\n\nx\n"));
    view.resize(500, 200);
    view.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    for (const QTreeWidget *rows : view.findChildren<QTreeWidget *>())
        QVERIFY(rows->viewport()->height() >= 3 * rows->fontMetrics().lineSpacing());
}

void ReadingLayoutTest::verdictsAreWholeInASplitter()
{
    QSplitter splitter(Qt::Vertical);
    auto *route = new RouteView;
    splitter.addWidget(route);
    route->show(mail::readMessage(
        "Authentication-Results: b.example; spf=fail smtp.mailfrom=x.example; dkim=pass header.d=y.example;\n"
        " dmarc=fail header.from=z.example; arc=none\n"
        "Received: from a.example by b.example; Sat, 29 Nov 2025 07:00:05 +0000\n\nx\n"));
    splitter.resize(320, 150);
    splitter.show();
    QVERIFY(QTest::qWaitForWindowExposed(&splitter));
    const QList<Chip *> chips = route->findChildren<Chip *>();
    QCOMPARE(chips.size(), 4);
    for (const Chip *chip : chips)
        QTRY_VERIFY(chip->parentWidget()->rect().contains(chip->geometry()));
}

void ReadingLayoutTest::longFieldsAreWrapped()
{
    HeaderView view;
    view.show({{QStringLiteral("Subject"), QStringLiteral("short")},
        {QStringLiteral("Received"), QStringLiteral("from a.example by b.example ").repeated(10)}});
    view.resize(500, 400);
    view.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const auto *tree = view.findChild<QTreeWidget *>();
    const auto height = [tree](int row) { return tree->visualItemRect(tree->topLevelItem(row)).height(); };
    QTRY_VERIFY(height(1) >= 4 * tree->fontMetrics().lineSpacing());
    QVERIFY(height(0) < 2 * tree->fontMetrics().lineSpacing());
}

void ReadingLayoutTest::buttonsGoBelowTheWords()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *bar = new InlineBar;
    column->addWidget(bar);
    column->addStretch(1);
    bar->say(InlineBar::Kind::Info, QStringLiteral("5 pictures from four servers were not loaded."));
    QList<QPushButton *> buttons;
    for (const char *text : {"Load pictures", "Always from this sender", "Always"})
        buttons += bar->addButton(QLatin1String(text), [] {});
    const QLabel *words = labelWith(*bar, QStringLiteral("5 pictures"));
    window.resize(1000, 300);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QTRY_VERIFY(placeIn(*bar, words).right() < placeIn(*bar, buttons.at(0)).left());
    window.resize(440, 300);
    QTRY_VERIFY(placeIn(*bar, words).bottom() < placeIn(*bar, buttons.at(0)).top());
    for (const QPushButton *button : buttons) {
        QTRY_VERIFY(bar->rect().contains(placeIn(*bar, button)));
        QVERIFY(button->width() >= button->sizeHint().width());
    }
}

/// The keyboard goes through the window as the eye does, and is always to be seen.
void ReadingLayoutTest::tabGoesFromTopToBottom()
{
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.resize(700, 600);
    pane.QWidget::show();
    pane.activateWindow();
    QTRY_VERIFY(pane.isActiveWindow());
    mail::MessageView message = mail::readMessage("From: a@x.example\nTo: b@x.example\nSubject: x\n\ntext\n");
    message.id = {{QStringLiteral("alice"), {}}, "1"};
    message.parts = {attachment(1), attachment(2)};
    pane.show(message);
    auto *bar = pane.findChild<WarningBar *>();
    bar->say(InlineBar::Kind::Warning, QStringLiteral("words"));
    bar->addButton(QStringLiteral("first"), [] {});
    const QPushButton *second = bar->addButton(QStringLiteral("second"), [] {});
    QTRY_VERIFY(second->isVisible()); // shown from the event loop
    pane.focusView();
    QStringList names;
    for (int i = 0; i < 20 && !names.contains(QStringLiteral("Message text")); ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        const auto *label = qobject_cast<QLabel *>(QApplication::focusWidget());
        const auto *button = qobject_cast<QAbstractButton *>(QApplication::focusWidget());
        const QString name = label ? label->selectedText()
            : button               ? button->text().section(u'\n', 0, 0)
                                   : QString();
        names += name.isEmpty() ? QApplication::focusWidget()->accessibleName() : name;
    }
    QCOMPARE(names,
        QStringList({attachment(1).fileName, attachment(2).fileName, QStringLiteral("Save all …"),
            QStringLiteral("More for this sender and this list"), QStringLiteral("a@x.example"),
            QStringLiteral("b@x.example"), QStringLiteral("first"), QStringLiteral("second"),
            QStringLiteral("Close this message"), QStringLiteral("Views of the message"),
            QStringLiteral("Message text")}));
}

void ReadingLayoutTest::layoutComesToRest_data()
{
    QTest::addColumn<int>("width");
    for (const int width : {1000, 700, 560, 400, 300})
        QTest::addRow("%d", width) << width;
}

/// A layout that asks for another one takes all of a processor, and nobody sees it.
void ReadingLayoutTest::layoutComesToRest()
{
    QFETCH(int, width);
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.resize(width, 600);
    pane.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&pane));
    mail::MessageView message
        = mail::readMessage("Authentication-Results: b.example; spf=pass smtp.mailfrom=x.example\n"
                            "Received: from a.example by b.example; Sat, 29 Nov 2025 07:00:05 +0000\n"
                            "From: a@x.example\nTo: b@x.example\nContent-Type: text/html\n\n<p>text</p>\n");
    message.id = {{QStringLiteral("alice"), {}}, "1"};
    message.subject = QStringLiteral("words ").repeated(60);
    for (int i = 1; i <= 12; ++i)
        message.parts.append(attachment(i));
    pane.show(message);
    auto *bar = pane.findChild<WarningBar *>();
    bar->say(InlineBar::Kind::Info, QStringLiteral("5 pictures from four servers were not loaded."));
    for (const char *text : {"Load pictures", "Always from this sender", "Always"})
        bar->addButton(QLatin1String(text), [] {});
    LayoutRequests requests;
    for (const auto view : {MessagePane::View::Message, MessagePane::View::Html, MessagePane::View::Source,
             MessagePane::View::Structure, MessagePane::View::Delivery}) {
        pane.setView(view);
        QTRY_VERIFY2(requests.areOver(), qPrintable(QString::number(int(view))));
    }
}

void ReadingLayoutTest::findsOnlyWhereThereIsText()
{
    MessagePane pane(m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane.resize(700, 600);
    pane.QWidget::show();
    pane.show(mail::readMessage("Subject: x\n\ntext\n"));
    const auto *row = pane.findChild<FindRow *>();
    pane.openFind();
    QVERIFY(row->isVisible());
    pane.setView(MessagePane::View::Source);
    QVERIFY(row->isVisible());
    pane.setView(MessagePane::View::Structure);
    QVERIFY(!row->isVisible());
}

QTEST_MAIN(ReadingLayoutTest)
#include "tst_readinglayout.moc"
