#include "ui/mailbox/messagechanges.h"

#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"
#include "ui/words/foldertext.h"

#include <QPushButton>

#include <algorithm>

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

/// Each of one folder, so that there is one place to go back to. In one pass, with no list beside them: there
/// may be a million.
std::deque<MessageChanges::Step> MessageChanges::steps(const Step &what, const QList<mail::MessageId> &ids)
{
    const qsizetype size = what.kind == Kind::SetTags
        ? longStepSize
        : std::clamp(ids.size() / mostSteps, stepSize, longStepSize);
    std::deque<Step> steps;
    QMap<mail::FolderId, size_t> open; // the step of each folder that has room
    const mail::FolderId *folder = nullptr; // of the message before, and its step
    size_t at = 0;
    for (const mail::MessageId &id : ids) {
        if (what.kind == Kind::Move && id.folder.folder == what.toFolder)
            continue;
        if (!folder || *folder != id.folder) {
            folder = &id.folder;
            at = open.value(id.folder, steps.size());
        }
        if (at < steps.size() && steps[at].ids.size() == size)
            at = steps.size();
        if (at == steps.size()) {
            steps.push_back(what);
            open.insert(id.folder, at);
        }
        steps[at].ids.append(id);
    }
    return steps;
}

void MessageChanges::move(
    const QList<mail::MessageId> &ids, const QString &toFolder, std::function<void()> then)
{
    const Step what{Kind::Move, {}, toFolder, {}, {}};
    begin({Direction::There, what, steps(what, ids), {}, 0, 0, false, std::move(then)});
}

void MessageChanges::move(const QList<Move> &moves, std::function<void()> then)
{
    // What is said of them names the first.
    const Step what{Kind::Move, {}, moves.isEmpty() ? QString() : moves.first().toFolder, {}, {}};
    Work work{Direction::There, what, {}, {}, 0, 0, false, std::move(then)};
    for (const Move &one : moves) {
        for (Step &step : steps({Kind::Move, {}, one.toFolder, {}, {}}, one.ids))
            work.steps.push_back(std::move(step));
    }
    begin(std::move(work));
}

void MessageChanges::setFlag(const QList<mail::MessageId> &ids, mail::MessageFlag flag, bool on)
{
    const Step what{
        Kind::SetFlags, {}, {}, on ? flag : mail::MessageFlags(), on ? mail::MessageFlags() : flag};
    begin({Direction::There, what, steps(what, ids), {}, 0, 0, false, {}});
}

void MessageChanges::setTag(const QList<mail::MessageId> &ids, const QString &tag, bool on)
{
    Step what{Kind::SetTags, {}, {}, {}, {}};
    (on ? what.add : what.remove).append(tag);
    begin({Direction::There, what, steps(what, ids), {}, 0, 0, false, {}});
}

void MessageChanges::removeForGood(const QList<mail::MessageId> &ids)
{
    const Step what{Kind::Remove, {}, {}, {}, {}};
    begin({Direction::There, what, steps(what, ids), {}, 0, 0, false, {}});
}

void MessageChanges::undo()
{
    if (m_undo.empty())
        return;
    m_bar.dismiss();
    begin({Direction::Back, m_undone, std::exchange(m_undo, {}), {}, 0, 0, false, {}});
    Q_EMIT undoChanged();
}

void MessageChanges::stop()
{
    if (!m_works.empty())
        m_works.front().isStopped = true;
}

void MessageChanges::begin(Work work)
{
    for (const Step &step : work.steps)
        work.total += int(step.ids.size());
    if (work.total == 0) {
        if (work.then)
            work.then();
        return;
    }
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
    doStep(step);
}

void MessageChanges::doStep(const Step &step)
{
    const auto done
        = [this, step](const mail::Result<QList<mail::MessageId>> &result) { stepDone(step, result); };
    switch (step.kind) {
    case Kind::Move:
        m_mailboxes.move(step.ids, step.toFolder).then(this, done);
        break;
    case Kind::SetFlags:
        m_mailboxes.setFlags(step.ids, step.set, step.clear).then(this, done);
        break;
    case Kind::SetTags:
        m_mailboxes.setTags(step.ids, step.add, step.remove).then(this, done);
        break;
    case Kind::Remove:
        m_mailboxes.remove(step.ids).andThen(this, [] { return QList<mail::MessageId>(); }).then(this, done);
        break;
    }
}

void MessageChanges::stepDone(const Step &step, const mail::Result<QList<mail::MessageId>> &result)
{
    Work &work = m_works.front();
    const bool areGone = !result && result.error().code == mail::ErrorCode::NotFound && work.total > stepSize;
    if (!result && !areGone) {
        fail(result.error());
        return;
    }
    const QList<mail::MessageId> changed = result.value_or(QList<mail::MessageId>());
    work.done += int(step.kind == Kind::Move ? changed.size() : step.ids.size());
    if (step.kind != Kind::Remove && !changed.isEmpty())
        work.back.push_front({step.kind, changed, step.ids.first().folder.folder, step.clear, step.set,
            step.remove, step.add});
    nextStep();
}

void MessageChanges::end()
{
    const Work work = std::move(m_works.front());
    m_works.pop_front();
    const bool wasLong = work.total > stepSize;
    if (work.then && !work.isStopped)
        work.then();
    if (work.direction == Direction::Back) {
        if (wasLong)
            m_bar.dismiss();
        if (work.what.kind == Kind::Move && !work.back.empty())
            Q_EMIT restored(work.back.back().ids.first());
    } else if (work.what.kind == Kind::Move || work.total > 1) {
        m_bar.say(InlineBar::Kind::Info, endWords(work), undoStays);
        if (!work.back.empty())
            m_bar.addUndo([this] { undo(); });
    }
    if (work.direction == Direction::There && (work.what.kind == Kind::Move || work.total > 1)) {
        m_undo = work.back;
        m_undone = work.what;
    }
    Q_EMIT undoChanged();
    if (!m_works.empty())
        nextStep();
}

/// What was done before it can be undone still; the rest can be tried again.
void MessageChanges::fail(const mail::Error &error)
{
    const Work work = std::move(m_works.front());
    m_works.pop_front();
    if (!work.back.empty() && work.direction == Direction::There) {
        m_undo = work.back;
        m_undone = work.what;
    }
    QString words = errorText(error);
    if (work.done > 0)
        words += QLatin1Char(' ') + endWords(work);
    m_bar.say(InlineBar::Kind::Error, words);
    if (!work.back.empty() && work.direction == Direction::There)
        m_bar.addUndo([this] { undo(); });
    Q_EMIT undoChanged();
    if (!m_works.empty())
        nextStep();
}

void MessageChanges::showProgress()
{
    const Work &work = m_works.front();
    if (work.total <= stepSize)
        return;
    const QString words = work.direction == Direction::Back
        ? tr("Undoing: %1 of %Ln message(s).", nullptr, work.total)
        : tr("%1 of %Ln message(s) done.", nullptr, work.total);
    const QString line = words.arg(QLocale().toString(work.done));
    if (work.done == 0) {
        m_bar.say(InlineBar::Kind::Info, line);
        m_bar.addButton(tr("Stop"), [this] { stop(); });
    }
    m_bar.setWords(line);
    m_bar.setProgress(int(qint64(work.done) * 1000 / work.total));
}

QString MessageChanges::endWords(const Work &work) const
{
    QString words;
    switch (work.what.kind) {
    case Kind::Move:
        words = tr("%Ln message(s) moved to %1.", nullptr, work.done)
                    .arg(folderTitle({{}, work.what.toFolder}));
        break;
    case Kind::Remove:
        words = tr("%Ln message(s) deleted permanently.", nullptr, work.done);
        break;
    case Kind::SetTags:
        words = work.what.remove.isEmpty() ? tr("%Ln message(s) tagged “%1”.", nullptr, work.done)
                                           : tr("%Ln message(s) no longer tagged “%1”.", nullptr, work.done);
        words = words.arg((work.what.add + work.what.remove).join(u' '));
        break;
    case Kind::SetFlags:
        if (work.what.set.testFlag(mail::MessageFlag::Seen))
            words = tr("%Ln message(s) marked as read.", nullptr, work.done);
        else if (work.what.clear.testFlag(mail::MessageFlag::Seen))
            words = tr("%Ln message(s) marked as unread.", nullptr, work.done);
        else if (work.what.set)
            words = tr("%Ln message(s) flagged.", nullptr, work.done);
        else
            words = tr("%Ln message(s) no longer flagged.", nullptr, work.done);
        break;
    }
    if (work.isStopped && work.done < work.total)
        words += QLatin1Char(' ') + tr("The rest was stopped.");
    return words;
}

} // namespace glasspost::ui
