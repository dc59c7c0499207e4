#pragma once

#include "mail/base/error.h"
#include "mail/base/mutex.h"
#include "mail/base/threadline.h"

#include <optional>
#include <type_traits>
#include <utility>

namespace glasspost::mail {

template <typename T> class Promise;
template <typename T> class Task;

/// The value of what a function returns, now or later.
template <typename T> struct TaskValue
{
    using Type = T;
};
template <typename T> struct TaskValue<Result<T>> : TaskValue<T>
{ };
template <typename T> struct TaskValue<Task<T>> : TaskValue<T>
{ };
template <typename Function, typename... Arguments>
using TaskFor = Task<typename TaskValue<std::decay_t<std::invoke_result_t<Function, Arguments...>>>::Type>;
template <typename Function, typename... Arguments>
using PromiseFor = Promise<typename TaskFor<Function, Arguments...>::Value>;

/// What a task and its promise share.
template <typename T> class TaskState
{
public:
    enum class Turn {
        Now, ///< within answer()
        Later ///< within then(): it was answered before
    };
    using Waiting = std::function<void(Result<T>, Turn)>;

    void answer(Result<T> result)
    {
        Waiting waiting;
        {
            const MutexLock lock(m_mutex);
            if (std::exchange(m_isAnswered, true))
                return;
            if (!m_waiting) {
                m_result = std::move(result);
                return;
            }
            waiting = std::exchange(m_waiting, {});
        }
        waiting(std::move(result), Turn::Now);
    }

    void wait(Waiting waiting)
    {
        std::optional<Result<T>> result;
        {
            const MutexLock lock(m_mutex);
            Q_ASSERT_X(!m_isAwaited, "Task", "a task has at most one waiter");
            m_isAwaited = true;
            if (!m_isAnswered) {
                m_waiting = std::move(waiting);
                return;
            }
            result = std::exchange(m_result, std::nullopt);
        }
        if (result)
            waiting(std::move(*result), Turn::Later);
    }

private:
    Mutex m_mutex;
    std::optional<Result<T>> m_result GUARDED_BY(m_mutex);
    Waiting m_waiting GUARDED_BY(m_mutex);
    bool m_isAnswered GUARDED_BY(m_mutex) = false;
    bool m_isAwaited GUARDED_BY(m_mutex) = false;
};

/// The answer that a method which cannot wait gives later: a value or an error, delivered once, to at most
/// one waiter. Waiting is optional; a second then() or andThen(), on a copy too, or one on a task that
/// Promise::answerWith() was given, is a programming error, which debug builds abort on. Any thread may hold
/// it; then() and andThen() are called while the context surely lives.
template <typename T> class Task
{
public:
    using Value = T;

    /// Answered already.
    Task(Result<T> result) { m_state->answer(std::move(result)); }
    Task(tl::unexpected<Error> error) : Task(Result<T>(std::move(error))) { }

    /// Runs function(Result<T>) once on the context's thread, unless the context is destroyed first: while
    /// answer() is called, where that is on this thread; from its event loop otherwise. Never within then().
    /// The order against signals, or against another task's answer, is not kept. The function may be
    /// destroyed on any thread.
    template <typename Function> void then(QObject *context, Function function) const
    {
        using Turn = typename TaskState<T>::Turn;
        m_state->wait([where = ContextThread(context), function = std::move(function)](
                          Result<T> result, Turn turn) mutable {
            auto work = [function = std::move(function), result = std::move(result)]() mutable {
                function(std::move(result));
            };
            if (turn == Turn::Now)
                where.run(std::move(work));
            else
                where.post(std::move(work));
        });
    }

    /// The same for a value alone, which function() may turn into another one, now (R or Result<R>) or later
    /// (Task<R>). On an error function() is not called.
    template <typename Function> auto andThen(QObject *context, Function function) const
    {
        if constexpr (std::is_void_v<T>)
            return passOn<TaskFor<Function>>(context, std::move(function));
        else
            return passOn<TaskFor<Function, T>>(context, std::move(function));
    }

private:
    friend class Promise<T>;
    template <typename Other> friend class Promise;
    explicit Task(std::shared_ptr<TaskState<T>> state) : m_state(std::move(state)) { }

    template <typename Next, typename Function> Next passOn(QObject *context, Function function) const;

    std::shared_ptr<TaskState<T>> m_state = std::make_shared<TaskState<T>>();
};

/// The other end of a task, kept by whoever will answer; copies are one. When the last goes and none has
/// answered, nothing comes of the task.
template <typename T> class Promise
{
public:
    [[nodiscard]] Task<T> task() const { return Task<T>(m_state); }
    void answer(Result<T> result) const
    {
        m_state->answer(std::move(result));
    } ///< any thread; the first counts

    /// Answers with what work() returns, now or later.
    template <typename Work> void answerWith(Work work) const
    {
        using WorkResult = std::decay_t<std::invoke_result_t<Work>>;
        if constexpr (std::is_void_v<WorkResult>) {
            work();
            answer({});
        } else if constexpr (std::is_same_v<WorkResult, Task<T>>) {
            work().m_state->wait([self = *this](Result<T> result, auto) { self.answer(std::move(result)); });
        } else {
            answer(work());
        }
    }

private:
    std::shared_ptr<TaskState<T>> m_state = std::make_shared<TaskState<T>>();
};

template <typename T>
template <typename Next, typename Function>
Next Task<T>::passOn(QObject *context, Function function) const
{
    const Promise<typename Next::Value> promise;
    then(context, [promise, function = std::move(function)](Result<T> result) mutable {
        if (!result)
            promise.answer(tl::unexpected(std::move(result.error())));
        else if constexpr (std::is_void_v<T>)
            promise.answerWith(function);
        else
            promise.answerWith([&] { return function(std::move(*result)); });
    });
    return promise.task();
}

/// Runs work() on the object's thread, later, unless the object is destroyed first; the task is answered with
/// what it returns, now or later. Called on any thread, while the object surely lives.
template <typename Work> TaskFor<Work> runOn(QObject *object, Work work)
{
    const PromiseFor<Work> promise;
    ContextThread(object).post(
        [promise, work = std::move(work)]() mutable { promise.answerWith(std::move(work)); });
    return promise.task();
}

/// Runs step() on the context's thread again and again while it answers true (Task<bool>). Called there.
template <typename Step> Task<void> repeat(QObject *context, Step step)
{
    const Promise<void> done;
    const auto goOn = [context, step, done](const auto &self) -> void {
        step().then(context, [done, self](const Result<bool> &more) {
            if (more && *more)
                self(self);
            else
                done.answer(more.map([](bool) {}));
        });
    };
    goOn(goOn);
    return done.task();
}

} // namespace glasspost::mail
