#pragma once

#include "mail/base/messageoctets.h"
#include "mail/base/worker.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QSet>
#include <QString>

#include <memory>

namespace glasspost::mail {

/// Writes large messages while they come in, on a thread of its own. Lives on the mail thread. Line ends
/// become LF, files are synced before finish() answers.
class Spooler : public QObject
{
    Q_OBJECT
public:
    explicit Spooler(const QString &folder);
    ~Spooler() override;

    /// The number of the new spool: one file for each head, which comes first in it, then the message.
    quint64 begin(const QList<QByteArray> &heads);
    /// Answers when the octets are on their way no more; an error is kept for finish().
    Task<void> write(quint64 spool, const QByteArray &octets);
    /// Syncs and closes. The files in the order of their heads; after an error they are gone already.
    Task<QList<MessageOctets>> finish(quint64 spool);
    /// Removes the files, whatever was written; finish() does not answer any more.
    void drop(quint64 spool);

private:
    class Files;

    quint64 m_last = 0;
    QSet<quint64> m_open;
    std::shared_ptr<Files> m_files; ///< used on the worker alone
    Worker m_worker;
};

} // namespace glasspost::mail
