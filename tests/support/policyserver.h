#pragma once

#include "tests/support/certificates.h"

#include <QTcpServer>

namespace glasspost::test {

/// A web server over TLS on a free loopback port that gives every request one answer, for tests of MTA-STS.
class PolicyServer : public QTcpServer
{
    Q_OBJECT
public:
    explicit PolicyServer(const Certified &identity);

    QByteArray status = "200 OK";
    QByteArray contentType = "text/plain";
    QByteArray moreHeader; ///< lines with their CRLF
    QByteArray body;
    QList<QByteArray> requests; ///< heads, as they came

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    Certified m_identity;
};

} // namespace glasspost::test
