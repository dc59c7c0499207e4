// Links in plain text by the keyboard.
#include "ui/message/textview.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QUrl>
#include <QVBoxLayout>

using namespace glasspost;
using namespace glasspost::ui;

class TextLinksTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linksAreFollowedByKeys();
    void sourceHasNoLinks();
    void oneKeyLooksThroughSoMuch_data();
    void oneKeyLooksThroughSoMuch();
};

void TextLinksTest::linksAreFollowedByKeys()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *view = new TextView(TextView::Look::Prose);
    auto *after = new QLineEdit;
    column->addWidget(view);
    column->addWidget(after);
    view->showText(QStringLiteral("Read https://one.example/a, or\n> q\n> q\n> mailto:two@x.example\nend\n"));
    window.resize(400, 300);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTRY_VERIFY(!view->isFilling());
    view->foldQuotes(Folding::Folded);
    view->setFocus();
    view->moveCursor(QTextCursor::End);
    const QSignalSpy followed(view, &TextView::linkActivated);
    QTest::keyClick(view, Qt::Key_Return);
    QVERIFY(followed.isEmpty());
    view->moveCursor(QTextCursor::Start);
    QTest::keyClick(view, Qt::Key_Tab);
    QCOMPARE(view->textCursor().selectedText(), QStringLiteral("https://one.example/a"));
    QTest::keyClick(view, Qt::Key_Return);
    QCOMPARE(followed.value(0).value(0).toUrl(), QUrl(QStringLiteral("https://one.example/a")));
    QTest::keyClick(view, Qt::Key_Tab);
    QCOMPARE(view->textCursor().selectedText(), QStringLiteral("mailto:two@x.example"));
    QVERIFY(view->textCursor().block().isVisible()); // its quote was folded
    QTest::keyClick(view, Qt::Key_Enter);
    QCOMPARE(followed.value(1).value(0).toUrl(), QUrl(QStringLiteral("mailto:two@x.example")));
    QTest::keyClick(view, Qt::Key_Backtab, Qt::ShiftModifier);
    QCOMPARE(view->textCursor().selectedText(), QStringLiteral("https://one.example/a"));
    QTest::keyClick(view, Qt::Key_Tab);
    QTest::keyClick(view, Qt::Key_Tab);
    QTRY_VERIFY(after->hasFocus());
    QCOMPARE(followed.size(), 2);
}

void TextLinksTest::sourceHasNoLinks()
{
    TextView view(TextView::Look::Source);
    view.showText(QStringLiteral("https://one.example/a\n"));
    view.resize(300, 100);
    view.show();
    QTRY_VERIFY(!view.isFilling());
    view.moveCursor(QTextCursor::Start);
    const QSignalSpy followed(&view, &TextView::linkActivated);
    QTest::keyClick(&view, Qt::Key_Return);
    const QPoint at = view.cursorRect().center();
    QContextMenuEvent event(QContextMenuEvent::Keyboard, at, view.mapToGlobal(at));
    QCoreApplication::sendEvent(&view, &event);
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu != nullptr);
    for (const QAction *row : menu->actions())
        QVERIFY(!row->text().contains(QStringLiteral("link")));
    menu->close();
    QVERIFY(followed.isEmpty());
}

void TextLinksTest::oneKeyLooksThroughSoMuch_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<bool>("isReached");
    const QString line = QString(499, u'a') + u'\n';
    QTest::newRow("100,000 characters") << line.repeated(200) << true;
    QTest::newRow("250,000 characters") << line.repeated(500) << false;
    QTest::newRow("4,000 lines") << QString(4000, u'\n') << true;
    QTest::newRow("6,000 lines") << QString(6000, u'\n') << false;
}

/// Tab leaves the text where the next link is far.
void TextLinksTest::oneKeyLooksThroughSoMuch()
{
    QFETCH(QString, before);
    QFETCH(bool, isReached);
    TextView view(TextView::Look::Prose);
    view.showText(before + QStringLiteral("https://one.example/a\n"));
    view.resize(400, 300);
    view.show();
    QTRY_VERIFY_WITH_TIMEOUT(!view.isFilling(), 40000);
    view.moveCursor(QTextCursor::Start);
    QTest::keyClick(&view, Qt::Key_Tab);
    QCOMPARE(view.textCursor().selectedText() == QStringLiteral("https://one.example/a"), isReached);
}

QTEST_MAIN(TextLinksTest)
#include "tst_textlinks.moc"
