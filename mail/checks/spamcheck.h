#pragma once

#include "mail/base/messageoctets.h"
#include "mail/base/task.h"
#include "mail/checks/finding.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>

class QIODevice;

namespace glasspost::mail {

/// Where a spamd is (SpamAssassin's, or rspamd, which speaks its protocol too).
struct SpamdAddress
{
    QString host; ///< a name or an address
    quint16 port = 0;
    QString path; ///< of a Unix socket, absolute, in place of host and port

    friend bool operator==(const SpamdAddress &, const SpamdAddress &) = default;
};
/// Of "127.0.0.1:783", "[::1]:783" or "/run/spamd.sock"; nothing where it is none of these.
std::optional<SpamdAddress> spamdAddress(const QString &text);

/// What met a rule of the daemon.
struct SpamRule
{
    QString name;
    std::optional<double> score; ///< nothing where the daemon gives names alone (rspamd)
    QString words; ///< the daemon's: plain text

    friend bool operator==(const SpamRule &, const SpamRule &) = default;
};

/// What a spamd says of a message.
struct SpamReport
{
    QString failure; ///< why there is no report; else empty
    bool isSpam = false;
    double score = 0;
    double threshold = 0; ///< from which it takes a message for spam
    QList<SpamRule> rules; ///< in its order

    friend bool operator==(const SpamReport &, const SpamReport &) = default;
};

/// The whole answer to REPORT (SPAMC/1.5; SpamAssassin's spamd/PROTOCOL). Any octets give a report, if only a
/// failure.
SpamReport readSpamdAnswer(const QByteArray &answer);

/// Asks a spamd for a report of one message: 60 seconds, 256 KiB of answer. The thread of whoever made it.
class SpamdClient : public QObject
{
    Q_OBJECT
public:
    explicit SpamdClient(const SpamdAddress &address, QObject *parent = nullptr);

    Task<SpamReport> report(const QByteArray &message); ///< once
    void setTimeLimit(std::chrono::milliseconds limit) { m_limit = limit; }

private:
    template <typename Socket> void connectSignals(Socket *socket);
    void take();
    void finish();
    void end(const SpamReport &report);

    const SpamdAddress m_address;
    std::chrono::milliseconds m_limit;
    QTimer m_timer;
    QIODevice *m_socket = nullptr;
    QByteArray m_request, m_answer;
    Promise<SpamReport> m_promise;
    bool m_hasEnded = false;
};

/// Asks the spamd that text names. A message over 2 MiB is not given to it. Nothing comes of it once the
/// context is destroyed.
Task<SpamReport> askSpamd(const QString &spamd, const MessageOctets &octets, QObject *context);
/// The score and each rule.
QList<Finding> spamFindings(const SpamReport &report);

} // namespace glasspost::mail
