// The message list grouped by conversation: folded and unfolded by key and mouse, with a selection that means
// every message of what is selected.
#include "mail/index/conversationlist.h"
#include "mail/system/mailsystem.h"
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/mailbox/messagelist.h"
#include "ui/message/messagepane.h"
#include "ui/widgets/elidedlabel.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QSignalSpy>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// Any number of messages, numbered downwards from the newest. One in four is alone, the others make three
/// conversations: 11, 7 and 3; 10, 6 and 2; 9, 5 and 1.
class Letters
{
public:
    explicit Letters(int total) : m_total(total) { }

    RowSource rows()
    {
        return {[this](const mail::RowQuery &query, const std::stop_token &) {
                    ++asked;
                    return mail::runOn(&m_context, [this, query] { return page(query); });
                },
            [this](const mail::RowQuery &query, const std::stop_token &) {
                return mail::runOn(&m_context, [this, query] { return order(query); });
            }};
    }
    void arrive(int count) { m_total += count; }
    int asked = 0;

private:
    [[nodiscard]] mail::ConversationList list(const mail::RowQuery &query) const
    {
        std::vector<mail::ConversationList::Message> messages;
        const bool isGrouped = query.grouping == mail::Grouping::Conversations;
        for (int number = m_total; number > 0; --number)
            messages.push_back({number, isGrouped ? number % 4 : 0});
        if (query.order == Qt::AscendingOrder)
            std::reverse(messages.begin(), messages.end());
        return mail::ConversationList(messages);
    }
    [[nodiscard]] mail::RowOrder order(const mail::RowQuery &query) const
    {
        mail::RowOrder order = list(query).order(query.unfolded);
        order.generation = 1;
        return order;
    }
    [[nodiscard]] mail::RowPage page(const mail::RowQuery &query) const
    {
        const mail::ConversationList all = list(query);
        mail::RowPage page{query, all.rowCount(query.unfolded), {}, false, 1, m_total, m_total};
        for (const mail::ConversationList::Row &row : all.rows(query.unfolded, query.offset, query.limit)) {
            mail::MessageRow message;
            message.id = {{QStringLiteral("alice"), {}}, QByteArray::number(row.number)};
            message.fromName = QStringLiteral("Ann");
            message.subject = QStringLiteral("Message %1").arg(row.number);
            message.flags = mail::MessageFlag::Seen;
            message.number = row.number;
            message.conversation = row.conversation;
            page.rows.append(message);
        }
        return page;
    }

    QObject m_context;
    int m_total;
};

/// A grouped list of so many messages, shown, with its rows loaded.
struct Shown
{
    explicit Shown(int total, mail::Grouping grouping = mail::Grouping::Conversations, int width = 700)
        : letters(total), model(letters.rows()), tester(&model), list(&model)
    {
        list.resize(width, 400);
        list.show();
        mail::RowQuery query;
        query.folder = {QStringLiteral("alice"), {}};
        query.grouping = grouping;
        model.setQuery(query);
        QVERIFY(QTest::qWaitFor([this] { return model.row(0).has_value(); }));
    }
    [[nodiscard]] QByteArrayList rows() const
    {
        QByteArrayList names;
        for (int row = 0; row < model.rowCount(); ++row)
            names += model.row(row) ? model.row(row)->id.unique : QByteArray("?");
        return names;
    }
    QList<qint64> selected()
    {
        std::optional<QList<qint64>> numbers;
        list.selected().withNumbers([&numbers](const mail::RowOrder &rows) { numbers = rows.numbers; });
        if (!QTest::qWaitFor([&numbers] { return numbers.has_value(); }))
            qWarning("the list did not say which messages are selected");
        return numbers.value_or(QList<qint64>());
    }
    [[nodiscard]] QByteArray current() const
    {
        const auto row = list.currentRow();
        return row ? row->id.unique : QByteArray();
    }
    void clickMark(int row, Qt::MouseButton button = Qt::LeftButton)
    {
        const QRect cell = list.visualRect(model.index(row, MessageListModel::Who));
        QTest::mouseClick(
            list.viewport(), button, {}, MessageDelegate::foldMark(cell, list.layoutDirection()).center());
    }

    Letters letters;
    MessageListModel model;
    QAbstractItemModelTester tester;
    MessageList list;
};

const QByteArrayList folded{"12", "11", "10", "9", "8", "4"};
const QByteArrayList unfolded{"12", "11", "7", "3", "10", "9", "8", "4"};

} // namespace

class TestGroupedList : public QObject, private test::AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { closeWindow(); }

    void foldsByKey_data()
    {
        QTest::addColumn<Qt::LayoutDirection>("direction");
        QTest::addColumn<int>("width");
        QTest::newRow("left to right") << Qt::LeftToRight << 700;
        QTest::newRow("right to left") << Qt::RightToLeft << 700;
        QTest::newRow("two lines") << Qt::LeftToRight << 300;
    }
    void foldsByKey()
    {
        QFETCH(const Qt::LayoutDirection, direction);
        QFETCH(const int, width);
        Shown shown(12, mail::Grouping::Conversations, width);
        shown.list.setLayoutDirection(direction);
        const Qt::Key open = direction == Qt::RightToLeft ? Qt::Key_Left : Qt::Key_Right;
        const Qt::Key close = direction == Qt::RightToLeft ? Qt::Key_Right : Qt::Key_Left;
        QCOMPARE(shown.rows(), folded);
        QCOMPARE(shown.model.messageCount(), 12);
        shown.list.selectRow(1);
        QCOMPARE(shown.selected(), (QList<qint64>{3, 7, 11}));
        QCOMPARE(shown.list.selected().count(), 3);
        QCOMPARE(shown.list.selected().rowCount(), 1);
        QVERIFY(!shown.list.selected().ids().has_value());

        QTest::keyClick(&shown.list, open);
        QTRY_COMPARE(shown.rows(), unfolded);
        QCOMPARE(shown.current(), QByteArray("11"));
        QCOMPARE(shown.selected(), (QList<qint64>{3, 7, 11}));
        QTest::keyClick(&shown.list, open); // goes inside
        QCOMPARE(shown.current(), QByteArray("7"));
        QCOMPARE(shown.selected(), (QList<qint64>{7}));
        QTest::keyClick(&shown.list, open); // nothing to open there
        QCOMPARE(shown.current(), QByteArray("7"));

        QTest::keyClick(&shown.list, close); // to its first
        QCOMPARE(shown.current(), QByteArray("11"));
        QCOMPARE(shown.selected(), (QList<qint64>{11}));
        QTest::keyClick(&shown.list, close);
        QTRY_COMPARE(shown.rows(), folded);
        QCOMPARE(shown.current(), QByteArray("11"));
        QCOMPARE(shown.selected(), (QList<qint64>{3, 7, 11}));
    }

    void foldsByMouse_data() { foldsByKey_data(); }
    void foldsByMouse()
    {
        QFETCH(const Qt::LayoutDirection, direction);
        QFETCH(const int, width);
        Shown shown(12, mail::Grouping::Conversations, width);
        shown.list.setLayoutDirection(direction);
        shown.list.selectRow(4);
        QSignalSpy opened(&shown.list, &MessageList::opened);
        shown.clickMark(1);
        QTRY_COMPARE(shown.rows(), unfolded);
        QCOMPARE(shown.current(), QByteArray("8")); // what one reads stays
        QCOMPARE(shown.selected(), (QList<qint64>{8}));
        shown.clickMark(2); // below the first there is none: the row is meant
        QCOMPARE(shown.current(), QByteArray("7"));
        QCOMPARE(shown.rows(), unfolded);
        shown.clickMark(1);
        QTRY_COMPARE(shown.rows(), folded);
        QCOMPARE(shown.current(), QByteArray("11"));
        shown.clickMark(0); // a message alone has none
        QCOMPARE(shown.current(), QByteArray("12"));
        QCOMPARE(opened.count(), 0);
    }

    // Its menu is that of the selection: the row under the pointer has to be in it.
    void theOtherButtonSelectsTheRow()
    {
        Shown shown(12);
        shown.list.selectRow(4);
        shown.clickMark(1, Qt::RightButton);
        QCOMPARE(shown.current(), QByteArray("11"));
        QCOMPARE(shown.selected(), (QList<qint64>{3, 7, 11}));
        QCOMPARE(shown.rows(), folded);
    }

    void sortingKeepsWhatIsUnfolded()
    {
        Shown shown(12);
        shown.clickMark(1);
        QTRY_COMPARE(shown.rows(), unfolded);
        shown.model.sort(MessageListModel::Date, Qt::AscendingOrder);
        QTRY_COMPARE(shown.rows(), (QByteArrayList{"1", "2", "3", "7", "11", "4", "8", "12"}));
    }

    // What is open stays open, and what is selected is what one saw.
    void mailComesIntoTheConversationOneReads()
    {
        Shown shown(12);
        shown.list.selectRow(1);
        QCOMPARE(shown.selected(), (QList<qint64>{3, 7, 11}));
        QSignalSpy current(&shown.list, &MessageList::currentMessageChanged);
        shown.letters.arrive(3);
        shown.model.refresh();
        QTRY_COMPARE(shown.rows(), (QByteArrayList{"15", "14", "13", "12", "8", "4"}));
        QCOMPARE(shown.current(), QByteArray("15"));
        QCOMPARE(shown.list.currentMessage().unique, QByteArray("11"));
        QCOMPARE(current.count(), 0);
        QCOMPARE(shown.selected(), (QList<qint64>{3, 7, 11}));
        shown.list.selectRow(1);
        shown.list.selectRow(0);
        QCOMPARE(shown.list.currentMessage().unique, QByteArray("15"));
        QCOMPARE(shown.selected(), (QList<qint64>{3, 7, 11, 15}));
    }

    void groupingKeepsWhatOneReads()
    {
        Shown shown(12, mail::Grouping::Messages);
        QCOMPARE(shown.model.rowCount(), 12);
        shown.list.selectRow(5);
        QCOMPARE(shown.current(), QByteArray("7"));
        shown.list.setGrouping(mail::Grouping::Conversations);
        QTRY_COMPARE(shown.rows(), folded);
        QCOMPARE(shown.list.currentIndex().row(), 1);
        QCOMPARE(shown.list.currentMessage().unique, QByteArray("7"));
        QCOMPARE(shown.selected(), (QList<qint64>{3, 7, 11}));
        shown.list.setGrouping(mail::Grouping::Messages);
        QTRY_COMPARE(shown.model.rowCount(), 12);
        QCOMPARE(shown.selected(), (QList<qint64>{3, 7, 11}));
    }

    void allMeansEveryMessage()
    {
        Shown shown(4000);
        QCOMPARE(shown.model.rowCount(), 1003);
        shown.list.selectAll();
        QCOMPARE(shown.selected().size(), 4000);
        QCOMPARE(shown.list.selected().count(), 4000);
        shown.clickMark(1);
        QTRY_COMPARE(shown.model.rowCount(), 2002);
        QCOMPARE(shown.selected().size(), 4000);
    }

    void readsByThePage()
    {
        Shown shown(400'000);
        QTRY_COMPARE(shown.model.rowCount(), 100'003);
        shown.list.scrollToBottom();
        QTRY_VERIFY(shown.model.row(100'002).has_value());
        QCOMPARE(shown.model.row(100'002)->id.unique, QByteArray("4"));
        QVERIFY(!shown.model.row(50'000).has_value());
        QVERIFY(shown.letters.asked < 8);
    }

    void saysWhatARowStandsFor()
    {
        Shown shown(12);
        const auto spoken = [&shown](int row) {
            return shown.model.index(row, MessageListModel::Who).data(Qt::AccessibleTextRole).toString();
        };
        const auto toolTip = [&shown](int row) {
            return shown.model.index(row, MessageListModel::Subject).data(Qt::ToolTipRole).toString();
        };
        QVERIFY(spoken(1).contains(QLatin1String("conversation of 3 message")));
        QVERIFY(
            spoken(1).contains(QLatin1String("folded, ")) && !spoken(1).contains(QLatin1String("unfolded")));
        QVERIFY(toolTip(1).contains(QLatin1String("Conversation of 3 message")));
        QVERIFY(!spoken(0).contains(QLatin1String("conversation")));
        QVERIFY(!toolTip(0).contains(QLatin1String("Conversation")));
        shown.clickMark(1);
        QTRY_COMPARE(shown.rows(), unfolded);
        QVERIFY(spoken(1).contains(QLatin1String("unfolded, ")));
        QVERIFY(!spoken(2).contains(QLatin1String("conversation")));
    }

    // In the window: the menu's entry, the count, what is done to a conversation, and its Undo.
    void aConversationIsHandledAsOne()
    {
        openWindow();
        QList<mail::CarriedMessage> letters;
        for (const char *id : {"a", "b", "c"}) {
            const QByteArray fields = "From: ann@b.test\nTo: alice@example.test\nSubject: news\nMessage-ID: <"
                + QByteArray(id) + "@b.test>\nDate: Mon, 23 Nov 2026 10:0"
                + QByteArray::number(letters.size()) + ":00 +0000\n";
            letters.append({fields + (*id == 'c' ? "" : "References: <root@b.test>\n") + "\ntext\n", {}});
        }
        QVERIFY(test::awaited(m_system->mailboxes().keepMessages(inbox, letters)).has_value());
        const auto *model = page().list()->model();
        QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 3, 20000);
        QAction *group = part<Actions>()[ActionId::GroupByConversation];
        QVERIFY(group->isCheckable() && !group->isChecked());
        group->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 2, 20000);
        QVERIFY(page().arrangement().value(QStringLiteral("messages/conversations")).toBool());

        page().list()->selectRow(1);
        QTRY_COMPARE(page().selectedCount(), 2);
        const auto says = [this](const QString &words) {
            const QList<ElidedLabel *> labels = page().findChildren<ElidedLabel *>();
            return std::any_of(labels.cbegin(), labels.cend(),
                [&words](const ElidedLabel *label) { return label->text().contains(words); });
        };
        QTRY_VERIFY(says(QStringLiteral("2 selected")));
        QVERIFY(says(QStringLiteral("3 message")));
        // The message that is open can be answered though the row stands for two.
        QTRY_VERIFY_WITH_TIMEOUT(part<Actions>()[ActionId::Reply]->isEnabled(), 20000);
        part<Actions>()[ActionId::Delete]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 1, 20000);
        part<Actions>()[ActionId::Undo]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 2, 20000);
        QTRY_VERIFY(says(QStringLiteral("3 message")));

        // Remembered, and shown in the menu.
        const QVariantMap arrangement = page().arrangement();
        group->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 3, 20000);
        page().arrange(arrangement);
        QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 2, 20000);
        QVERIFY(group->isChecked());
    }
};

QTEST_MAIN(TestGroupedList)
#include "tst_groupedlist.moc"
