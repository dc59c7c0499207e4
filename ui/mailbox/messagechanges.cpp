#include "ui/mailbox/messagechanges.h"

#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace glasspost::ui {

namespace {

constexpr qsizetype stepSize = 1000; ///< messages in one transaction: what lists wait for between two looks
/// Of tags more: each transaction writes all that its user has. Of a million, too: a page of the index is
/// written once in each transaction that changes something on it.
constexpr qsizetype longStepSize = 10'000;
constexpr qsizetype mostSteps = 100; ///< unless they would be longer than that
constexpr std::chrono::seconds undoStays(12);

} // namespace

MessageChanges::MessageChanges(mail::Mailboxes &mailboxes, InlineBar &bar, QObject *parent)
    : QObject(parent), m_mailboxes(mailboxes), m_bar(bar)
{ }

/// Those that have names, each step of one folder, so that there is one place to go back to. In one pass,
/// with no list beside them.
MessageChanges::Sorted MessageChanges::sorted(
    const Step &what, const ChosenMessages &messages, qsizetype most)
{
    const QList<mail::MessageId> &ids = messages.ids;
    const bool haveNumbers = messages.rows.numbers.size() == ids.size();
    Sorted sorted;
    QMap<mail::FolderId, size_t> open; // the step of each folder that has room
    const mail::FolderId *folder = nullptr; // of the message before, and its step
    size_t at = 0;
    for (qsizetype i = 0; i < ids.size(); ++i) {
        const mail::MessageId &id = ids[i];
        if (!what.ofUser.isEmpty() && id.folder.user != what.ofUser) {
            ++sorted.others;
            continue;
        }
        if (what.kind == Kind::Move && id.folder.folder == what.toFolder) {
            ++sorted.there;
            continue;
        }
        if (!folder || *folder != id.folder) {
            folder = &id.folder;
            at = open.value(id.folder, sorted.steps.size());
        }
        if (at < sorted.steps.size() && sorted.steps[at].messages.ids.size() == most)
            at = sorted.steps.size();
        if (at == sorted.steps.size()) {
            sorted.steps.push_back(what);
            sorted.steps[at].messages = {{}, {messages.rows.generation, {}, {}}, id.folder};
            open.insert(id.folder, at);
        }
        sorted.steps[at].messages.ids.append(id);
        if (haveNumbers)
            sorted.steps[at].messages.rows.numbers.append(messages.rows.numbers[i]);
    }
    return sorted;
}

void MessageChanges::addSteps(Work &work, const Step &what, const ChosenMessages &messages)
{
    const qsizetype most = what.kind == Kind::SetTags
        ? longStepSize
        : std::clamp(messages.count() / mostSteps, stepSize, longStepSize);
    if (!messages.ids.isEmpty()) {
        Sorted named = sorted(what, messages, most);
        work.there += named.there;
        work.others += named.others;
        work.total += int(messages.ids.size()) - named.there - named.others;
        std::move(named.steps.begin(), named.steps.end(), std::back_inserter(work.steps));
        return;
    }
    work.total += int(messages.rows.numbers.size());
    for (qsizetype at = 0; at < messages.rows.numbers.size(); at += most) {
        work.steps.push_back(what);
        work.steps.back().messages
            = {{}, {messages.rows.generation, messages.rows.numbers.mid(at, most), {}}, messages.in};
    }
}

void MessageChanges::move(const ChosenMessages &messages, const QString &toFolder, Then then)
{
    Work work{Direction::There, {Kind::Move, {}, toFolder}};
    work.then = std::move(then);
    addSteps(work, work.what, messages);
    begin(std::move(work));
}

void MessageChanges::moveInto(const ChosenMessages &messages, const mail::FolderId &folder)
{
    Work work{Direction::There, {Kind::Move, {}, folder.folder}};
    work.what.ofUser = folder.user;
    addSteps(work, work.what, messages);
    begin(std::move(work));
}

void MessageChanges::move(const QList<Move> &moves, std::function<void()> then)
{
    // What is said of them names the first.
    Work work{Direction::There, {Kind::Move, {}, moves.isEmpty() ? QString() : moves.first().toFolder}};
    work.then.done = std::move(then);
    for (const Move &one : moves)
        addSteps(work, {Kind::Move, {}, one.toFolder}, one.messages);
    begin(std::move(work));
}

void MessageChanges::setFlag(const ChosenMessages &messages, mail::MessageFlag flag, bool on)
{
    Work work{Direction::There, {Kind::SetFlags, {}}};
    (on ? work.what.set : work.what.clear) = flag;
    addSteps(work, work.what, messages);
    begin(std::move(work));
}

void MessageChanges::setTag(const ChosenMessages &messages, const QString &tag, bool on)
{
    Work work{Direction::There, {Kind::SetTags, {}}};
    (on ? work.what.add : work.what.remove).append(tag);
    addSteps(work, work.what, messages);
    begin(std::move(work));
}

void MessageChanges::removeForGood(const ChosenMessages &messages)
{
    Work work{Direction::There, {Kind::Remove, {}}};
    addSteps(work, work.what, messages);
    begin(std::move(work));
}

void MessageChanges::undo()
{
    if (m_undo.empty())
        return;
    m_bar.dismiss();
    Work work{Direction::Back, m_undone, std::exchange(m_undo, {})};
    for (const Step &step : work.steps)
        work.total += int(step.messages.count());
    begin(std::move(work));
    Q_EMIT undoChanged();
}

void MessageChanges::stop()
{
    if (!m_works.empty())
        m_works.front().isStopped = true;
}

void MessageChanges::begin(Work work)
{
    work.isLong = work.total > stepSize;
    m_works.push_back(std::move(work));
    if (m_works.size() == 1)
        nextStep();
}

void MessageChanges::nextStep()
{
    Work &work = m_works.front();
    if (work.isStopped || work.steps.empty()) {
        end();
        return;
    }
    showProgress();
    const Step step = std::move(work.steps.front());
    work.steps.pop_front();
    if (step.hasNames()) {
        doStep(step);
        return;
    }
    m_mailboxes.identify(step.messages.rows)
        .then(this, [this, step](const mail::Result<QList<mail::MessageId>> &ids) {
            if (ids)
                takeNames(step, *ids);
            else
                fail(step, ids.error());
        });
}

/// What was moved elsewhere since is not in the list that one saw.
void MessageChanges::takeNames(const Step &step, const QList<mail::MessageId> &ids)
{
    ChosenMessages found{ids, step.messages.rows, {}};
    const auto liesElsewhere
        = [&step](const mail::MessageId &id) { return !step.messages.isMeantIn(id.folder); };
    // Which number is whose is known while none is missing.
    if (found.ids.removeIf(liesElsewhere) > 0 || found.ids.size() != found.rows.numbers.size())
        found.rows.numbers.clear();
    Work &work = m_works.front();
    Step what = step;
    what.messages = {};
    Sorted named = sorted(what, found, longStepSize);
    const int gone = int(step.messages.rows.numbers.size() - found.ids.size());
    work.gone += gone;
    work.there += named.there;
    work.others += named.others;
    work.total -= gone + named.there + named.others;
    if (named.steps.empty()) {
        nextStep();
        return;
    }
    for (; named.steps.size() > 1; named.steps.pop_back())
        work.steps.push_front(std::move(named.steps.back()));
    doStep(named.steps.front()); // it is at work, though all be stopped meanwhile
}

void MessageChanges::doStep(const Step &step)
{
    const auto done
        = [this, step](const mail::Result<QList<mail::MessageId>> &result) { stepDone(step, result); };
    const QList<mail::MessageId> &ids = step.messages.ids;
    switch (step.kind) {
    case Kind::Move:
        m_mailboxes.move(ids, step.toFolder).then(this, done);
        break;
    case Kind::SetFlags:
        m_mailboxes.setFlags(ids, step.set, step.clear).then(this, done);
        break;
    case Kind::SetTags:
        m_mailboxes.setTags(ids, step.add, step.remove).then(this, done);
        break;
    case Kind::Remove:
        m_mailboxes.remove(ids).andThen(this, [] { return QList<mail::MessageId>(); }).then(this, done);
        break;
    }
}

void MessageChanges::stepDone(const Step &step, const mail::Result<QList<mail::MessageId>> &result)
{
    Work &work = m_works.front();
    // Others of many may be there; and whoever goes back is told what is not.
    const bool mayBeGone = work.isLong || work.direction == Direction::Back;
    if (!result && !(mayBeGone && result.error().code == mail::ErrorCode::NotFound)) {
        fail(step, result.error());
        return;
    }
    count(work, step, result);
    const QList<mail::MessageId> changed = result.value_or(QList<mail::MessageId>());
    if (work.restored.isNull() && !changed.isEmpty())
        work.restored = changed.first();
    if (work.direction == Direction::There && step.kind != Kind::Remove && !changed.isEmpty())
        work.back.push_front(stepBack(step, changed, work.isLong));
    nextStep();
}

/// Of those that were moved it is known which were found; of others whether any was.
void MessageChanges::count(Work &work, const Step &step, const mail::Result<QList<mail::MessageId>> &result)
{
    const qsizetype all = step.messages.ids.size();
    const qsizetype done = !result ? 0 : step.kind == Kind::Move ? result->size() : all;
    work.done += int(done);
    work.gone += int(all - done);
    work.total -= int(all - done);
}

/// For those that were changed, in the step's order. The names of a million take twenty times as much as
/// their numbers.
MessageChanges::Step MessageChanges::stepBack(
    const Step &step, const QList<mail::MessageId> &changed, bool byNumbers)
{
    Step back{step.kind, {changed, {}, {}}, step.messages.ids.first().folder.folder, step.clear, step.set,
        step.remove, step.add};
    if (!byNumbers || step.messages.rows.numbers.isEmpty())
        return back;
    mail::RowOrder rows{step.messages.rows.generation, {}, {}};
    for (qsizetype i = 0; i < step.messages.ids.size() && rows.numbers.size() < changed.size(); ++i) {
        if (step.messages.ids[i].unique == changed[rows.numbers.size()].unique)
            rows.numbers.append(step.messages.rows.numbers[i]);
    }
    if (rows.numbers.size() == changed.size())
        back.messages = {{}, rows, changed.first().folder};
    return back;
}

void MessageChanges::end()
{
    const Work work = std::move(m_works.front());
    m_works.pop_front();
    if (work.isLong && work.total == 0)
        m_bar.dismiss();
    const bool areAllThere = work.total == 0 && work.there > 0 && work.others == 0;
    if (areAllThere && work.then.allThere)
        work.then.allThere();
    else if (work.then.done && !work.isStopped)
        work.then.done();
    if (work.direction == Direction::Back)
        endBack(work);
    else if (work.total > 0 || work.others > 0)
        endThere(work);
    if (!m_works.empty())
        nextStep();
}

void MessageChanges::endThere(const Work &work)
{
    if (work.what.kind == Kind::Move || work.total > 1) {
        m_bar.say(
            work.others > 0 ? InlineBar::Kind::Warning : InlineBar::Kind::Info, endWords(work), undoStays);
        if (work.total > 0)
            m_undo.clear();
        offerUndo(work);
    }
    Q_EMIT undoChanged();
}

void MessageChanges::endBack(const Work &work)
{
    if (work.isLong)
        m_bar.dismiss();
    QString words = undoneWords(work);
    const bool isPart = work.isStopped && !work.steps.empty();
    if (isPart)
        words += QLatin1Char(' ') + tr("The rest was stopped.");
    if (work.gone > 0)
        words += QLatin1Char(' ') + tr("%Ln message(s) were moved or removed since.", nullptr, work.gone);
    if (isPart || work.gone > 0)
        m_bar.say(work.gone > 0 ? InlineBar::Kind::Warning : InlineBar::Kind::Info, words);
    if (isPart)
        offerAgain(work);
    if (work.what.kind == Kind::Move && !work.restored.isNull())
        Q_EMIT restored(work.restored);
    Q_EMIT undoChanged();
}

void MessageChanges::offerUndo(const Work &work)
{
    if (work.back.empty())
        return;
    m_undo = work.back;
    m_undone = work.what;
    m_bar.addUndo([this] { undo(); });
}

/// What is left of an undo that failed or was stopped; unless there is a newer one.
void MessageChanges::offerAgain(const Work &work)
{
    if (canUndo())
        return;
    m_undo = work.steps;
    m_undone = work.what;
    m_bar.addUndo([this] { undo(); });
}

/// What was done before it can be undone still; the rest can be tried again.
void MessageChanges::fail(const Step &step, const mail::Error &error)
{
    Work work = std::move(m_works.front());
    m_works.pop_front();
    QString words = errorText(error);
    // Other rows have those numbers now: what is known by them alone cannot be found again.
    if (error.code == mail::ErrorCode::IndexIncomplete) {
        std::erase_if(work.back, [](const Step &one) { return !one.hasNames(); });
        words = work.direction == Direction::Back
            ? tr("The index of the mail was rebuilt since: this can no longer be undone.")
            : tr("The index of the mail was rebuilt meanwhile: select the messages again.");
    }
    if (work.done > 0)
        words += QLatin1Char(' ') + (work.direction == Direction::Back ? undoneWords(work) : endWords(work));
    m_bar.say(InlineBar::Kind::Error, words);
    const bool canGoOn = work.direction == Direction::Back && error.code != mail::ErrorCode::IndexIncomplete;
    if (work.direction == Direction::There)
        offerUndo(work);
    if (canGoOn) {
        work.steps.push_front(step);
        offerAgain(work);
    }
    Q_EMIT undoChanged();
    if (!m_works.empty())
        nextStep();
}

} // namespace glasspost::ui
