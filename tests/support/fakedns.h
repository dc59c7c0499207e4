#pragma once

#include "smtp/dns/dnsrecord.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTcpServer>
#include <QUdpSocket>

namespace glasspost::test {

/// A nameserver in memory on a free loopback port, UDP and TCP, for tests of look-ups. Names it does not have
/// are NXDOMAIN; answers above 512 octets come by TCP alone.
class FakeDns : public QObject
{
    Q_OBJECT
public:
    enum class Code { ServerFailure = 2, NoSuchName = 3, Refused = 5 }; ///< RFC 1035 4.1.1

    FakeDns();
    [[nodiscard]] quint16 port() const { return m_udp.localPort(); }

    void addMx(const QByteArray &name, quint16 preference, const QByteArray &host);
    void addAddress(const QByteArray &name, const QByteArray &address);
    void addAlias(const QByteArray &name, const QByteArray &target);
    void addText(const QByteArray &name, const QByteArray &text);
    void addData(const QByteArray &name, smtp::DnsType type, const QByteArray &data);
    void fail(const QByteArray &name, Code code);
    void beSilentAbout(const QByteArray &name) { m_silent.insert(name); }
    /// Questions that came, whatever the answer was.
    [[nodiscard]] int asked(const QByteArray &name, smtp::DnsType type) const;

private:
    struct Question
    {
        QByteArray id;
        QByteArray name;
        quint16 type = 0;
        QByteArray octets; ///< name, type and class as they came
    };
    enum class Transport { Udp, Tcp };
    static Question read(const QByteArray &packet);
    QByteArray answer(const QByteArray &packet, Transport transport); ///< empty: none
    QByteArray records(const Question &question, int &count) const;
    void readUdp();
    void readTcp(QTcpSocket *socket);

    QUdpSocket m_udp;
    QTcpServer m_tcp;
    QHash<QByteArray, QHash<quint16, QList<QByteArray>>> m_records;
    QHash<QByteArray, Code> m_failures;
    QSet<QByteArray> m_silent;
    QHash<QPair<QByteArray, quint16>, int> m_asked;
};

/// A name as RDATA has it: labels with their lengths.
QByteArray nameData(const QByteArray &name);

} // namespace glasspost::test
