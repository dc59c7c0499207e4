#include "mail/index/searchhits.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/mailbox/placestree.h"
#include "ui/theme/theme.h"
#include "ui/words/foldertext.h"

#include <QAbstractItemModelTester>
#include <QDrag>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QMimeData>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// Any number of messages, numbered downwards from the newest; answers when told to, or at once.
class Source
{
public:
    explicit Source(int total) : m_total(total) { }

    RowSource rows()
    {
        return {[this](const mail::RowQuery &query, const std::stop_token &) {
                    ++asked;
                    return mail::runOn(&m_context, [this, query] { return page(query); });
                },
            [this](const mail::RowQuery &query, const std::stop_token &) {
                ++ordersAsked;
                if (onOrder)
                    std::exchange(onOrder, {})(); // between the question and the look at the index
                return mail::runOn(&m_context, [this, query] { return order(query); });
            }};
    }
    void arrive(int count) { m_total += count; }
    void remove(int number) { m_gone.insert(number); }

    int asked = 0;
    int ordersAsked = 0;
    std::function<void()> onOrder;

private:
    [[nodiscard]] mail::RowOrder order(const mail::RowQuery &query) const
    {
        mail::RowOrder order{1, {}, {}};
        for (int number = m_total; number > 0; --number) {
            if (!m_gone.contains(number))
                order.numbers.append(number);
        }
        if (query.order == Qt::AscendingOrder)
            std::reverse(order.numbers.begin(), order.numbers.end());
        return order;
    }
    [[nodiscard]] mail::RowPage page(const mail::RowQuery &query) const
    {
        mail::RowPage answer{query, m_total - int(m_gone.size()), {}, false, 1, m_total};
        if (query.order == Qt::AscendingOrder) {
            for (const qint64 number : order(query).numbers.mid(query.offset, query.limit))
                answer.rows.append(message(int(number)));
            return answer;
        }
        int row = 0;
        for (int number = m_total; number > 0 && answer.rows.size() < query.limit; --number) {
            if (m_gone.contains(number))
                continue;
            // Far pages without walking there, as long as nothing is gone.
            if (m_gone.isEmpty() && row < query.offset) {
                number = m_total - query.offset;
                row = query.offset;
            }
            if (row++ < query.offset)
                continue;
            answer.rows.append(message(number));
        }
        return answer;
    }
    static mail::MessageRow message(int number)
    {
        mail::MessageRow row;
        row.id = {{QStringLiteral("alice"), {}}, QByteArray::number(number)};
        row.fromName = QStringLiteral("Sender %1").arg(number);
        row.subject = QStringLiteral("Message %1").arg(number);
        row.date = 1700000000 + number;
        row.size = 1000;
        row.number = number;
        return row;
    }

    QObject m_context;
    int m_total;
    QSet<int> m_gone;
};

mail::RowQuery inbox()
{
    mail::RowQuery query;
    query.folder = {QStringLiteral("alice"), {}};
    return query;
}

/// A list of so many messages, shown, with its rows loaded.
struct Shown
{
    Shown(int total, int width) : source(total), model(source.rows()), list(&model)
    {
        list.resize(width, 400);
        list.show();
        model.setQuery(inbox());
        QVERIFY(
            QTest::qWaitFor([this, total] { return model.rowCount() == total && model.row(0).has_value(); }));
    }
    /// The numbers of the selected messages, as soon as the list knows them.
    QSet<qint64> selected()
    {
        std::optional<QList<qint64>> numbers;
        list.selected().withNumbers([&numbers](const mail::RowOrder &rows) { numbers = rows.numbers; });
        if (!QTest::qWaitFor([&numbers] { return numbers.has_value(); }))
            qWarning("the list did not say which messages are selected");
        const QList<qint64> all = numbers.value_or(QList<qint64>());
        return {all.cbegin(), all.cend()};
    }

    Source source;
    MessageListModel model;
    MessageList list;
};

/// Every number of a range but for some.
QSet<qint64> numbers(qint64 from, qint64 to, const QSet<qint64> &without = {})
{
    QSet<qint64> all;
    for (qint64 number = from; number <= to; ++number)
        all.insert(number);
    return all - without;
}

QByteArray currentNumber(const MessageList &list)
{
    const auto row = list.currentRow();
    return row ? row->id.unique : QByteArray();
}

} // namespace

class TestMessageList : public QObject
{
    Q_OBJECT
private:
    static void letMailCome(Shown &shown)
    {
        const int before = shown.model.rowCount();
        shown.source.arrive(2);
        shown.model.refresh();
        QTRY_COMPARE(shown.model.rowCount(), before + 2);
    }
    /// Does what the words say, as a person at the list.
    static void press(Shown &shown, const QString &words)
    {
        MessageList &list = shown.list;
        const auto click = [&list](int y, Qt::KeyboardModifiers keys) {
            QTest::mouseClick(list.viewport(), Qt::LeftButton, keys, {60, y});
        };
        for (const QString &word : words.split(u' ')) {
            if (word == QLatin1String("all"))
                list.selectAll();
            else if (word == QLatin1String("end"))
                QTest::keyClick(&list, Qt::Key_End);
            else if (word == QLatin1String("ctrl-end"))
                QTest::keyClick(&list, Qt::Key_End, Qt::ControlModifier);
            else if (word == QLatin1String("ctrl-shift-end"))
                QTest::keyClick(&list, Qt::Key_End, Qt::ControlModifier | Qt::ShiftModifier);
            else if (word == QLatin1String("shift-end"))
                QTest::keyClick(&list, Qt::Key_End, Qt::ShiftModifier);
            else if (word == QLatin1String("ctrl-shift-home"))
                QTest::keyClick(&list, Qt::Key_Home, Qt::ControlModifier | Qt::ShiftModifier);
            else if (word == QLatin1String("shift-down"))
                QTest::keyClick(&list, Qt::Key_Down, Qt::ShiftModifier);
            else if (word == QLatin1String("ctrl"))
                QTest::keyClick(&list, Qt::Key_Control);
            else if (word == QLatin1String("mail"))
                letMailCome(shown);
            else if (word == QLatin1String("scroll"))
                list.scrollTo(shown.model.index(50000, 0), QAbstractItemView::PositionAtTop);
            else if (word == QLatin1String("shift-click"))
                click(list.rowViewportPosition(50000) + 4, Qt::ShiftModifier);
            else if (word == QLatin1String("ctrl-click-5"))
                click(list.rowViewportPosition(5) + 4, Qt::ControlModifier);
            else
                list.selectRow(word.toInt());
        }
    }

private Q_SLOTS:
    void lightsWhatASearchFound_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<QString>("search");
        QTest::addColumn<bool>("isLit");
        for (const auto &[tag, width] : {std::pair("in columns", 900), std::pair("in two lines", 300)}) {
            const auto row = [tag = tag, width = width](const char *search, bool isLit) {
                QTest::addRow("%s %s", search, tag) << width << QString::fromLatin1(search) << isLit;
            };
            row("message", true);
            row("subject:message", true);
            row("from:sender", true);
            row("from:message", false);
            row("body:message", false);
            row("-message", false);
        }
    }
    void lightsWhatASearchFound()
    {
        QFETCH(int, width);
        QFETCH(QString, search);
        QFETCH(bool, isLit);
        Shown shown(3, width);
        shown.list.clearSelection();
        const QRgb light = toneFill(shown.list.palette(), Tone::Deferred).rgb();
        const auto pixels = [&] {
            const QImage image = shown.list.viewport()->grab().toImage();
            int count = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x)
                    count += image.pixel(x, y) == light;
            }
            return count;
        };
        QCOMPARE(pixels(), 0);
        shown.list.setHits(mail::SearchHits(search));
        QCOMPARE(pixels() > 100, isLit);
        shown.list.setHits({});
        QCOMPARE(pixels(), 0);
    }

    void aMillionRowsAreReadByThePage()
    {
        Source source(1000000);
        MessageListModel model(source.rows());
        const QAbstractItemModelTester tester(&model);
        MessageList list(&model);
        list.resize(700, 400);
        list.show();
        model.setQuery(inbox());
        QTRY_COMPARE(model.rowCount(), 1000000);
        list.scrollToBottom();
        QTRY_VERIFY(model.row(999999).has_value());
        QCOMPARE(model.row(999999)->id.unique, QByteArray("1"));
        QVERIFY(!model.row(500000).has_value());
        QVERIFY(source.asked < 8);
    }

    void whatSearchFindsNamesItsFolder()
    {
        Source source(3);
        MessageListModel model(source.rows());
        model.setQuery(inbox());
        QTRY_COMPARE(model.rowCount(), 3);
        QVERIFY(!model.chip(*model.row(0)).has_value());
        mail::RowQuery search;
        search.searchText = QStringLiteral("message");
        model.setQuery(search);
        QTRY_COMPARE(model.rowCount(), 3);
        QVERIFY(model.chip(*model.row(0)).has_value());
        QCOMPARE(model.chip(*model.row(0))->text, QStringLiteral("Inbox, alice"));
    }

    void newMailLeavesSelectionAndPlace()
    {
        Source source(2000);
        MessageListModel model(source.rows());
        MessageList list(&model);
        list.resize(700, 400);
        list.show();
        model.setQuery(inbox());
        QTRY_COMPARE(model.rowCount(), 2000);
        list.selectRow(100);
        QCOMPARE(currentNumber(list), QByteArray("1900"));
        list.scrollTo(model.index(100, 0), QAbstractItemView::PositionAtTop);
        const auto top = model.row(list.rowAt(0))->id;
        QSignalSpy current(&list, &MessageList::currentMessageChanged);
        source.arrive(3);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 2003);
        QCOMPARE(currentNumber(list), QByteArray("1900"));
        QCOMPARE(list.selected().count(), 1);
        QCOMPARE(list.currentIndex().row(), 103);
        QCOMPARE(model.row(list.rowAt(0))->id, top);
        QCOMPARE(current.count(), 0);
    }

    void atTheTopNewMailIsSeen()
    {
        Source source(2000);
        MessageListModel model(source.rows());
        MessageList list(&model);
        list.resize(700, 400);
        list.show();
        model.setQuery(inbox());
        QTRY_COMPARE(model.rowCount(), 2000);
        source.arrive(1);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 2001);
        QCOMPARE(list.verticalScrollBar()->value(), 0);
        QCOMPARE(model.row(0)->id.unique, QByteArray("2001"));
    }

    void theNextTakesTheDeletedOnesPlace()
    {
        Source source(50);
        MessageListModel model(source.rows());
        MessageList list(&model);
        list.resize(700, 400);
        list.show();
        model.setQuery(inbox());
        QTRY_COMPARE(model.rowCount(), 50);
        list.selectRow(4);
        QCOMPARE(currentNumber(list), QByteArray("46"));
        source.remove(46);
        model.refresh();
        QTRY_COMPARE(model.rowCount(), 49);
        QCOMPARE(currentNumber(list), QByteArray("45"));
        QCOMPARE(list.selected().count(), 1);
    }

    void narrowItFoldsToTwoLines()
    {
        Source source(50);
        MessageListModel model(source.rows());
        MessageList list(&model);
        list.resize(900, 400);
        list.show();
        model.setQuery(inbox());
        QTRY_COMPARE(model.rowCount(), 50);
        QVERIFY(!list.isColumnHidden(MessageListModel::Subject));
        const int wide = list.rowHeight(0);
        list.resize(400, 400);
        QTRY_VERIFY(list.isColumnHidden(MessageListModel::Subject));
        QVERIFY(list.rowHeight(0) > wide);
        list.resize(900, 400);
        QTRY_VERIFY(!list.isColumnHidden(MessageListModel::Subject));
        QCOMPARE(list.rowHeight(0), wide);
    }

    void sortingAsksAnew()
    {
        Source source(50);
        MessageListModel model(source.rows());
        model.setQuery(inbox());
        QTRY_COMPARE(model.rowCount(), 50);
        model.sort(MessageListModel::Size, Qt::AscendingOrder);
        QCOMPARE(model.query().sort, mail::SortKey::Size);
        QCOMPARE(model.query().order, Qt::AscendingOrder);
        QTRY_COMPARE(model.rowCount(), 50);
        QCOMPARE(source.asked, 2);
    }

    // Messages are numbered downwards: row 0 of 100,000 is number 100,000.
    void selectsWhatItSays_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<QString>("keys");
        QTest::addColumn<QSet<qint64>>("expected");
        for (const int width : {900, 400}) {
            const auto row = [width](const char *tag, const char *keys, const QSet<qint64> &expected) {
                QTest::addRow("%s, %d wide", tag, width) << width << QString::fromLatin1(keys) << expected;
            };
            row("T45 Ctrl+A", "all", numbers(1, 100000));
            row("T45 Ctrl+Shift+End from row 3", "3 ctrl-shift-end", numbers(1, 99997));
            if (width == 400)
                continue;
            row("T45 Shift+End from row 3", "3 shift-end", numbers(1, 99997));
            row("T45 Ctrl+Shift+Home from the end", "end ctrl-shift-home", numbers(1, 100000));
            row("T45 a click, far scrolling, Shift+click", "3 scroll shift-click", numbers(50000, 99997));
            row("T45 Ctrl+Shift+End after new mail", "3 mail ctrl-shift-end", numbers(1, 99997));
            row("T45 all but one", "all ctrl-click-5", numbers(1, 100000, {99995}));
            row("T45 Ctrl+End after all that is below", "3 ctrl-shift-end ctrl-end", numbers(1, 1));
            row("T45 End from within all", "all end", numbers(1, 1));
            row("T45 End, with all selected and the last row current", "end all end", numbers(1, 1));
            row("T45 Shift+Down from a row that J went to", "end 3 shift-down", numbers(99996, 99997));
            row("T45 Shift+Down, new mail, Shift+Down", "3 shift-down shift-down mail shift-down",
                numbers(99994, 99997));
            row("T45 Shift+Click, new mail, Shift+click", "3 scroll shift-click mail scroll shift-click",
                numbers(50002, 99997));
            row("T45 to the end, new mail, to the top", "3 ctrl-shift-end mail ctrl-shift-home",
                numbers(99997, 100002));
            row("T45 Ctrl by itself, new mail, to the top",
                "3 shift-down shift-down ctrl mail ctrl-shift-home", numbers(99997, 100002));
            row("T45 five rows in sight", "3 shift-down shift-down", numbers(99995, 99997));
        }
    }
    void selectsWhatItSays()
    {
        QFETCH(int, width);
        QFETCH(QString, keys);
        QFETCH(QSet<qint64>, expected);
        Shown shown(100000, width);
        press(shown, keys);
        QCOMPARE(shown.selected(), expected);
        QCOMPARE(shown.list.selected().count(), int(expected.size()));
        // Mail that comes in is not selected, what is selected stays so.
        const int before = shown.model.rowCount();
        shown.source.arrive(3);
        shown.model.refresh();
        QTRY_COMPARE(shown.model.rowCount(), before + 3);
        QCOMPARE(shown.selected(), expected);
        QCOMPARE(shown.list.selected().count(), int(expected.size()));
        QVERIFY(!shown.list.selectionModel()->isRowSelected(0, {}));
        // And what another program removes is no longer.
        shown.source.remove(int(*expected.constBegin()));
        shown.model.refresh();
        QTRY_COMPARE(shown.model.rowCount(), before + 2);
        // Where one alone was selected its neighbour is.
        const qint64 gone = *expected.constBegin();
        const QSet<qint64> left
            = expected.size() > 1 ? expected - QSet<qint64>{gone} : numbers(gone + 1, gone + 1);
        QTRY_COMPARE(shown.selected(), left);
    }

    void anotherFolderBeginsWithNothingOpen()
    {
        Shown shown(1000, 900);
        press(shown, QStringLiteral("5"));
        mail::RowQuery other = inbox();
        other.folder.folder = QStringLiteral("Sent");
        shown.model.setQuery(other);
        QTRY_VERIFY(shown.model.row(0).has_value() && !shown.list.currentRow());
        QSignalSpy opened(&shown.list, &MessageList::currentMessageChanged);
        shown.source.arrive(3);
        shown.model.refresh();
        QTRY_COMPARE(shown.model.rowCount(), 1003);
        shown.model.sort(MessageListModel::Size, Qt::AscendingOrder);
        QTRY_COMPARE(shown.model.query().sort, mail::SortKey::Size);
        QTRY_VERIFY(shown.model.row(0).has_value());
        QVERIFY(!shown.list.currentRow().has_value());
        QCOMPARE(opened.size(), 0);
    }

    /// A flag that changes somewhere: no row moves, and the list stays as it is scrolled.
    void whatMovesNoRowResetsNothing()
    {
        Shown shown(1000, 900);
        shown.list.verticalScrollBar()->setValue(3);
        const int value = shown.list.verticalScrollBar()->value();
        const QSignalSpy reset(&shown.model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&shown.model, &QAbstractItemModel::dataChanged);
        shown.model.refresh();
        QTRY_VERIFY(!changed.isEmpty());
        QCOMPARE(reset.size(), 0);
        QCOMPARE(shown.list.verticalScrollBar()->value(), value);
    }

    void mailThatComesWhileOneSelectsIsNotSelected_data()
    {
        QTest::addColumn<QString>("keys");
        QTest::addColumn<bool>("isGoneToo");
        QTest::addColumn<QSet<qint64>>("expected");
        QTest::newRow("T45 all") << QStringLiteral("all") << false << numbers(1, 1000);
        QTest::newRow("T45 all, one gone") << QStringLiteral("all") << true << numbers(1, 1000, {400});
        QTest::newRow("T45 to the end") << QStringLiteral("3 ctrl-shift-end") << false << numbers(1, 997);
        QTest::newRow("T45 to the end, one gone")
            << QStringLiteral("3 ctrl-shift-end") << true << numbers(1, 997, {400});
    }
    void mailThatComesWhileOneSelectsIsNotSelected()
    {
        QFETCH(QString, keys);
        QFETCH(bool, isGoneToo);
        QFETCH(QSet<qint64>, expected);
        Shown shown(1000, 900);
        shown.source.onOrder = [&] {
            shown.source.arrive(7);
            if (isGoneToo)
                shown.source.remove(400);
            shown.model.refresh();
        };
        press(shown, keys);
        QCOMPARE(shown.selected(), expected);
        QTRY_COMPARE(shown.model.rowCount(), isGoneToo ? 1006 : 1007);
        QCOMPARE(shown.selected(), expected);
    }

    void whatIsDraggedCoversNoFolder_data()
    {
        QTest::addColumn<QString>("keys");
        QTest::newRow("T64 one message") << QStringLiteral("3");
        QTest::newRow("T64 a hundred thousand") << QStringLiteral("3 all");
    }
    void whatIsDraggedCoversNoFolder()
    {
        QFETCH(QString, keys);
        Shown shown(100000, 900);
        press(shown, keys);
        QElapsedTimer clock;
        clock.start();
        const std::unique_ptr<QDrag> drag(shown.list.newDrag());
        QVERIFY(clock.elapsed() < 500); // no look at each of them
        QVERIFY(drag && drag->mimeData()->hasFormat(QLatin1String(messagesMimeType)));
        QVERIFY(!drag->pixmap().isNull());
        const QRect picture(QPoint(), drag->pixmap().size() / drag->pixmap().devicePixelRatio());
        QVERIFY(!picture.contains(drag->hotSpot()));
        QVERIFY(picture.height() < 2 * QFontMetrics(shown.list.font()).height());
        QVERIFY(picture.width() < 300);
    }

    void sortingKeepsTheSelection_data()
    {
        QTest::addColumn<QString>("keys");
        QTest::addColumn<QSet<qint64>>("expected");
        QTest::newRow("T65 one") << QStringLiteral("3") << numbers(99997, 99997);
        QTest::newRow("T65 three") << QStringLiteral("3 shift-down shift-down") << numbers(99995, 99997);
        QTest::newRow("T65 to the end") << QStringLiteral("3 ctrl-shift-end") << numbers(1, 99997);
        QTest::newRow("T65 all but one") << QStringLiteral("all ctrl-click-5") << numbers(1, 100000, {99995});
    }
    void sortingKeepsTheSelection()
    {
        QFETCH(QString, keys);
        QFETCH(QSet<qint64>, expected);
        Shown shown(100000, 900);
        press(shown, keys);
        QCOMPARE(shown.selected(), expected);
        const QByteArray current = currentNumber(shown.list);
        shown.list.horizontalHeader()->setSortIndicator(MessageListModel::Date, Qt::AscendingOrder);
        QTRY_VERIFY(shown.model.row(shown.list.rowAt(0)).has_value());
        QTRY_COMPARE(shown.model.query().order, Qt::AscendingOrder);
        QTRY_COMPARE(shown.selected(), expected);
        QTRY_COMPARE(currentNumber(shown.list), current);
        QVERIFY(shown.list.rowViewportPosition(shown.list.currentIndex().row()) >= 0);
        QCOMPARE(shown.list.selected().count(), int(expected.size()));
        if (expected.size() < 10) {
            for (int row = 0; row < 100000; row += 99990)
                QVERIFY(!shown.list.selectionModel()->isRowSelected(row, {}));
        }
    }

    void placesKeepTheirOrderAndCounts()
    {
        PlacesModel model;
        const QAbstractItemModelTester tester(&model);
        model.setUsers({QStringLiteral("alice"), QStringLiteral("bob")});
        const auto folder = [](const char *user, const char *name, int unread) {
            return mail::FolderInfo{{QLatin1String(user), QLatin1String(name)}, 10, unread};
        };
        model.setFolders({folder("bob", "", 0), folder("alice", "Trash", 0), folder("alice", "Zebra", 1),
            folder("alice", "", 4), folder("alice", "Sent", 0)});
        QStringList titles;
        for (const Place &place : model.places())
            titles.append(
                place.kind == Place::Kind::Folder ? folderTitle(place.folder) : QStringLiteral("-"));
        QCOMPARE(titles,
            QStringList({QStringLiteral("Inbox"), QStringLiteral("Sent"), QStringLiteral("Trash"),
                QStringLiteral("Zebra"), QStringLiteral("Inbox"), QStringLiteral("-"), QStringLiteral("-")}));
        const QPersistentModelIndex inboxIndex
            = model.indexOf({Place::Kind::Folder, {QStringLiteral("alice"), {}}});
        QCOMPARE(inboxIndex.data(PlacesModel::CountRole).toInt(), 4);
        model.updateFolders({folder("alice", "", 5), folder("alice", "Archive", 0)});
        QCOMPARE(inboxIndex.data(PlacesModel::CountRole).toInt(), 5);
        model.setFolders({folder("alice", "", 5)});
        QVERIFY(inboxIndex.isValid());
        QCOMPARE(model.places().size(), 3);
        model.setOutgoing(2, 1);
        const QModelIndex outgoing = model.indexOf({Place::Kind::Outgoing, {}});
        QCOMPARE(outgoing.data(PlacesModel::CountRole).toInt(), 3);
        QVERIFY(outgoing.data(PlacesModel::IsWarningRole).toBool());
    }

    void whoCapturesHasNoEmptyFolders()
    {
        PlacesModel model;
        const QAbstractItemModelTester tester(&model);
        model.setUsers({QStringLiteral("alice")});
        const auto folder = [](const char *user, const char *name, int total) {
            return mail::FolderInfo{{QLatin1String(user), QLatin1String(name)}, total, 0};
        };
        const QList<mail::FolderInfo> folders = {folder("alice", "", 0), folder("alice", "Sent", 0),
            folder("captured", "", 3), folder("captured", "Sent", 0), folder("captured", "Trash", 0),
            folder("captured", "Project", 0)};
        model.setFolders(folders);
        const auto names = [&model] {
            QStringList list;
            for (const mail::FolderId &id : model.foldersOf(QStringLiteral("captured")))
                list.append(id.folder);
            return list;
        };
        QCOMPARE(names(), QStringList({QString(), QStringLiteral("Project")}));
        QCOMPARE(model.foldersOf(QStringLiteral("alice")).size(), 2);
        model.updateFolders({folder("captured", "Trash", 1)});
        QCOMPARE(names(), QStringList({QString(), QStringLiteral("Trash"), QStringLiteral("Project")}));
        model.updateFolders({folder("captured", "Trash", 0)});
        QCOMPARE(names().size(), 3);
        model.setFolders(folders);
        QCOMPARE(names().size(), 3);
    }
};

QTEST_MAIN(TestMessageList)
#include "tst_messagelist.moc"
