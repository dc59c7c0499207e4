// The columns of a wide message list and the details of a narrow one: chosen in a menu, remembered for each
// kind of list, sorted by; and the menu that sorts a list of every width.
#include "ui/mailbox/messagecolumns.h"
#include "ui/mailbox/messagelist.h"
#include "ui/words/format.h"

#include <QAction>
#include <QDateTime>
#include <QHeaderView>
#include <QImage>
#include <QMenu>
#include <QTest>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

using Column = MessageListModel::Column;
using Kind = ListColumns::Kind;

namespace {

/// Three messages in the order that is asked for, by size or by date: the newest is number 3, the largest
/// number 2.
QList<mail::MessageRow> threeMessages(const mail::RowQuery &query)
{
    QList<mail::MessageRow> rows;
    for (const auto &[number, size] : {std::pair(1, 20), std::pair(2, 30), std::pair(3, 10)}) {
        mail::MessageRow row;
        row.id = {{QStringLiteral("alice"), {}}, QByteArray::number(number)};
        row.number = row.date = number;
        row.size = size;
        rows.append(row);
    }
    const bool isBySize = query.sort == mail::SortKey::Size;
    std::sort(rows.begin(), rows.end(), [isBySize](const mail::MessageRow &a, const mail::MessageRow &b) {
        return isBySize ? a.size < b.size : a.date < b.date;
    });
    if (query.order == Qt::DescendingOrder)
        std::reverse(rows.begin(), rows.end());
    return rows;
}

/// Sent on one day of long ago, received on another.
mail::MessageRow lunch()
{
    mail::MessageRow row;
    row.id = {{QStringLiteral("alice"), {}}, "1"};
    row.number = 1;
    row.fromName = QStringLiteral("Ann");
    row.to = QStringLiteral("bob@example.test");
    row.subject = QStringLiteral("Lunch");
    row.preview = QStringLiteral("Shall we?");
    row.tags = {QStringLiteral("work")};
    row.date = 1'000'000'000;
    row.arrivedAt = 1'010'000'000;
    row.size = 2048;
    return row;
}

QList<mail::MessageRow> lunchAlone(const mail::RowQuery &)
{
    return {lunch()};
}

/// A list, wide, without messages or with some.
struct Shown
{
    using Rows = QList<mail::MessageRow> (*)(const mail::RowQuery &);

    QObject context;
    Rows rows;
    MessageListModel model{{[this](const mail::RowQuery &query, const std::stop_token &) {
                                const QList<mail::MessageRow> found = rows(query);
                                return mail::runOn(&context, [query, found] {
                                    return mail::RowPage{query, int(found.size()), found, false, 1};
                                });
                            },
        [this](const mail::RowQuery &, const std::stop_token &) {
            return mail::runOn(&context, [] { return mail::RowOrder(); });
        }}};
    MessageList list{&model};

    explicit Shown(Rows source = [](const mail::RowQuery &) { return QList<mail::MessageRow>(); })
        : rows(source)
    {
        list.resize(900, 400);
        list.show();
        mail::RowQuery query;
        query.folder = {QStringLiteral("alice"), {}};
        model.setQuery(query);
    }
    [[nodiscard]] ListColumns &columns() const { return list.columns(); }
    /// By their titles, from the leading edge.
    [[nodiscard]] QString titles() const
    {
        QStringList titles;
        const QHeaderView *header = list.horizontalHeader();
        for (int visual = 0; visual < header->count(); ++visual) {
            const int column = header->logicalIndex(visual);
            if (!header->isSectionHidden(column))
                titles += model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        }
        return titles.join(u' ');
    }
    void choose(const char *title)
    {
        QMenu *menu = columns().menuAction()->menu();
        menu->popup({});
        menu->close();
        for (QAction *action : menu->actions()) {
            if (action->text() == QLatin1String(title))
                return action->trigger();
        }
        QFAIL(title);
    }
    [[nodiscard]] QMenu *sortMenu() const { return list.viewMenus().constFirst()->menu(); }
    /// Opens the menu; its entries, with a star at those that are chosen.
    [[nodiscard]] static QString entriesOf(QMenu *menu)
    {
        menu->popup({});
        menu->close();
        QStringList entries;
        for (const QAction *action : menu->actions()) {
            if (!action->isSeparator())
                entries += action->text().remove(u'&') + QLatin1String(action->isChecked() ? "*" : "");
        }
        return entries.join(u' ');
    }
    [[nodiscard]] QString sortEntries() const { return entriesOf(sortMenu()); }
    [[nodiscard]] QString choices() const { return entriesOf(columns().menuAction()->menu()); }
    /// What two lines say of lunch(), its dates and size by their names.
    [[nodiscard]] QString said() const
    {
        const auto *delegate = qobject_cast<const MessageDelegate *>(list.itemDelegate());
        const mail::MessageRow row = lunch();
        const MessageDelegate::Lines lines = delegate->lines(row);
        const QDateTime now = QDateTime::currentDateTime();
        return QStringList{lines.people, lines.firstEnd, lines.subject, lines.text, lines.secondEnd}
            .join(u'|')
            .replace(relativeTime(row.date, now), QStringLiteral("DATE"))
            .replace(relativeTime(row.arrivedAt, now), QStringLiteral("RECEIVED"))
            .replace(sizeText(row.size), QStringLiteral("SIZE"));
    }
    [[nodiscard]] QImage picture() const { return list.viewport()->grab().toImage(); }
    void sortBy(Qt::Key letter)
    {
        sortMenu()->popup({});
        QTest::keyClick(sortMenu(), letter);
        QVERIFY(!sortMenu()->isVisible());
    }
    /// The numbers of the messages, from above.
    [[nodiscard]] QList<qint64> numbers() const
    {
        QList<qint64> all;
        for (int row = 0; row < model.rowCount(); ++row)
            all.append(model.row(row).value_or(mail::MessageRow()).number);
        return all;
    }
    [[nodiscard]] QList<qint64> selected() const
    {
        QList<qint64> all;
        for (const QModelIndex &index : list.selectionModel()->selectedRows())
            all.append(model.row(index.row()).value_or(mail::MessageRow()).number);
        std::sort(all.begin(), all.end());
        return all;
    }
};

} // namespace

class TestListColumns : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachKindHasItsOwn()
    {
        const Shown shown;
        QCOMPARE(shown.titles(), QStringLiteral("From Subject Date Size"));
        shown.columns().setKind(Kind::Captured);
        QCOMPARE(shown.titles(), QStringLiteral("From Recipient Subject Date Size"));
        shown.columns().setKind(Kind::Own);
        QCOMPARE(shown.titles(), QStringLiteral("From Subject Date Size"));
    }

    void choosesInAMenu()
    {
        Shown shown;
        shown.choose("Tags");
        shown.choose("Received");
        shown.choose("Size");
        QCOMPARE(shown.titles(), QStringLiteral("From Subject Date Tags Received"));
        shown.columns().setKind(Kind::Found);
        QCOMPARE(shown.titles(), QStringLiteral("From Subject Date Size"));
        shown.columns().setKind(Kind::Received);
        QCOMPARE(shown.titles(), QStringLiteral("From Subject Date Tags Received"));
        shown.choose("Tags");
        QCOMPARE(shown.titles(), QStringLiteral("From Subject Date Received"));
        // What a row is known by stays.
        shown.columns().show(MessageListModel::Subject, false);
        QCOMPARE(shown.titles(), QStringLiteral("From Subject Date Received"));
    }

    void remembersOrderAndWidth()
    {
        QMap<QString, QString> saved;
        {
            Shown shown;
            QHeaderView *header = shown.list.horizontalHeader();
            header->moveSection(header->visualIndex(MessageListModel::Size), 0);
            header->resizeSection(MessageListModel::Who, 211);
            shown.list.resize(300, 400); // in two lines
            QCOMPARE(shown.titles(), QStringLiteral("From"));
            saved = shown.columns().save();
            shown.list.resize(900, 400);
            QCOMPARE(shown.titles(), QStringLiteral("Size From Subject Date"));
        }
        Shown shown;
        shown.columns().restore(saved);
        QCOMPARE(shown.titles(), QStringLiteral("Size From Subject Date"));
        QCOMPARE(shown.list.horizontalHeader()->sectionSize(MessageListModel::Who), 211);
        QCOMPARE(shown.columns().save(), saved);
    }

    void restoresWhateverWasWritten_data()
    {
        QTest::addColumn<QString>("saved");
        QTest::addColumn<QString>("titles");
        const QString standard = QStringLiteral("From Subject Date Size");
        QTest::newRow("nothing") << QString() << standard;
        QTest::newRow("an order") << QStringLiteral("date subject:9 who:100")
                                  << QStringLiteral("Date Subject From");
        QTest::newRow("all") << QStringLiteral("who recipient subject tags date other size")
                             << QStringLiteral("From Recipient Subject Tags Date Received Size");
        QTest::newRow("no subject") << QStringLiteral("who:100 date:100") << standard;
        QTest::newRow("twice") << QStringLiteral("who who subject subject") << QStringLiteral("From Subject");
        QTest::newRow("unknown") << QStringLiteral("who colour:7 subject") << QStringLiteral("From Subject");
        QTest::newRow("no number") << QStringLiteral("who:x subject:-5 size:99999999999999")
                                   << QStringLiteral("From Subject Size");
    }
    void restoresWhateverWasWritten()
    {
        QFETCH(QString, saved);
        QFETCH(QString, titles);
        const Shown shown;
        shown.columns().restore({{QStringLiteral("received"), saved}});
        QCOMPARE(shown.titles(), titles);
        for (int column = 0; column < MessageListModel::ColumnCount; ++column) {
            if (column != MessageListModel::Subject && shown.columns().shows(Column(column)))
                QVERIFY(shown.list.horizontalHeader()->sectionSize(column) >= 56);
        }
    }

    void choosesTheDetailsOfTwoLines()
    {
        Shown shown;
        shown.list.resize(400, 400);
        QTRY_VERIFY(shown.list.horizontalHeader()->isHidden());
        QCOMPARE(shown.choices(), QStringLiteral("Recipient First line of text* Tags* Date* Received Size"));
        QCOMPARE(shown.said(), QStringLiteral("Ann|DATE|Lunch|Shall we?|"));
        shown.choose("Recipient");
        QCOMPARE(shown.said(), QStringLiteral("Ann to bob@example.test|DATE|Lunch|Shall we?|"));
        shown.choose("Received");
        shown.choose("Size");
        QCOMPARE(shown.said(),
            QStringLiteral("Ann to bob@example.test|DATE|Lunch|Shall we?|RECEIVED \u00b7 SIZE"));
        shown.choose("Date");
        shown.choose("First line of text");
        QCOMPARE(shown.said(), QStringLiteral("Ann to bob@example.test|RECEIVED|Lunch||SIZE"));
        QCOMPARE(shown.choices(), QStringLiteral("Recipient* First line of text Tags* Date Received* Size*"));
        shown.list.resize(900, 400);
        QTRY_VERIFY(!shown.list.horizontalHeader()->isHidden());
        QCOMPARE(shown.titles(), QStringLiteral("From Subject Date Size"));
        QCOMPARE(shown.choices(), QStringLiteral("Recipient Tags Date* Received Size*"));
    }

    void eachKindHasItsDetails()
    {
        QMap<QString, QString> saved;
        {
            Shown shown;
            shown.list.resize(400, 400);
            QTRY_VERIFY(shown.list.horizontalHeader()->isHidden());
            shown.choose("Date");
            shown.columns().setKind(Kind::Captured);
            QCOMPARE(shown.said(), QStringLiteral("Ann to bob@example.test|DATE|Lunch|Shall we?|"));
            shown.columns().setKind(Kind::Own); // begins with the recipient anyway
            QCOMPARE(shown.choices(), QStringLiteral("First line of text* Tags* Date* Received Size"));
            shown.choose("Tags");
            shown.columns().setKind(Kind::Received);
            saved = shown.columns().save();
        }
        Shown shown;
        shown.columns().restore(saved);
        shown.list.resize(400, 400);
        QTRY_VERIFY(shown.list.horizontalHeader()->isHidden());
        QCOMPARE(shown.choices(), QStringLiteral("Recipient First line of text* Tags* Date Received Size"));
        QCOMPARE(shown.said(), QStringLiteral("Ann||Lunch|Shall we?|"));
        shown.columns().setKind(Kind::Own);
        QCOMPARE(shown.choices(), QStringLiteral("First line of text* Tags Date* Received Size"));
        QCOMPARE(shown.columns().save(), saved);
    }

    void restoresWhateverDetailsWereWritten()
    {
        const Shown shown;
        const QString key = QStringLiteral("narrow-received");
        shown.columns().restore({{key, QStringLiteral("size colour date size")}});
        QCOMPARE(shown.columns().details(), RowDetail::Date | RowDetail::Size);
        shown.columns().restore({{key, QString()}}); // sender and subject alone
        QCOMPARE(shown.columns().details(), RowDetails());
        shown.columns().restore({});
        QCOMPARE(shown.columns().details(), RowDetail::Text | RowDetail::Tags | RowDetail::Date);
    }

    /// At once, each where it was not.
    void paintsTheDetails_data()
    {
        QTest::addColumn<RowDetail>("detail");
        QTest::newRow("recipient") << RowDetail::Recipient;
        QTest::newRow("text") << RowDetail::Text;
        QTest::newRow("tags") << RowDetail::Tags;
        QTest::newRow("date") << RowDetail::Date;
        QTest::newRow("other date") << RowDetail::OtherDate;
        QTest::newRow("size") << RowDetail::Size;
    }
    void paintsTheDetails()
    {
        QFETCH(const RowDetail, detail);
        Shown shown(lunchAlone);
        shown.list.resize(500, 400);
        QTRY_COMPARE(shown.model.rowCount(), 1);
        shown.columns().showDetail(detail, false);
        const QImage without = shown.picture();
        shown.columns().showDetail(detail, true);
        QVERIFY(shown.picture() != without);
        shown.columns().showDetail(detail, false);
        QCOMPARE(shown.picture(), without);
    }

    void sortsByEachColumn()
    {
        Shown shown;
        shown.columns().restore(
            {{QStringLiteral("received"), QStringLiteral("who recipient subject tags date other size")}});
        QSet<int> keys;
        for (int column = 0; column < MessageListModel::ColumnCount; ++column) {
            shown.list.horizontalHeader()->setSortIndicator(column, Qt::AscendingOrder);
            const mail::SortKey key = shown.model.query().sort;
            QCOMPARE(sortKeyOf(column, shown.model.dateKey()), std::optional(key));
            QCOMPARE(int(columnOf(key, shown.model.dateKey())), column);
            keys.insert(int(key));
        }
        QCOMPARE(int(keys.size()), int(MessageListModel::ColumnCount));
    }

    void sortsFromAMenu_data()
    {
        QTest::addColumn<int>("width");
        QTest::newRow("with columns") << 900;
        QTest::newRow("in two lines, without a header") << 400;
    }
    void sortsFromAMenu()
    {
        QFETCH(const int, width);
        Shown shown(threeMessages);
        shown.list.resize(width, 400);
        QTRY_COMPARE(shown.list.horizontalHeader()->isHidden(), width < 620);
        QTRY_COMPARE(shown.numbers(), (QList<qint64>{3, 2, 1}));
        QCOMPARE(shown.sortEntries(),
            QStringLiteral("Date* Received From Recipient Subject Tags Size Ascending Descending*"));
        shown.list.selectRow(1);
        QTest::keyClick(&shown.list, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(shown.selected(), (QList<qint64>{1, 2}));
        QCOMPARE(shown.list.currentRow()->number, qint64(1));
        shown.sortBy(Qt::Key_Z);
        QTRY_COMPARE(shown.numbers(), (QList<qint64>{2, 1, 3}));
        shown.sortBy(Qt::Key_A);
        QTRY_COMPARE(shown.numbers(), (QList<qint64>{3, 1, 2}));
        QCOMPARE(shown.selected(), (QList<qint64>{1, 2}));
        QCOMPARE(shown.list.selected().count(), 2);
        QCOMPARE(shown.list.currentRow()->number, qint64(1));
        QCOMPARE(shown.sortEntries(),
            QStringLiteral("Date Received From Recipient Subject Tags Size* Ascending* Descending"));
        shown.sortBy(Qt::Key_A); // again: nothing changes
        QCOMPARE(shown.model.query().order, Qt::AscendingOrder);
        QCOMPARE(shown.list.horizontalHeader()->sortIndicatorSection(), int(MessageListModel::Size));
    }

    /// By the same letters in every kind of folder, whatever the first date is there.
    void eachKeyHasItsLetter_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<mail::SortKey>("dateKey");
        QTest::newRow("received") << QString() << mail::SortKey::Date;
        QTest::newRow("captured") << QString() << mail::SortKey::Arrival;
        QTest::newRow("own") << QStringLiteral("Sent") << mail::SortKey::Date;
    }
    void eachKeyHasItsLetter()
    {
        QFETCH(const QString, folder);
        QFETCH(const mail::SortKey, dateKey);
        Shown shown;
        mail::RowQuery query = shown.model.query();
        query.folder.folder = folder;
        shown.model.setQuery(query, dateKey);
        shown.list.showOrder();
        const bool isOwn = !folder.isEmpty();
        for (const auto &[letter, key] : {std::pair(isOwn ? Qt::Key_O : Qt::Key_F, mail::SortKey::From),
                 std::pair(Qt::Key_S, mail::SortKey::Subject), std::pair(Qt::Key_D, mail::SortKey::Date),
                 std::pair(Qt::Key_E, mail::SortKey::Arrival), std::pair(Qt::Key_Z, mail::SortKey::Size),
                 std::pair(Qt::Key_R, mail::SortKey::Recipient), std::pair(Qt::Key_T, mail::SortKey::Tags)}) {
            shown.sortBy(letter);
            QCOMPARE(shown.model.query().sort, key);
        }
        shown.sortBy(Qt::Key_A);
        QCOMPARE(shown.model.query().order, Qt::AscendingOrder);
        shown.sortBy(Qt::Key_C);
        QCOMPARE(shown.model.query().order, Qt::DescendingOrder);
        QCOMPARE(shown.model.query().sort, mail::SortKey::Tags);
    }
};

QTEST_MAIN(TestListColumns)
#include "tst_listcolumns.moc"
