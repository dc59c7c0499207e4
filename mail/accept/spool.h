#pragma once

#include "mail/base/error.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QObject>
#include <QString>
#include <QThread>

#include <functional>

namespace glasspost::mail {

/// One file that a large message is streamed into: first the header fields given, then the message.
struct SpoolTarget
{
    QString path;
    QByteArray header;
};

/// Writes large messages while they come in, on a thread of its own. Lives on the mail thread, which it calls
/// back on; a spool that was dropped calls nobody any more. Line ends become LF, files are synced before
/// finished().
class Spooler : public QObject
{
    Q_OBJECT
public:
    using Written
        = std::function<void(qint64 octets)>; ///< so many octets given to write() are on their way no more

    Spooler();
    ~Spooler() override;

    /// The number of the new spool.
    quint64 begin(const QList<SpoolTarget> &targets, Written written);
    void write(quint64 spool, const QByteArray &octets);
    /// Syncs and closes. After an error the files are removed already.
    void finish(quint64 spool, Completion<void> finished);
    /// Removes the files, whatever was written; finished is not called.
    void drop(quint64 spool);
    /// The files of a finished spool, which nobody took over.
    void remove(const QList<SpoolTarget> &targets);

private:
    class Worker;
    struct Callbacks
    {
        Written written;
        Completion<void> finished;
    };

    QThread m_thread;
    Worker *m_worker = nullptr; // lives on m_thread, goes with it
    quint64 m_last = 0;
    QHash<quint64, Callbacks> m_callbacks;
};

} // namespace glasspost::mail
