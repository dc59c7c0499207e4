#include "app/messages/messagewaits.h"

#include "app/console/jsonvalues.h"
#include "app/messages/messagejson.h"
#include "mail/base/worker.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace glasspost::app {

namespace {

constexpr int pageSize = 100;
constexpr qint64 microsPerSecond = 1'000'000; // microseconds

/// What a message is for those who may have waited for it.
struct Verdict
{
    QList<bool> isMatch;
    QJsonObject message; ///< where somebody wants it
};

struct Question
{
    WaitCondition condition;
    MessageWait::Answer answer = MessageWait::Answer::Message;
};

Verdict judge(const MessageContent &content, const QList<Question> &questions)
{
    Verdict verdict;
    bool isWanted = false;
    for (const Question &question : questions) {
        const bool isMatch = question.condition.matches(content);
        verdict.isMatch += isMatch;
        isWanted = isWanted || (isMatch && question.answer == MessageWait::Answer::Message);
    }
    if (isWanted)
        verdict.message = messageJson(content);
    return verdict;
}

QJsonObject rowAnswer(const mail::MessageRow &row)
{
    return {{QStringLiteral("row"), toJson(row)}};
}

} // namespace

struct MessageWaits::Waiting
{
    MessageWait wait;
    int left = 0;
    bool isGone = false;
    int round = 0; ///< of looking back: each new index begins another
    qint64 joinedAt = 0; ///< the number of the last row that it looks back to by itself
    qint64 lookedAt = 0; ///< and how far it is
    bool isLookingBack = true;
    mail::ArrivalMoment latest; ///< of those that were found
    QList<std::pair<mail::MessageRow, QJsonObject>> live; ///< that came while it was looking back
};

MessageWaits::MessageWaits(mail::Mailboxes &mailboxes, mail::Lookups &lookups, QObject *parent)
    : QObject(parent), m_mailboxes(mailboxes), m_lookups(lookups)
{
    connect(&m_mailboxes, &mail::Mailboxes::changed, this, &MessageWaits::advance);
}

MessageWaits::~MessageWaits() = default;

void MessageWaits::add(MessageWait wait, QObject *context)
{
    const auto waiting = std::make_shared<Waiting>();
    waiting->wait = std::move(wait);
    waiting->left = waiting->wait.count;
    m_waiting.insert(waiting->wait.condition.to.toCaseFolded(), waiting);
    connect(context, &QObject::destroyed, this, [this, waiting] { remove(waiting); });
    if (m_generation == 0)
        advance();
    else
        lookBack(waiting);
}

void MessageWaits::remove(const WaitingPointer &waiting)
{
    waiting->isGone = true;
    m_waiting.remove(waiting->wait.condition.to.toCaseFolded(), waiting);
}

// Asks for what came after m_position, or first of all for the position itself.
void MessageWaits::advance()
{
    m_isChanged = true;
    if (m_isBusy)
        return;
    if (m_waiting.isEmpty()) {
        m_generation = 0;
        return;
    }
    m_isBusy = true;
    m_isChanged = false;
    mail::ArrivalQuery query;
    query.after = m_generation == 0 ? std::numeric_limits<qint64>::max() : m_position;
    query.limit = pageSize;
    m_lookups.arrivals(query).then(this, [this](const mail::Result<mail::RowPage> &page) { take(page); });
}

void MessageWaits::take(const mail::Result<mail::RowPage> &page)
{
    if (!page || page->isMissing) // changed() comes when it is there
        return rest();
    if (page->generation != m_generation) {
        m_generation = page->generation;
        m_position = page->newest;
        joinAll();
        return rest();
    }
    m_isChanged = m_isChanged || page->rows.size() == pageSize;
    examineAll(page->rows, nullptr).then(this, [this](const mail::Result<void> &) { rest(); });
}

void MessageWaits::rest()
{
    m_isBusy = false;
    if (m_isChanged)
        advance();
}

void MessageWaits::joinAll()
{
    const QList<WaitingPointer> all = m_waiting.values();
    for (const WaitingPointer &waiting : all) {
        // What another index had before is not found once more.
        waiting->wait.condition.since = std::max(waiting->wait.condition.since, waiting->latest);
        waiting->live.clear();
        lookBack(waiting);
    }
}

void MessageWaits::lookBack(const WaitingPointer &waiting)
{
    waiting->isLookingBack = true;
    waiting->joinedAt = m_position;
    waiting->lookedAt = 0;
    mail::repeat(this, [this, waiting, round = ++waiting->round] {
        return lookAtNextPage(waiting, round);
    }).then(this, [this, waiting, round = waiting->round](const mail::Result<void> &) {
        if (waiting->round == round && !waiting->isGone)
            endLookBack(waiting);
    });
}

/// Whether there is another.
mail::Task<bool> MessageWaits::lookAtNextPage(const WaitingPointer &waiting, int round)
{
    mail::ArrivalQuery query;
    query.folder = waiting->wait.condition.folder;
    query.searchText = waiting->wait.condition.searchText();
    query.after = waiting->lookedAt;
    query.since = waiting->wait.condition.since.micros / microsPerSecond;
    query.limit = pageSize;
    const auto look = [this, waiting, round](mail::RowPage page) -> mail::Task<bool> {
        const bool isOver = waiting->isGone || waiting->round != round || page.generation != m_generation;
        const bool isLast = page.rows.size() < pageSize;
        if (!isOver
            && waiting->lookedAt == 0) // all that the index has by now, not what the others were asked about
            waiting->joinedAt = std::max(waiting->joinedAt, page.newest);
        page.rows.removeIf([waiting](const mail::MessageRow &row) { return row.number > waiting->joinedAt; });
        if (isOver || page.rows.isEmpty())
            return mail::Result<bool>(false);
        waiting->lookedAt = page.rows.last().number;
        return examineAll(page.rows, waiting).andThen(this, [isLast] { return !isLast; });
    };
    return m_lookups.arrivals(query).andThen(this, look);
}

void MessageWaits::endLookBack(const WaitingPointer &waiting)
{
    waiting->isLookingBack = false;
    for (const auto &[row, answer] : std::exchange(waiting->live, {}))
        deliver(waiting, row, answer, true);
    if (!waiting->isGone)
        waiting->wait.caughtUp();
}

mail::Task<void> MessageWaits::examineAll(const QList<mail::MessageRow> &rows, const WaitingPointer &alone)
{
    const auto left = std::make_shared<QList<mail::MessageRow>>(rows);
    return mail::repeat(this, [this, left, alone]() -> mail::Task<bool> {
        if (left->isEmpty())
            return mail::Result<bool>(false);
        const mail::MessageRow row = left->takeFirst();
        if (!alone)
            m_position = row.number;
        const mail::Promise<bool> promise; // a message that is gone, or cannot be read, is nobody's
        examine(row, alone).then(this, [promise](const mail::Result<void> &) { promise.answer(true); });
        return promise.task();
    });
}

/// For all who wait, or for the one that looks back.
mail::Task<void> MessageWaits::examine(const mail::MessageRow &row, const WaitingPointer &alone)
{
    // Who joined since the row was begun with looks back to it.
    const auto mayBeFor = [row, alone](const WaitingPointer &one) {
        return !one->isGone && (alone || one->joinedAt < row.number) && one->wait.condition.mayBe(row);
    };
    const WaitingList known = alone ? WaitingList{alone} : m_waiting.values(QString());
    WaitingList asked;
    std::copy_if(known.cbegin(), known.cend(), std::back_inserter(asked), mayBeFor);
    const auto isByRow = [](const WaitingPointer &one) {
        return one->wait.answer == MessageWait::Answer::Row && !one->wait.condition.needsMessage();
    };
    for (const WaitingPointer &one : std::as_const(asked)) {
        if (isByRow(one))
            deliver(one, row, rowAnswer(row), !alone);
    }
    asked.removeIf(isByRow);
    const bool mayBeMore = !alone && m_waiting.size() > m_waiting.count(QString());
    if (asked.isEmpty() && !mayBeMore)
        return mail::Result<void>();
    return m_mailboxes.message(row.id).andThen(
        this, [this, row, alone, asked, mayBeFor](const mail::MessageView &view) mutable -> mail::Task<void> {
            const QSet<QString> recipients = alone ? QSet<QString>() : recipientsOf(view);
            for (const QString &recipient : recipients) {
                const WaitingList named = m_waiting.values(recipient);
                std::copy_if(named.cbegin(), named.cend(), std::back_inserter(asked), mayBeFor);
            }
            if (asked.isEmpty())
                return mail::Result<void>();
            return completed(m_mailboxes, m_lookups, row, view, this)
                .andThen(this, [this, asked, isLive = !alone](const MessageContent &content) {
                    return judgeFor(asked, content, isLive);
                });
        });
}

mail::Task<void> MessageWaits::judgeFor(const WaitingList &asked, const MessageContent &content, bool isLive)
{
    QList<Question> questions;
    for (const WaitingPointer &one : asked)
        questions.append({one->wait.condition, one->wait.answer});
    return mail::runLongWork([content, questions] {
        return judge(content, questions);
    }).andThen(this, [this, asked, row = content.row, isLive](const Verdict &verdict) {
        const QJsonObject message{{QStringLiteral("message"), verdict.message}};
        for (qsizetype i = 0; i < asked.size(); ++i) {
            const bool wantsRow = asked.at(i)->wait.answer == MessageWait::Answer::Row;
            if (verdict.isMatch.at(i))
                deliver(asked.at(i), row, wantsRow ? rowAnswer(row) : message, isLive);
        }
    });
}

void MessageWaits::deliver(
    const WaitingPointer &waiting, const mail::MessageRow &row, const QJsonObject &answer, bool isLive)
{
    if (waiting->isGone)
        return;
    if (isLive && row.number <= waiting->joinedAt) // looking back finds it
        return;
    if (isLive && waiting->isLookingBack) {
        waiting->live.append({row, answer});
        return;
    }
    waiting->latest = std::max(waiting->latest, momentOf(row));
    if (waiting->left > 0 && --waiting->left == 0)
        remove(waiting);
    waiting->wait.found(answer);
}

} // namespace glasspost::app
