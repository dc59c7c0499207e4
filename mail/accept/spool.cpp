#include "mail/accept/spool.h"

#include "mail/base/lineends.h"
#include "mail/base/posix.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

struct OpenFile
{
    QString path;
    int descriptor = -1;
};

struct OpenSpool
{
    QList<OpenFile> files;
    LineEnds lineEnds;
    Result<void> state; ///< the first error
};

void writeAll(OpenSpool &spool, const QByteArray &octets)
{
    for (const OpenFile &file : std::as_const(spool.files)) {
        qsizetype at = 0;
        while (spool.state && at < octets.size()) {
            const ssize_t count
                = ::write(file.descriptor, octets.constData() + at, size_t(octets.size() - at));
            if (count >= 0)
                at += count;
            else if (errno != EINTR)
                spool.state = tl::unexpected(systemError(errno, file.path));
        }
    }
}

} // namespace

/// Everything that touches the disk; called on the thread alone.
class Spooler::Worker : public QObject
{
public:
    ~Worker() override
    {
        for (OpenSpool &spool : m_spools)
            close(spool, true);
    }

    void begin(quint64 id, const QList<SpoolTarget> &targets)
    {
        OpenSpool &spool = m_spools[id];
        for (const SpoolTarget &target : targets) {
            // The name may be there already, empty, as the store made it; nothing but our own file is
            // followed.
            const int descriptor = ::open(QFile::encodeName(target.path).constData(),
                O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
            if (descriptor < 0) {
                spool.state = tl::unexpected(systemError(errno, target.path));
                return;
            }
            spool.files.append({target.path, descriptor});
            OpenSpool single{{spool.files.constLast()}, {}, {}};
            writeAll(single, target.header);
            if (!single.state)
                spool.state = single.state;
        }
    }

    void write(quint64 id, const QByteArray &octets)
    {
        OpenSpool &spool = m_spools[id];
        writeAll(spool, spool.lineEnds.toLf(octets));
    }

    Result<void> finish(quint64 id)
    {
        OpenSpool spool = m_spools.take(id);
        writeAll(spool, spool.lineEnds.rest());
        for (const OpenFile &file : std::as_const(spool.files))
            if (spool.state && ::fdatasync(file.descriptor) != 0)
                spool.state = tl::unexpected(systemError(errno, file.path));
        close(spool, !spool.state);
        return spool.state;
    }

    void drop(quint64 id)
    {
        OpenSpool spool = m_spools.take(id);
        close(spool, true);
    }

    static void remove(const QList<SpoolTarget> &targets)
    {
        for (const SpoolTarget &target : targets)
            QFile::remove(target.path);
    }

private:
    static void close(OpenSpool &spool, bool andRemove)
    {
        for (const OpenFile &file : std::as_const(spool.files)) {
            ::close(file.descriptor);
            if (andRemove)
                QFile::remove(file.path);
        }
        spool.files.clear();
    }

    QHash<quint64, OpenSpool> m_spools;
};

Spooler::Spooler() : m_worker(new Worker)
{
    m_thread.setObjectName(QStringLiteral("spool"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

Spooler::~Spooler()
{
    m_thread.quit();
    m_thread.wait();
}

quint64 Spooler::begin(const QList<SpoolTarget> &targets, Written written)
{
    const quint64 id = ++m_last;
    m_callbacks.insert(id, {std::move(written), {}});
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, id, targets] { worker->begin(id, targets); });
    return id;
}

void Spooler::write(quint64 spool, const QByteArray &octets)
{
    QMetaObject::invokeMethod(m_worker, [this, worker = m_worker, spool, octets] {
        worker->write(spool, octets);
        QMetaObject::invokeMethod(this, [this, spool, size = octets.size()] {
            const auto found = m_callbacks.constFind(spool);
            if (found == m_callbacks.constEnd())
                return;
            const Written written = found->written; // the call may drop the spool
            written(size);
        });
    });
}

void Spooler::finish(quint64 spool, Completion<void> finished)
{
    m_callbacks[spool].finished = std::move(finished);
    QMetaObject::invokeMethod(m_worker, [this, worker = m_worker, spool] {
        const Result<void> result = worker->finish(spool);
        QMetaObject::invokeMethod(this, [this, spool, result] {
            if (const Callbacks callbacks = m_callbacks.take(spool); callbacks.finished)
                callbacks.finished(result);
        });
    });
}

void Spooler::drop(quint64 spool)
{
    if (m_callbacks.remove(spool) > 0)
        QMetaObject::invokeMethod(m_worker, [worker = m_worker, spool] { worker->drop(spool); });
}

void Spooler::remove(const QList<SpoolTarget> &targets)
{
    QMetaObject::invokeMethod(m_worker, [targets] { Worker::remove(targets); });
}

} // namespace glasspost::mail
