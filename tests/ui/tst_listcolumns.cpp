// The columns of a wide message list: chosen in a menu, remembered for each kind of list, sorted by.
#include "ui/mailbox/messagecolumns.h"
#include "ui/mailbox/messagelist.h"

#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

using Column = MessageListModel::Column;
using Kind = ListColumns::Kind;

namespace {

/// A list without messages; wide.
struct Shown
{
    QObject context;
    MessageListModel model{{[this](const mail::RowQuery &query) {
                                return mail::runOn(&context, [query] { return mail::RowPage{query, 0, {}}; });
                            },
        [this](const mail::RowQuery &) { return mail::runOn(&context, [] { return mail::RowOrder(); }); }}};
    MessageList list{&model};

    Shown()
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
};

QTEST_MAIN(TestListColumns)
#include "tst_listcolumns.moc"
