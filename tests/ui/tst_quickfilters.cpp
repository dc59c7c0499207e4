// The filter bar over the message list: what is on goes together and with a search, means all that it shows,
// keeps what is selected, and has one way out.
#include "mail/index/searchquery.h"
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/searchfield.h"
#include "ui/centralarea.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/quickfilters.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/emptystate.h"

#include <QAction>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolBar>
#include <QToolButton>

using namespace glasspost;
using namespace glasspost::ui;

using Flag = mail::MessageFlag;

namespace {

mail::CarriedMessage message(
    const QByteArray &subject, const QByteArray &from, const QByteArray &date, mail::MessageFlags flags)
{
    return {"From: <" + from + ">\nTo: alice@example.test\nSubject: " + subject + "\nDate: " + date
            + "\n\ntext of " + subject + "\n",
        flags};
}

mail::CarriedMessage withFile(const QByteArray &subject, const QByteArray &from, const QByteArray &date)
{
    return {"From: <" + from + ">\nTo: alice@example.test\nSubject: " + subject + "\nDate: " + date
            + "\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\ntext of " + subject
            + "\n--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx\n"
              "--x--\n",
        Flag::Seen};
}

QByteArray today()
{
    return QDateTime::currentDateTime().toString(Qt::RFC2822Date).toLatin1();
}

} // namespace

class TestQuickFilters : public QObject, private test::AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void showsWhatMeetsAllThatAreOn_data()
    {
        QTest::addColumn<QStringList>("filters");
        QTest::addColumn<QString>("search");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char *name, const char *filters, const char *search, const char *expected) {
            const auto list = [](const char *words) {
                return QString::fromLatin1(words).split(u' ', Qt::SkipEmptyParts);
            };
            QTest::newRow(name) << list(filters) << QString::fromLatin1(search) << list(expected);
        };
        row("unread", "Unread", "", "both new");
        row("flagged", "Flagged", "", "both flag");
        row("attachment", "Attachment", "", "file");
        row("today", "Today", "", "both");
        row("two of them", "Unread Flagged", "", "both");
        row("none is so", "Today Attachment", "", "");
        row("with a search", "Flagged", "text flag ", "flag");
        row("with alternatives", "Unread", "new OR flag", "new");
        row("with a bracket too many", "Unread", "new) OR flag", "new");
    }
    void showsWhatMeetsAllThatAreOn()
    {
        QFETCH(QStringList, filters);
        QFETCH(QString, search);
        QFETCH(QStringList, expected);
        keepFour();
        if (!search.isEmpty())
            part<MainToolBar>().searchField()->setText(search);
        QTRY_COMPARE(page().isSearching(), !search.isEmpty());
        page().showFilters(true);
        for (const QString &filter : filters)
            click(filter);
        QTRY_COMPARE_WITH_TIMEOUT(subjects(), expected, 20000);
        QCOMPARE(page().isSearching(), !search.isEmpty());
        QVERIFY(mail::parseSearch(page().filters()->terms()).notices.isEmpty());
        for (const QString &filter : filters)
            click(filter);
        QTRY_COMPARE_WITH_TIMEOUT(subjects().size(), search.isEmpty() ? 4 : subjectsFound(search), 20000);
    }

    void fromThisSenderIsTheCurrentOnes()
    {
        keepFour();
        page().showFilters(true);
        QVERIFY(!button("From this sender")->isEnabled());
        select("file");
        click(QStringLiteral("From this sender"));
        QTRY_COMPARE_WITH_TIMEOUT(
            subjects(), QStringList({QStringLiteral("both"), QStringLiteral("file")}), 20000);
        QCOMPARE(currentSubject(), QStringLiteral("file"));
        QVERIFY(button("From ann@example.org") != nullptr);
        select("both"); // whoever is looked at now
        QVERIFY(button("From ann@example.org")->isChecked());
        click(QStringLiteral("From ann@example.org"));
        QTRY_COMPARE_WITH_TIMEOUT(subjects().size(), 4, 20000);
    }

    void saysHowManyOfHowMany()
    {
        keepFour();
        page().showFilters(true);
        click(QStringLiteral("Flagged"));
        QTRY_COMPARE_WITH_TIMEOUT(subjects().size(), 2, 20000);
        QTRY_VERIFY2(facts().contains(QLatin1String("2 of 4 ")), qPrintable(facts()));
        keep({message("another", "z@example.org", today(), Flag::Seen)});
        QTRY_VERIFY2_WITH_TIMEOUT(facts().contains(QLatin1String("2 of 5 ")), qPrintable(facts()), 20000);
    }

    void whatIsSelectedStaysWhereItIsStillThere()
    {
        keepFour();
        page().showFilters(true);
        select("flag");
        click(QStringLiteral("Flagged"));
        QTRY_COMPARE_WITH_TIMEOUT(subjects().size(), 2, 20000);
        QCOMPARE(currentSubject(), QStringLiteral("flag"));
        QCOMPARE(page().selectedCount(), 1);
        click(QStringLiteral("Flagged"));
        QTRY_COMPARE_WITH_TIMEOUT(subjects().size(), 4, 20000);
        QCOMPARE(currentSubject(), QStringLiteral("flag"));
        // No other takes the place of one that is hidden: it would be opened, and count as read.
        select("file");
        click(QStringLiteral("Flagged"));
        QTRY_COMPARE_WITH_TIMEOUT(subjects().size(), 2, 20000);
        QCOMPARE(currentSubject(), QString());
        QCOMPARE(page().selectedCount(), 0);
    }

    void selectAllMeansAllThatTheFilterShows()
    {
        QList<mail::CarriedMessage> many;
        for (int i = 0; i < 900; ++i)
            many += message("bulk", "b@example.org", today(), i % 3 == 0 ? mail::MessageFlags() : Flag::Seen);
        keep(many);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 900, 20000);
        page().showFilters(true);
        click(QStringLiteral("Unread"));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 300, 20000);
        page().list()->setFocus();
        QTest::keyClick(page().list(), Qt::Key_A, Qt::ControlModifier);
        QTRY_COMPARE(page().selectedCount(), 300);
        QTest::keyClick(page().list(), Qt::Key_Delete);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 0, 20000);
        page().showFilters(false);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 600, 20000);
    }

    void everyWayOut_data()
    {
        QTest::addColumn<QString>("way");
        for (const char *way : {"Escape in the list", "Escape in the bar", "Escape where nothing is left",
                 "the cross", "the menu", "the button where nothing is left"})
            QTest::newRow(way) << QString::fromLatin1(way);
    }
    void everyWayOut()
    {
        QFETCH(QString, way);
        keepFour();
        part<MainToolBar>().searchField()->setText(QStringLiteral("text "));
        QTRY_VERIFY(page().isSearching());
        QAction *menu = part<Actions>()[ActionId::ShowFilters];
        menu->trigger();
        QVERIFY(page().filters()->isVisible() && menu->isChecked());
        click(QStringLiteral("Flagged"));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
        auto *empty = page().list()->parentWidget()->findChild<EmptyState *>();
        if (way.endsWith(QLatin1String("nothing is left"))) {
            page().list()->setFocus();
            click(QStringLiteral("Attachment"));
            QTRY_VERIFY_WITH_TIMEOUT(empty->isVisible(), 20000);
        }
        if (way == QLatin1String("Escape in the list")) {
            page().list()->setFocus();
            QTest::keyClick(page().list(), Qt::Key_Escape);
        } else if (way == QLatin1String("Escape in the bar")) {
            QTest::keyClick(button("Flagged"), Qt::Key_Escape);
        } else if (way == QLatin1String("Escape where nothing is left")) {
            QTRY_VERIFY(empty->button()->hasFocus());
            QTest::keyClick(empty->button(), Qt::Key_Escape);
        } else if (way == QLatin1String("the cross")) {
            for (auto *cross :
                page().filters()->findChildren<QToolButton *>(QString(), Qt::FindDirectChildrenOnly))
                QTest::mouseClick(cross, Qt::LeftButton);
        } else if (way == QLatin1String("the menu")) {
            menu->trigger();
        } else {
            QTest::mouseClick(empty->button(), Qt::LeftButton);
        }
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 4, 20000);
        QVERIFY(!page().filters()->isVisible() && !menu->isChecked());
        QVERIFY(page().filters()->terms().isEmpty());
        QVERIFY(page().isSearching()); // the next Escape is the search's
        page().list()->setFocus();
        QTest::keyClick(page().list(), Qt::Key_Escape);
        QTRY_VERIFY(!page().isSearching());
    }

    void anotherFolderIsShownWhole()
    {
        keepFour();
        page().showFilters(true);
        click(QStringLiteral("Flagged"));
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
        part<CentralArea>().go({Place::Kind::Folder, {inbox.user, QStringLiteral("Sent")}});
        QTRY_COMPARE(page().folder().folder, QStringLiteral("Sent"));
        QVERIFY(page().filters()->terms().isEmpty());
        part<CentralArea>().go({Place::Kind::Folder, inbox});
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 4, 20000);
    }

    void isWorkedByTheKeyboard()
    {
        keepFour();
        page().list()->setFocus();
        QTest::keyClick(page().list(), Qt::Key_K, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(button("Unread")->hasFocus());
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Tab);
        QVERIFY(button("Flagged")->hasFocus());
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Space);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Escape);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 4, 20000);
        QVERIFY(page().list()->hasFocus());
    }

private:
    [[nodiscard]] int rows() const { return page().list()->model()->rowCount(); }

    void keep(const QList<mail::CarriedMessage> &messages)
    {
        QVERIFY(test::awaited(m_system->mailboxes().keepMessages(inbox, messages)).has_value());
    }
    void keepFour()
    {
        const QByteArray earlier = "Mon, 02 Nov 2020 10:00:00 +0000";
        keep({message("both", "ann@example.org", today(), Flag::Flagged),
            withFile("file", "ann@example.org", earlier),
            message("flag", "bob@example.org", earlier, Flag::Seen | Flag::Flagged),
            message("new", "cid@example.org", earlier, {})});
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 4, 20000);
    }
    /// How many of the four the search alone finds.
    [[nodiscard]] static int subjectsFound(const QString &search)
    {
        return search.startsWith(QLatin1String("text")) ? 1 : 2;
    }
    [[nodiscard]] QStringList subjects() const
    {
        QStringList all;
        const QAbstractItemModel *model = page().list()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            all += model->index(row, MessageListModel::Subject).data().toString();
        all.sort();
        return all;
    }
    [[nodiscard]] QString currentSubject() const
    {
        const std::optional<mail::MessageRow> row = page().list()->currentRow();
        return row ? row->subject : QString();
    }
    void select(const char *subject)
    {
        const QAbstractItemModel *model = page().list()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, MessageListModel::Subject).data().toString() == QLatin1String(subject))
                page().list()->selectRow(row);
        }
        QCOMPARE(currentSubject(), QString::fromLatin1(subject));
    }
    [[nodiscard]] QToolButton *button(const char *text) const
    {
        for (auto *one : page().filters()->findChild<QToolBar *>()->findChildren<QToolButton *>()) {
            if (one->text() == QLatin1String(text))
                return one;
        }
        return nullptr;
    }
    void click(const QString &text)
    {
        QToolButton *one = button(text.toLatin1().constData());
        QVERIFY2(one != nullptr, qPrintable(text));
        one->click();
    }
    [[nodiscard]] QString facts() const
    {
        QString all;
        for (const auto *label : page().findChildren<ElidedLabel *>())
            all += label->text() + u'\n';
        return all;
    }
};

QTEST_MAIN(TestQuickFilters)
#include "tst_quickfilters.moc"
