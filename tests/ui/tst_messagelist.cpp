#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/placesmodel.h"

#include <QAbstractItemModelTester>
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
        return [this](const mail::RowQuery &query, QObject *context, mail::Completion<mail::RowPage> done) {
            ++asked;
            QMetaObject::invokeMethod(
                context, [this, query, done] { done(page(query)); }, Qt::QueuedConnection);
        };
    }
    void arrive(int count) { m_total += count; }
    void remove(int number) { m_gone.insert(number); }

    int asked = 0;

private:
    [[nodiscard]] mail::RowPage page(const mail::RowQuery &query) const
    {
        mail::RowPage answer{query, m_total - int(m_gone.size()), {}};
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
        return row;
    }

    int m_total;
    QSet<int> m_gone;
};

mail::RowQuery inbox()
{
    mail::RowQuery query;
    query.folder = {QStringLiteral("alice"), {}};
    return query;
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
private Q_SLOTS:
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
        QCOMPARE(list.selectedIds().size(), 1);
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
        QCOMPARE(list.selectedIds().size(), 1);
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
