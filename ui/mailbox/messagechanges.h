#pragma once

#include "mail/system/mailboxes.h"
#include "ui/mailbox/chosenmessages.h"

#include <QObject>

#include <deque>
#include <functional>

namespace glasspost::ui {

class InlineBar;

/// What a person does to messages: moves, flags, tags, removals, of any number, said in the bar with one way
/// back for all of them. Many go in steps, each durable by itself, with progress; they can be stopped between
/// two steps, and what was done until then can be undone. Those that are known by the numbers of their rows
/// get their names step by step. The way back of many knows them by their numbers, too: once the index was
/// rebuilt there is none, which is said. That of a few knows their names, and stays.
class MessageChanges : public QObject
{
    Q_OBJECT
public:
    /// Both outlive this.
    MessageChanges(mail::Mailboxes &mailboxes, InlineBar &bar, QObject *parent = nullptr);

    struct Then
    {
        std::function<void()> done; ///< all of them are there
        std::function<void()> allThere; ///< in place of all else: they lay there before
    };
    /// Each where it lies in the mailbox of its own user; those that lie in that folder stay.
    void move(const ChosenMessages &messages, const QString &toFolder, Then then = {});
    /// Those of its user; how many others stay is said.
    void moveInto(const ChosenMessages &messages, const mail::FolderId &folder);
    /// The messages of several folders, each to a place of its own, as one change.
    struct Move
    {
        ChosenMessages messages;
        QString toFolder;
    };
    void move(const QList<Move> &moves, std::function<void()> then);
    void setFlag(const ChosenMessages &messages, mail::MessageFlag flag, bool on);
    void setTag(const ChosenMessages &messages, const QString &tag, bool on);
    void removeForGood(const ChosenMessages &messages); ///< no way back
    void undo(); ///< what was done last
    [[nodiscard]] bool canUndo() const { return !m_undo.empty(); }
    void stop(); ///< behind the step at work

Q_SIGNALS:
    void undoChanged();
    void restored(const glasspost::mail::MessageId &id); ///< one of those that an undo brought back

private:
    enum class Kind { Move, SetFlags, SetTags, Remove };
    /// Some messages. Once they have names all are of one folder, and rows has the number of each if it is
    /// known.
    struct Step
    {
        Kind kind = Kind::Move;
        ChosenMessages messages = {};
        QString toFolder = {};
        mail::MessageFlags set = {}, clear = {};
        QStringList add = {}, remove = {}; ///< tags
        QString ofUser = {}; ///< those of others stay; empty: of every user

        [[nodiscard]] bool hasNames() const { return !messages.ids.isEmpty(); }
    };
    enum class Direction { There, Back };
    /// One thing that a person asked for.
    struct Work
    {
        Direction direction = Direction::There;
        Step what = {}; ///< without messages
        std::deque<Step> steps = {};
        std::deque<Step> back = {}; ///< of the steps that are done
        int total = 0; ///< less those that turn out to be gone, there already, or another user's
        int done = 0;
        int gone = 0;
        int there = 0;
        int others = 0;
        bool isLong = false;
        bool isShown = false; ///< its progress
        bool isStopped = false;
        mail::MessageId restored = {}; ///< the first of them
        Then then = {};
    };
    /// What of some messages is to be done, and what of them is not.
    struct Sorted
    {
        std::deque<Step> steps;
        int there = 0;
        int others = 0;
    };

    static Sorted sorted(const Step &what, const ChosenMessages &messages, qsizetype most);
    static void addSteps(Work &work, const Step &what, const ChosenMessages &messages);
    static Step stepBack(const Step &step, const QList<mail::MessageId> &changed, bool byNumbers);
    void begin(Work work);
    void nextStep();
    void takeNames(const Step &step, const QList<mail::MessageId> &ids);
    void doStep(const Step &step);
    void stepDone(const Step &step, const mail::Result<QList<mail::MessageId>> &result);
    static void count(Work &work, const Step &step, const mail::Result<QList<mail::MessageId>> &result);
    void end();
    void endThere(const Work &work);
    void endBack(const Work &work);
    void offerUndo(const Work &work);
    void fail(const Step &step, const mail::Error &error);
    void offerAgain(const Work &work);
    void showProgress();
    [[nodiscard]] QString endWords(const Work &work) const;
    [[nodiscard]] static QString undoneWords(const Work &work);

    mail::Mailboxes &m_mailboxes;
    InlineBar &m_bar;
    std::deque<Work> m_works; ///< the first is at work
    std::deque<Step> m_undo;
    Step m_undone; ///< what m_undo undoes
};

} // namespace glasspost::ui
