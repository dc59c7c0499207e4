// The message list and answers to what it does not ask any more.
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagelistmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

struct Question
{
    mail::RowQuery query;
    std::stop_token stop;
    mail::Promise<mail::RowPage> answer;
};

/// Keeps what is asked, for the test to answer.
struct Questions
{
    RowSource source()
    {
        return {[this](const mail::RowQuery &query, const std::stop_token &stop) {
                    rows.append({query, stop, {}});
                    return rows.last().answer.task();
                },
            [this](const mail::RowQuery &, const std::stop_token &stop) {
                orders.append(stop);
                orderAnswers.append(mail::Promise<mail::RowOrder>());
                return orderAnswers.last().task();
            }};
    }
    static mail::RowQuery search(const char *text)
    {
        mail::RowQuery query;
        query.searchText = QString::fromLatin1(text);
        return query;
    }
    static mail::RowPage page(const mail::RowQuery &query, int total)
    {
        mail::RowPage page;
        page.query = query;
        page.total = page.messages = total;
        page.generation = 1;
        page.newest = total;
        for (int number = total - query.offset; number > 0 && page.rows.size() < query.limit; --number) {
            mail::MessageRow row;
            row.id = {{QStringLiteral("alice"), {}}, QByteArray::number(number)};
            row.number = number;
            page.rows.append(row);
        }
        return page;
    }
    void answer(qsizetype question, int total)
    {
        const Question &asked = rows.at(question);
        asked.answer.answer(page(asked.query, total));
    }
    /// With a full first page, and nothing of how many there are.
    void answerFirst(qsizetype question, int total)
    {
        const Question &asked = rows.at(question);
        mail::RowPage first = page(asked.query, total);
        first.total = first.messages = int(first.rows.size());
        first.isCounted = false;
        asked.answer.answer(first);
    }

    void answerOrder(int total) const
    {
        mail::RowOrder order{1, {}, {}};
        for (int number = total; number > 0; --number)
            order.numbers.append(number);
        orderAnswers.last().answer(order);
    }

    QList<Question> rows;
    QList<std::stop_token> orders;
    QList<mail::Promise<mail::RowOrder>> orderAnswers;
};

} // namespace

class OutdatedRowsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aNewerSearchStopsTheOneBefore();
    void neitherItsAnswerNorItsFailureIsShown();
    void anotherOrderStopsTheOneBefore();
    void nothingIsAskedForAListThatIsGone();
    void showsTheFirstRowsBeforeTheyAreCounted();
    void aNewerSearchEndsTheCount();
    void selectsWhatIsStillBeingCounted();
    void whatIsDoneToAllWaitsForTheCount();
    void anotherChoiceIsNotOverruledByTheCount();
    void nothingIsDoneToAllAfterAFailure();
    void takesTheNumbersOfAnIndexMadeAnew();
};

void OutdatedRowsTest::aNewerSearchStopsTheOneBefore()
{
    Questions questions;
    MessageListModel model(questions.source());
    model.setQuery(Questions::search("i"));
    QCOMPARE(questions.rows.size(), 1);
    QVERIFY(questions.rows.first().stop.stop_possible());
    model.setQuery(Questions::search("in"));
    QCOMPARE(questions.rows.size(), 2);
    QVERIFY(questions.rows.first().stop.stop_requested());
    QVERIFY(!questions.rows.last().stop.stop_requested());
    questions.answer(1, 3);
    QCOMPARE(model.rowCount(), 3);
    // What is asked later for the same search goes on.
    model.refresh();
    QVERIFY(questions.rows.size() > 2);
    QVERIFY(!questions.rows.last().stop.stop_requested());
    model.setQuery(Questions::search("inv"));
    QVERIFY(questions.rows.at(2).stop.stop_requested());
}

void OutdatedRowsTest::neitherItsAnswerNorItsFailureIsShown()
{
    Questions questions;
    MessageListModel model(questions.source());
    const QSignalSpy failed(&model, &MessageListModel::failed);
    const QSignalSpy loaded(&model, &MessageListModel::loaded);
    model.setQuery(Questions::search("i"));
    model.setQuery(Questions::search("in"));
    model.setQuery(Questions::search("inv"));
    questions.answer(0, 7); // it was answered before it could be stopped
    questions.rows.at(1).answer.answer(tl::unexpected(mail::Error()));
    QCOMPARE(failed.size(), 0);
    QCOMPARE(loaded.size(), 0);
    QVERIFY(model.isLoading());
    QCOMPARE(model.rowCount(), 0);
    questions.answer(2, 2);
    QCOMPARE(loaded.size(), 1);
    QCOMPARE(model.rowCount(), 2);
}

void OutdatedRowsTest::anotherOrderStopsTheOneBefore()
{
    Questions questions;
    MessageListModel model(questions.source());
    model.setQuery(Questions::search("i"));
    questions.answer(0, 500);
    model.keepOrder(true);
    QCOMPARE(questions.orders.size(), 1);
    model.sort(MessageListModel::Size, Qt::AscendingOrder);
    QVERIFY(questions.orders.first().stop_requested());
    QVERIFY(questions.orders.size() > 1 && !questions.orders.last().stop_requested());
}

void OutdatedRowsTest::nothingIsAskedForAListThatIsGone()
{
    Questions questions;
    {
        MessageListModel model(questions.source());
        model.setQuery(Questions::search("i"));
    }
    QVERIFY(questions.rows.first().stop.stop_requested());
}

void OutdatedRowsTest::showsTheFirstRowsBeforeTheyAreCounted()
{
    Questions questions;
    MessageListModel model(questions.source());
    const QAbstractItemModelTester tester(&model);
    const QSignalSpy loaded(&model, &MessageListModel::loaded);
    model.setQuery(Questions::search("i"));
    QVERIFY(questions.rows.first().query.countsLater);
    questions.answerFirst(0, 1234);
    QCOMPARE(model.rowCount(), MessageListModel::pageSize);
    QVERIFY(model.isCounting() && !model.isLoading());
    QCOMPARE(loaded.size(), 1);
    // What changes meanwhile waits for the count.
    model.refresh();
    QCOMPARE(questions.rows.size(), 2);
    QVERIFY(!questions.rows.last().query.countsLater);
    QCOMPARE(questions.rows.last().query.limit, 0);
    questions.answer(1, 1234);
    QVERIFY(!model.isCounting());
    QCOMPARE(model.rowCount(), 1234);
    QCOMPARE(model.messageCount(), 1234);
    QCOMPARE(loaded.size(), 2);
    QVERIFY(questions.rows.size() > 2);
    // And is right in the end, whatever arrived between page and count.
    for (qsizetype question = 2; question < questions.rows.size(); ++question) {
        QVERIFY(!questions.rows.at(question).query.countsLater);
        questions.answer(question, 1240);
    }
    QCOMPARE(model.rowCount(), 1240);
    QCOMPARE(model.row(0)->number, 1240);
}

void OutdatedRowsTest::aNewerSearchEndsTheCount()
{
    Questions questions;
    MessageListModel model(questions.source());
    model.setQuery(Questions::search("i"));
    questions.answerFirst(0, 1234);
    model.setQuery(Questions::search("in"));
    QVERIFY(!model.isCounting());
    QVERIFY(questions.rows.at(1).stop.stop_requested());
    questions.answer(1, 1234);
    QCOMPARE(model.rowCount(), 0);
    questions.answer(2, 5);
    QCOMPARE(model.rowCount(), 5);
    QVERIFY(!model.isCounting());
}

void OutdatedRowsTest::selectsWhatIsStillBeingCounted()
{
    Questions questions;
    MessageListModel model(questions.source());
    MessageList list(&model);
    model.setQuery(Questions::search("i"));
    questions.answerFirst(0, 1234);
    list.selectAll();
    QCOMPARE(list.selectionModel()->selectedRows().size(), MessageListModel::pageSize);
    questions.answer(1, 1234);
    QCOMPARE(list.selectionModel()->selectedRows().size(), 1234);
    // Not in another list.
    model.setQuery(Questions::search("in"));
    questions.answerFirst(questions.rows.size() - 1, 500);
    list.selectAll();
    model.setQuery(Questions::search("inv"));
    questions.answer(questions.rows.size() - 1, 7);
    QCOMPARE(model.rowCount(), 7);
    QVERIFY(list.selectionModel()->selectedRows().isEmpty());
}

void OutdatedRowsTest::whatIsDoneToAllWaitsForTheCount()
{
    Questions questions;
    MessageListModel model(questions.source());
    MessageList list(&model);
    model.setQuery(Questions::search("i"));
    questions.answerFirst(0, 1234);
    list.selectAll();
    QVERIFY(!list.selected().ids());
    QList<qsizetype> told;
    list.selected().withNumbers([&told](const mail::RowOrder &rows) { told.append(rows.numbers.size()); });
    QVERIFY(told.isEmpty());
    questions.answer(1, 1234);
    QVERIFY(told.isEmpty());
    QVERIFY(!questions.orderAnswers.isEmpty());
    questions.answerOrder(1234);
    QCOMPARE(told, QList<qsizetype>{1234});
}

void OutdatedRowsTest::anotherChoiceIsNotOverruledByTheCount()
{
    Questions questions;
    MessageListModel model(questions.source());
    MessageList list(&model);
    model.setQuery(Questions::search("i"));
    questions.answerFirst(0, 1234);
    list.selectAll();
    list.selectRow(3);
    questions.answer(1, 1234);
    QCOMPARE(model.rowCount(), 1234);
    QCOMPARE(list.selectionModel()->selectedRows().size(), 1);
    QCOMPARE(list.selected().ids().value_or(QList<mail::MessageId>()).size(), 1);
}

void OutdatedRowsTest::nothingIsDoneToAllAfterAFailure()
{
    Questions questions;
    MessageListModel model(questions.source());
    MessageList list(&model);
    model.setQuery(Questions::search("i"));
    questions.answerFirst(0, 1234);
    list.selectAll();
    int told = 0;
    list.selected().withNumbers([&told](const mail::RowOrder &) { ++told; });
    questions.rows.at(1).answer.answer(tl::unexpected(mail::Error{mail::ErrorCode::InputOutput, {}, {}}));
    model.refresh();
    for (qsizetype question = 2; question < questions.rows.size(); ++question)
        questions.answer(question, 1234);
    QCOMPARE(model.rowCount(), 1234);
    QCOMPARE(told, 0);
    QCOMPARE(list.selectionModel()->selectedRows().size(), MessageListModel::pageSize);
}

/// The same messages, in the same rows.
void OutdatedRowsTest::takesTheNumbersOfAnIndexMadeAnew()
{
    Questions questions;
    MessageListModel model(questions.source());
    MessageList list(&model);
    model.setQuery(Questions::search("i"));
    questions.answer(0, 5);
    list.selectRow(1);
    const QList<mail::MessageId> before = list.selected().ids().value_or(QList<mail::MessageId>());
    QCOMPARE(before.size(), 1);
    model.refresh();
    for (qsizetype question = 1; question < questions.rows.size(); ++question) {
        const Question asked = questions.rows.at(question);
        mail::RowPage fresh = Questions::page(asked.query, 5);
        fresh.generation = 2;
        for (mail::MessageRow &row : fresh.rows)
            row.number = 6 - row.number;
        asked.answer.answer(fresh);
    }
    QCOMPARE(model.indexGeneration(), quint64(2));
    QCOMPARE(list.currentIndex().row(), 1);
    QCOMPARE(list.currentMessage(), before.first());
    list.selectRow(1);
    QCOMPARE(list.selected().ids().value_or(QList<mail::MessageId>()), before);
    mail::RowOrder selected;
    list.selected().withNumbers([&selected](const mail::RowOrder &rows) { selected = rows; });
    QCOMPARE(selected.generation, quint64(2));
    QCOMPARE(selected.numbers, QList<qint64>{2});
}

QTEST_MAIN(OutdatedRowsTest)
#include "tst_outdatedrows.moc"
