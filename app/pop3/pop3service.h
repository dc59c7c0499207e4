#pragma once

#include "app/commandline/invocation.h"
#include "app/pop3/captureddrops.h"
#include "mail/base/worker.h"

#include <memory>

namespace glasspost::app {

/// The captured mail over POP3, for test suites that read so. It runs on a thread of its own. On any one
/// thread with an event loop; the mail system outlives it.
class Pop3Service : public QObject
{
    Q_OBJECT
public:
    explicit Pop3Service(mail::MailSystem &mail, QObject *parent = nullptr);
    /// Breaks off what is under way, and joins.
    ~Pop3Service() override;

    /// Once; the listener has started, whose certificate, users and rules these are. The port had. InUse,
    /// NotPermitted; BadSettings where nobody can sign in.
    mail::Task<quint16> listen(const AddressBinding &place);

private:
    struct Running;
    mail::Result<quint16> start(const AddressBinding &place);

    mail::MailSystem &m_mail;
    std::unique_ptr<Running> m_running; ///< lives on the worker
    mail::Worker m_worker;
};

} // namespace glasspost::app
