#include "mail/accept/spool.h"

#include "mail/base/lineends.h"
#include "mail/base/posix.h"

#include <cerrno>
#include <memory>
#include <unistd.h>

namespace glasspost::mail {

namespace {

struct OpenFile
{
    NewSpoolFile spooled;
    qint64 size = 0;
    qint64 lines = 0; ///< each is one octet more on the wire
};

struct OpenSpool
{
    QList<std::shared_ptr<OpenFile>> files;
    LineEnds lineEnds;
    Result<void> state; ///< the first error
};

void append(OpenSpool &spool, OpenFile &file, const QByteArray &octets)
{
    FileSystemCalls calls;
    if (!spool.state)
        return;
    if (const int failed = writeAll(calls, file.spooled.descriptor.get(), octets); failed != 0)
        spool.state = systemFailure(failed, file.spooled.file->path());
    file.size += octets.size();
    file.lines += octets.count('\n');
}

void appendToAll(OpenSpool &spool, const QByteArray &octets)
{
    for (const auto &file : std::as_const(spool.files))
        append(spool, *file, octets);
}

} // namespace

/// Everything that touches the disk; called on the thread alone.
class Spooler::Worker : public QObject
{
public:
    explicit Worker(QString folder) : m_folder(std::move(folder)) { }

    void begin(quint64 id, const QList<QByteArray> &heads)
    {
        OpenSpool &spool = m_spools[id];
        for (const QByteArray &head : heads) {
            Result<NewSpoolFile> made = makeSpoolFile(m_folder);
            if (!made) {
                spool.state = tl::unexpected(made.error());
                return;
            }
            spool.files.append(std::make_shared<OpenFile>(OpenFile{std::move(*made)}));
            append(spool, *spool.files.constLast(), head);
        }
    }

    void write(quint64 id, const QByteArray &octets)
    {
        OpenSpool &spool = m_spools[id];
        appendToAll(spool, spool.lineEnds.toLf(octets));
    }

    Result<QList<MessageOctets>> finish(quint64 id)
    {
        OpenSpool spool = m_spools.take(id);
        appendToAll(spool, spool.lineEnds.rest());
        QList<MessageOctets> whole;
        for (const auto &file : std::as_const(spool.files)) {
            if (spool.state && ::fdatasync(file->spooled.descriptor.get()) != 0)
                spool.state = systemFailure(errno, file->spooled.file->path());
            whole.append({file->spooled.file, file->size, file->size + file->lines});
        }
        if (!spool.state)
            return tl::unexpected(spool.state.error());
        return whole;
    }

    void drop(quint64 id) { m_spools.remove(id); }

private:
    QString m_folder;
    QHash<quint64, OpenSpool> m_spools;
};

Spooler::Spooler(QString folder) : m_worker(new Worker(std::move(folder)))
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

quint64 Spooler::begin(const QList<QByteArray> &heads, Written written)
{
    const quint64 id = ++m_last;
    m_callbacks.insert(id, {std::move(written), {}});
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, id, heads] { worker->begin(id, heads); });
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

void Spooler::finish(quint64 spool, Completion<QList<MessageOctets>> finished)
{
    m_callbacks[spool].finished = std::move(finished);
    QMetaObject::invokeMethod(m_worker, [this, worker = m_worker, spool] {
        QMetaObject::invokeMethod(this, [this, spool, result = worker->finish(spool)]() mutable {
            if (const Callbacks callbacks = m_callbacks.take(spool); callbacks.finished)
                callbacks.finished(result);
            else // large files take their time to go
                QMetaObject::invokeMethod(m_worker, [unwanted = std::move(result)] {});
        });
    });
}

void Spooler::drop(quint64 spool)
{
    if (m_callbacks.remove(spool) > 0)
        QMetaObject::invokeMethod(m_worker, [worker = m_worker, spool] { worker->drop(spool); });
}

} // namespace glasspost::mail
