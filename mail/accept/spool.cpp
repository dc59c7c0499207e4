#include "mail/accept/spool.h"

#include "mail/base/lineends.h"
#include "mail/base/posix.h"

#include <QHash>

#include <cerrno>
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
    LfConverter converter;
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
class Spooler::Files
{
public:
    explicit Files(QString folder) : m_folder(std::move(folder)) { }

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
        appendToAll(spool, spool.converter.toLf(octets));
    }

    Result<QList<MessageOctets>> finish(quint64 id)
    {
        OpenSpool spool = m_spools.take(id);
        appendToAll(spool, spool.converter.rest());
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

Spooler::Spooler(const QString &folder)
    : m_files(std::make_shared<Files>(folder)), m_worker(QStringLiteral("spool"))
{ }

Spooler::~Spooler() = default;

quint64 Spooler::begin(const QList<QByteArray> &heads)
{
    const quint64 id = ++m_last;
    m_open.insert(id);
    m_worker.run([files = m_files, id, heads] { files->begin(id, heads); });
    return id;
}

Task<void> Spooler::write(quint64 spool, const QByteArray &octets)
{
    return m_worker.run([files = m_files, spool, octets] { files->write(spool, octets); });
}

Task<QList<MessageOctets>> Spooler::finish(quint64 spool)
{
    using Whole = Result<QList<MessageOctets>>;
    const Promise<QList<MessageOctets>> finished;
    m_worker.run([files = m_files, spool] { return files->finish(spool); })
        .then(this, [this, spool, finished](Whole whole) {
            if (m_open.remove(spool))
                finished.answer(std::move(whole));
            else // large files take their time to go
                m_worker.run([unwanted = std::move(whole)] {});
        });
    return finished.task();
}

void Spooler::drop(quint64 spool)
{
    if (m_open.remove(spool))
        m_worker.run([files = m_files, spool] { files->drop(spool); });
}

} // namespace glasspost::mail
