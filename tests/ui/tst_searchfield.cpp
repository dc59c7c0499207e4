// The search field and what it offers while one types: by keys and by mouse.
#include "mail/index/searchquery.h"
#include "mail/index/searchtree.h"
#include "ui/actions/searchfield.h"
#include "ui/actions/searchsuggestions.h"
#include "ui/words/searchtext.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QMainWindow>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>
#include <QVBoxLayout>

using namespace glasspost;
using namespace glasspost::ui;

class TestSearchField : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_window = std::make_unique<QMainWindow>();
        auto *content = new QWidget;
        auto *column = new QVBoxLayout(content);
        m_field = new SearchField;
        m_field->setNames([] {
            return SearchNames{
                {QStringLiteral("Inbox"), QStringLiteral("Old things"), QStringLiteral("Sent")}, {}};
        });
        m_other = new QPushButton(QStringLiteral("Other"));
        column->addWidget(m_field);
        column->addWidget(m_other);
        column->addStretch();
        m_window->setCentralWidget(content);
        m_window->resize(600, 500);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_field->setFocus();
        QTRY_VERIFY(m_field->hasFocus());
    }
    void cleanup() { m_window.reset(); }

    void suggests_data()
    {
        QTest::addColumn<QString>("text"); // the cursor stands at |
        QTest::addColumn<QStringList>("expected"); // the whole text with each suggestion taken
        const auto row = [](const char *text, const QStringList &expected) {
            QTest::newRow(text) << QString::fromUtf8(text) << expected;
        };
        using List = QStringList;
        row("|", {});
        row("f|", List{QStringLiteral("from:"), QStringLiteral("filename:")});
        row("fr|", List{QStringLiteral("from:")});
        row("FR|", List{QStringLiteral("from:")});
        row("fri|", {});
        row("from|", List{QStringLiteral("from:")});
        row("from:|", {}); // names follow, and nobody's are known here
        row("lunch -fr|", List{QStringLiteral("lunch -from:")});
        row("(fr|", List{QStringLiteral("(from:")});
        row("fr| lunch", List{QStringLiteral("from: lunch")});
        row("\"a fr|", {});
        row("\"a b\" fr|", List{QStringLiteral("\"a b\" from:")});
        row("has:|", List{QStringLiteral("has:attachment ")});
        row("is:un|", List{QStringLiteral("is:unread ")});
        row("Is:F|", List{QStringLiteral("is:flagged "), QStringLiteral("is:forwarded ")});
        row("is:pretty|", {});
        row("in:o|", List{QStringLiteral("in:\"Old things\" ")});
        row("in:|",
            List{QStringLiteral("in:Inbox "), QStringLiteral("in:\"Old things\" "),
                QStringLiteral("in:Sent ")});
        row("larger:1|",
            List{
                QStringLiteral("larger:100k "), QStringLiteral("larger:1M "), QStringLiteral("larger:10M ")});
        row("ta|", List{QStringLiteral("tag:")});
        row("tag:|", List{QStringLiteral("tag:\"To do\" "), QStringLiteral("tag:work ")});
        row("-tag:W|", List{QStringLiteral("-tag:work ")});
        row("lunch |", {});
        row("a:b|", {});
    }
    void suggests()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, expected);
        const qsizetype cursor = text.indexOf(u'|');
        text.remove(u'|');
        const SearchNames names{
            {QStringLiteral("Inbox"), QStringLiteral("Old things"), QStringLiteral("Sent")},
            {QStringLiteral("To do"), QStringLiteral("work")}};
        const SearchSuggestions found = suggestionsFor(text, cursor, names);
        QStringList taken;
        for (const SearchSuggestion &one : found.list)
            taken += text.left(found.begin) + one.text + text.sliced(cursor);
        QCOMPARE(taken, expected);
    }

    /// What is offered is understood, and each operator has its meaning.
    void offersWhatIsUnderstood()
    {
        for (const mail::SearchOperator &known : mail::searchOperators()) {
            QVERIFY2(!searchOperatorMeaning(known.field).isEmpty(), qPrintable(known.name));
            for (const QString &value : searchExamples(known.field)) {
                const QString term = known.name + u':' + value + u' ';
                QVERIFY2(mail::parseSearch(term).notices.isEmpty(), qPrintable(term));
                QVERIFY2(!searchValueMeaning(known.field, value).isEmpty(), qPrintable(term));
            }
            for (const QString &value : known.values.mid(0, 1))
                QVERIFY2(searchExamples(known.field).contains(value), qPrintable(value));
        }
    }

    void showsOperatorsWhileOneTypes()
    {
        QVERIFY(!isShown());
        QTest::keyClicks(m_field, QStringLiteral("f"));
        QVERIFY(isShown());
        const QAbstractItemModelTester tester(list()->model());
        QCOMPARE(shown(), (QStringList{QStringLiteral("from:"), QStringLiteral("filename:")}));
        QCOMPARE(list()->model()->index(0, 1).data().toString(), QStringLiteral("sender"));
        // It stays out of the way: no focus, nothing chosen, below the field and within the window.
        QVERIFY(m_field->hasFocus());
        QVERIFY(!list()->currentIndex().isValid());
        QVERIFY(list()->y() >= m_field->mapTo(m_window.get(), QPoint(0, m_field->height())).y());
        QVERIFY(m_window->rect().contains(list()->geometry()));
        QTest::keyClicks(m_field, QStringLiteral("rida"));
        QVERIFY(!isShown());
        QTest::keyClicks(m_field, QStringLiteral("y at noon is"));
        QVERIFY(isShown());
        QTest::keyClicks(m_field, QStringLiteral(" it"));
        QVERIFY(!isShown());
        QCOMPARE(m_field->text(), QStringLiteral("friday at noon is it"));
    }

    void enterWithoutAChoiceGoesToTheResults()
    {
        const QSignalSpy entered(m_field, &SearchField::entered);
        QTest::keyClicks(m_field, QStringLiteral("fr"));
        QVERIFY(isShown());
        QTest::keyClick(m_field, Qt::Key_Return);
        QVERIFY(!isShown());
        QCOMPARE(entered.size(), 1);
        QCOMPARE(m_field->text(), QStringLiteral("fr"));
    }

    void takesAChoice_data()
    {
        QTest::addColumn<int>("key");
        QTest::newRow("Enter") << int(Qt::Key_Return);
        QTest::newRow("Tab") << int(Qt::Key_Tab);
        QTest::newRow("the mouse") << 0;
    }
    void takesAChoice()
    {
        QFETCH(int, key);
        const QSignalSpy entered(m_field, &SearchField::entered);
        QTest::keyClicks(m_field, QStringLiteral("lunch i"));
        QCOMPARE(shown(), (QStringList{QStringLiteral("is:"), QStringLiteral("in:"), QStringLiteral("id:")}));
        take(0, key);
        QCOMPARE(m_field->text(), QStringLiteral("lunch is:"));
        // And goes on with what the operator takes.
        QVERIFY(isShown());
        QCOMPARE(shown().first(), QStringLiteral("is:unread"));
        QTest::keyClicks(m_field, QStringLiteral("f"));
        take(1, key);
        QCOMPARE(m_field->text(), QStringLiteral("lunch is:forwarded "));
        QVERIFY(!isShown());
        QVERIFY(m_field->hasFocus());
        QCOMPARE(entered.size(), 0);
        QTest::keyClick(m_field, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(m_field->text() != QStringLiteral("lunch is:forwarded "));
    }

    void downShowsAllAndComesRound()
    {
        QTest::keyClick(m_field, Qt::Key_Down);
        QVERIFY(isShown());
        QCOMPARE(shown().size(), mail::searchOperators().size());
        QVERIFY(!list()->currentIndex().isValid());
        QTest::keyClick(m_field, Qt::Key_Up);
        QCOMPARE(list()->currentIndex().row(), int(mail::searchOperators().size()) - 1);
        QTest::keyClick(m_field, Qt::Key_Down);
        QVERIFY(!list()->currentIndex().isValid());
        QTest::keyClick(m_field, Qt::Key_Down);
        QTest::keyClick(m_field, Qt::Key_Down);
        QTest::keyClick(m_field, Qt::Key_Return);
        QCOMPARE(m_field->text(), QStringLiteral("to:"));
    }

    void escapeClosesTheListFirst()
    {
        const QSignalSpy left(m_field, &SearchField::left);
        QTest::keyClicks(m_field, QStringLiteral("fr"));
        QTest::keyClick(m_field, Qt::Key_Escape);
        QVERIFY(!isShown());
        QCOMPARE(m_field->text(), QStringLiteral("fr"));
        QCOMPARE(left.size(), 0);
        QTest::keyClick(m_field, Qt::Key_Escape);
        QCOMPARE(left.size(), 1);
        QVERIFY(m_field->text().isEmpty());
    }

    void goesAway_data()
    {
        QTest::addColumn<QString>("way");
        for (const char *way : {"focus", "text set", "cursor to the front", "narrower"})
            QTest::newRow(way) << QString::fromLatin1(way);
    }
    void goesAway()
    {
        QFETCH(QString, way);
        QTest::keyClicks(m_field, QStringLiteral("fr"));
        QVERIFY(isShown());
        if (way == QLatin1String("focus"))
            QTest::keyClick(m_field, Qt::Key_Tab); // nothing is chosen: to the next widget as ever
        else if (way == QLatin1String("text set"))
            m_field->setText(QStringLiteral("from:ann"));
        else if (way == QLatin1String("cursor to the front"))
            QTest::keyClick(m_field, Qt::Key_Home);
        else
            m_window->resize(300, 400);
        QTRY_VERIFY(!isShown());
        QCOMPARE(m_other->hasFocus(), way == QLatin1String("focus"));
    }

    /// What was set by the program, a search for a sender say, offers nothing.
    void offersNothingForTextThatNobodyTyped()
    {
        m_field->setText(QStringLiteral("fr"));
        QVERIFY(!isShown());
    }

    void tellsOnceWhatIsTypedAtOnce()
    {
        const QSignalSpy searched(m_field, &SearchField::searched);
        QTest::keyClicks(m_field, QStringLiteral("from:ann "));
        QTRY_COMPARE(searched.size(), 1);
        QCOMPARE(searched.first().first().toString(), QStringLiteral("from:ann "));
        QTest::keyClick(m_field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(m_field, Qt::Key_Space);
        QTRY_COMPARE(searched.size(), 2);
        QVERIFY(searched.last().first().toString().isEmpty());
        m_field->clearQuietly();
        QTest::keyClicks(m_field, QStringLiteral("x"));
        QTRY_COMPARE(searched.size(), 3);
        QCOMPARE(searched.last().first().toString(), QStringLiteral("x"));
    }

    void staysInTheWindowMirrored()
    {
        m_window->setLayoutDirection(Qt::RightToLeft);
        QTest::keyClick(m_field, Qt::Key_Down);
        QVERIFY(isShown());
        QVERIFY(m_window->rect().contains(list()->geometry()));
        const int edge = m_field->mapTo(m_window.get(), QPoint(m_field->width(), 0)).x();
        QVERIFY(qAbs(list()->geometry().right() + 1 - edge) <= 8);
    }

    void saysWhatWasNotUnderstood()
    {
        QVERIFY(searchNotices(QStringLiteral("from:ann is:unread")).isEmpty());
        const QStringList notices = searchNotices(QStringLiteral("sender:ann before:soon"));
        QCOMPARE(notices.size(), 2);
        QVERIFY(notices.first().contains(QStringLiteral("sender:")));
        QVERIFY(notices.last().contains(QStringLiteral("before:soon")));
        QVERIFY(nothingFoundText(QStringLiteral("sender:ann")).contains(notices.first()));
    }

private:
    [[nodiscard]] QTreeView *list() const { return m_field->suggestions(); }
    [[nodiscard]] bool isShown() const { return list() && list()->isVisible(); }
    [[nodiscard]] QStringList shown() const
    {
        QStringList texts;
        for (int row = 0; row < list()->model()->rowCount(); ++row)
            texts += list()->model()->index(row, 0).data().toString();
        return texts;
    }
    void take(int row, int key)
    {
        const QModelIndex index = list()->model()->index(row, 0);
        if (key == 0) {
            QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, list()->visualRect(index).center());
            return;
        }
        for (int i = 0; i <= row; ++i)
            QTest::keyClick(m_field, Qt::Key_Down);
        QCOMPARE(list()->currentIndex().row(), row);
        QTest::keyClick(m_field, Qt::Key(key));
    }

    std::unique_ptr<QMainWindow> m_window;
    SearchField *m_field = nullptr;
    QPushButton *m_other = nullptr;
};

QTEST_MAIN(TestSearchField)
#include "tst_searchfield.moc"
