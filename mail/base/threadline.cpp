#include "mail/base/threadline.h"

#include "mail/base/mutex.h"

#include <QCoreApplication>
#include <QEvent>
#include <QThread>

#include <unordered_map>
#include <utility>
#include <vector>

namespace glasspost::mail {

/// What waits for one thread. The bell is an object that lives there and empties the line when rung.
class ThreadLine : public std::enable_shared_from_this<ThreadLine>
{
public:
    struct Piece
    {
        QPointer<QObject> context;
        std::function<void()> work;
    };

    static std::shared_ptr<ThreadLine> of(QThread *thread);

    explicit ThreadLine(QThread *thread) : m_thread(thread) { }

    [[nodiscard]] bool isHere() const { return QThread::currentThread() == m_thread; }

    void put(Piece piece)
    {
        const MutexLock lock(m_mutex);
        if (m_bell == nullptr)
            return;
        m_pieces.push_back(std::move(piece));
        if (!std::exchange(m_isRung, true))
            QCoreApplication::postEvent(m_bell, new QEvent(QEvent::User));
    }

private:
    class Bell : public QObject
    {
    public:
        explicit Bell(std::weak_ptr<ThreadLine> line) : m_line(std::move(line)) { }
        void customEvent(QEvent *) override
        {
            if (const std::shared_ptr<ThreadLine> line = m_line.lock())
                line->empty();
        }

    private:
        std::weak_ptr<ThreadLine> m_line;
    };

    /// The lines of all threads that wait for something or have done so.
    struct Lines
    {
        Mutex mutex;
        std::unordered_map<QThread *, std::shared_ptr<ThreadLine>> byThread GUARDED_BY(mutex);
    };
    static Lines &lines()
    {
        static Lines all;
        return all;
    }

    static std::shared_ptr<ThreadLine> openLine(QThread *thread);
    void open();
    void close();
    void empty();

    QThread *const m_thread;
    Mutex m_mutex;
    std::vector<Piece> m_pieces GUARDED_BY(m_mutex);
    Bell *m_bell GUARDED_BY(m_mutex) = nullptr; ///< null once the thread has ended
    bool m_isRung GUARDED_BY(m_mutex) = false;
};

std::shared_ptr<ThreadLine> ThreadLine::of(QThread *thread)
{
    if (thread == nullptr || thread->isFinished())
        return std::make_shared<ThreadLine>(thread); // nothing comes there any more
    std::shared_ptr<ThreadLine> line = openLine(thread);
    if (thread->isFinished()) // before its end was listened for, perhaps
        line->close();
    return line;
}

std::shared_ptr<ThreadLine> ThreadLine::openLine(QThread *thread)
{
    Lines &all = lines();
    const MutexLock lock(all.mutex);
    std::shared_ptr<ThreadLine> &line = all.byThread[thread];
    if (!line) {
        line = std::make_shared<ThreadLine>(thread);
        line->open();
    }
    return line;
}

/// A thread takes its line with it when it ends or, should it never have run, when it is destroyed; the main
/// thread when the application is.
void ThreadLine::open()
{
    auto *bell = new Bell(weak_from_this());
    bell->moveToThread(m_thread);
    const auto end = [line = weak_from_this()] {
        if (const std::shared_ptr<ThreadLine> open = line.lock())
            open->close();
    };
    QCoreApplication *application = QCoreApplication::instance();
    if (application != nullptr && application->thread() == m_thread) {
        QObject::connect(application, &QObject::destroyed, end);
    } else {
        QObject::connect(m_thread, &QThread::finished, m_thread, end, Qt::DirectConnection);
        QObject::connect(m_thread, &QObject::destroyed, end);
    }
    const MutexLock lock(m_mutex);
    m_bell = bell;
}

/// The thread runs no more events: this is its own last act, or it has finished, or it never began.
void ThreadLine::close()
{
    {
        Lines &all = lines();
        const MutexLock lock(all.mutex);
        const auto found = all.byThread.find(m_thread);
        if (found != all.byThread.end() && found->second.get() == this) // it may have been started again
            all.byThread.erase(found);
    }
    std::vector<Piece> dropped;
    Bell *bell = nullptr;
    {
        const MutexLock lock(m_mutex);
        dropped.swap(m_pieces);
        bell = std::exchange(m_bell, nullptr);
    }
    delete bell;
}

void ThreadLine::empty()
{
    std::vector<Piece> pieces;
    {
        const MutexLock lock(m_mutex);
        pieces.swap(m_pieces);
        m_isRung = false;
    }
    for (Piece &piece : pieces) {
        if (piece.context)
            piece.work();
        piece = {}; // what it holds goes in order, too
    }
}

ContextThread::ContextThread(QObject *context) : m_line(ThreadLine::of(context->thread())), m_context(context)
{ }

void ContextThread::post(std::function<void()> work) const
{
    m_line->put({m_context, std::move(work)});
}

void ContextThread::run(std::function<void()> work) const
{
    if (!m_line->isHere())
        post(std::move(work));
    else if (m_context)
        work();
}

} // namespace glasspost::mail
