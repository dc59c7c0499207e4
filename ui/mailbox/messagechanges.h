#pragma once

#include "mail/system/mailboxes.h"

#include <QObject>

#include <deque>
#include <functional>

namespace glasspost::ui {

class InlineBar;

/// What a person does to messages: moves, flags, tags, removals, of any number, said in the bar with one way
/// back for all of them. Many go in steps, each durable by itself, with progress; they can be stopped between
/// two steps, and what was done until then can be undone.
class MessageChanges : public QObject
{
    Q_OBJECT
public:
    /// Both outlive this.
    MessageChanges(mail::Mailboxes &mailboxes, InlineBar &bar, QObject *parent = nullptr);

    /// Each where it lies in the mailbox of its own user; those that lie in that folder stay.
    /// then: when all of them are there.
    void move(const QList<mail::MessageId> &ids, const QString &toFolder, std::function<void()> then = {});
    /// The messages of several folders, each to a place of its own, as one change.
    struct Move
    {
        QList<mail::MessageId> ids;
        QString toFolder;
    };
    void move(const QList<Move> &moves, std::function<void()> then);
    void setFlag(const QList<mail::MessageId> &ids, mail::MessageFlag flag, bool on);
    void setTag(const QList<mail::MessageId> &ids, const QString &tag, bool on);
    void removeForGood(const QList<mail::MessageId> &ids); ///< no way back
    void undo(); ///< what was done last
    [[nodiscard]] bool canUndo() const { return !m_undo.empty(); }
    void stop(); ///< behind the step at work

Q_SIGNALS:
    void undoChanged();
    void restored(const glasspost::mail::MessageId &id); ///< one of those that an undo brought back

private:
    enum class Kind { Move, SetFlags, SetTags, Remove };
    /// Some messages of one folder.
    struct Step
    {
        Kind kind = Kind::Move;
        QList<mail::MessageId> ids;
        QString toFolder;
        mail::MessageFlags set, clear;
        QStringList add = {}, remove = {}; ///< tags
    };
    enum class Direction { There, Back };
    /// One thing that a person asked for.
    struct Work
    {
        Direction direction = Direction::There;
        Step what; ///< without messages
        std::deque<Step> steps;
        std::deque<Step> back; ///< of the steps that are done
        int total = 0;
        int done = 0;
        bool isStopped = false;
        std::function<void()> then;
    };

    static std::deque<Step> steps(const Step &what, const QList<mail::MessageId> &ids);
    void begin(Work work);
    void nextStep();
    void doStep(const Step &step);
    void stepDone(const Step &step, const mail::Result<QList<mail::MessageId>> &result);
    void end();
    void fail(const mail::Error &error);
    void showProgress();
    [[nodiscard]] QString endWords(const Work &work) const;

    mail::Mailboxes &m_mailboxes;
    InlineBar &m_bar;
    std::deque<Work> m_works; ///< the first is at work
    std::deque<Step> m_undo;
    Step m_undone; ///< what m_undo undoes
};

} // namespace glasspost::ui
