#pragma once

#include "mail/base/messageoctets.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QObject>
#include <QString>
#include <QThread>

#include <functional>

namespace glasspost::mail {

/// Writes large messages while they come in, on a thread of its own. Lives on the mail thread, which it calls
/// back on; a spool that was dropped calls nobody any more. Line ends become LF, files are synced before
/// finished().
class Spooler : public QObject
{
    Q_OBJECT
public:
    using Written
        = std::function<void(qint64 octets)>; ///< so many octets given to write() are on their way no more

    explicit Spooler(QString folder);
    ~Spooler() override;

    /// The number of the new spool: one file for each head, which comes first in it, then the message.
    quint64 begin(const QList<QByteArray> &heads, Written written);
    void write(quint64 spool, const QByteArray &octets);
    /// Syncs and closes. The files in the order of their heads; after an error they are gone already.
    void finish(quint64 spool, Completion<QList<MessageOctets>> finished);
    /// Removes the files, whatever was written; finished is not called.
    void drop(quint64 spool);

private:
    class Worker;
    struct Callbacks
    {
        Written written;
        Completion<QList<MessageOctets>> finished;
    };

    QThread m_thread;
    Worker *m_worker = nullptr; // lives on m_thread, goes with it
    quint64 m_last = 0;
    QHash<quint64, Callbacks> m_callbacks;
};

} // namespace glasspost::mail
