#include "tests/support/fakedns.h"

#include <QNetworkDatagram>
#include <QTcpSocket>
#include <QtEndian>

namespace glasspost::test {

namespace {

QByteArray shortData(quint16 number)
{
    QByteArray octets(2, '\0');
    qToBigEndian(number, octets.data());
    return octets;
}

constexpr qsizetype headerSize = 12;
constexpr qsizetype udpLimit = 512; // RFC 1035 4.2.1

} // namespace

QByteArray nameData(const QByteArray &name)
{
    QByteArray data;
    for (const QByteArray &label : name.split('.')) {
        if (!label.isEmpty())
            data += char(label.size()) + label;
    }
    return data + '\0';
}

FakeDns::FakeDns()
{
    // The same number for both; another one where somebody has the second of them.
    bool bound = false;
    while (!bound) {
        m_udp.close();
        m_udp.bind(QHostAddress::LocalHost, 0);
        bound = m_tcp.listen(QHostAddress::LocalHost, m_udp.localPort());
    }
    connect(&m_udp, &QUdpSocket::readyRead, this, &FakeDns::readUdp);
    connect(&m_tcp, &QTcpServer::newConnection, this, [this] {
        QTcpSocket *socket = m_tcp.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { readTcp(socket); });
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    });
}

void FakeDns::addMx(const QByteArray &name, quint16 preference, const QByteArray &host)
{
    addData(name, smtp::DnsType::Mx, shortData(preference) + nameData(host));
}

void FakeDns::addAddress(const QByteArray &name, const QByteArray &address)
{
    const QHostAddress parsed(QString::fromLatin1(address));
    if (parsed.protocol() == QAbstractSocket::IPv6Protocol) {
        const Q_IPV6ADDR six = parsed.toIPv6Address();
        addData(name, smtp::DnsType::Aaaa, QByteArray(reinterpret_cast<const char *>(six.c), 16));
        return;
    }
    QByteArray four(4, '\0');
    qToBigEndian(parsed.toIPv4Address(), four.data());
    addData(name, smtp::DnsType::A, four);
}

void FakeDns::addAlias(const QByteArray &name, const QByteArray &target)
{
    addData(name, smtp::DnsType::Cname, nameData(target));
}

void FakeDns::addText(const QByteArray &name, const QByteArray &text)
{
    addData(name, smtp::DnsType::Txt, char(text.size()) + text);
}

void FakeDns::addData(const QByteArray &name, smtp::DnsType type, const QByteArray &data)
{
    m_records[name][quint16(type)].append(data);
}

void FakeDns::fail(const QByteArray &name, Code code)
{
    m_failures.insert(name, code);
}

int FakeDns::asked(const QByteArray &name, smtp::DnsType type) const
{
    return m_asked.value({name, quint16(type)});
}

FakeDns::Question FakeDns::read(const QByteArray &packet)
{
    Question question;
    question.id = packet.first(2);
    QList<QByteArray> labels;
    qsizetype at = headerSize;
    while (packet.at(at) != 0) {
        labels.append(packet.mid(at + 1, uchar(packet.at(at))).toLower());
        at += uchar(packet.at(at)) + 1;
    }
    question.name = labels.join('.');
    question.type = qFromBigEndian<quint16>(packet.constData() + at + 1);
    question.octets = packet.mid(headerSize, at + 5 - headerSize);
    return question;
}

QByteArray FakeDns::records(const Question &question, int &count) const
{
    const auto known = m_records.value(question.name);
    const auto alias = quint16(smtp::DnsType::Cname);
    const quint16 type = known.contains(alias) ? alias : question.type;
    const QList<QByteArray> data = known.value(type);
    count = int(data.size());
    QByteArray octets;
    for (const QByteArray &one : data)
        octets += QByteArray::fromHex("c00c") + shortData(type) + QByteArray::fromHex("00010000003c")
            + shortData(quint16(one.size())) + one;
    return octets;
}

QByteArray FakeDns::answer(const QByteArray &packet, Transport transport)
{
    const Question question = read(packet);
    ++m_asked[{question.name, question.type}];
    if (m_silent.contains(question.name))
        return {};
    int code = m_records.contains(question.name) ? 0 : int(Code::NoSuchName);
    if (m_failures.contains(question.name))
        code = int(m_failures.value(question.name));
    int count = 0;
    QByteArray found = code == 0 ? records(question, count) : QByteArray();
    quint16 flags = 0x8580; // an answer, authoritative, recursion wished for and there
    if (transport == Transport::Udp && found.size() > udpLimit) {
        flags |= 0x0200; // truncated
        found.clear();
        count = 0;
    }
    return question.id + shortData(quint16(flags | code)) + shortData(1) + shortData(quint16(count))
        + shortData(0) + shortData(0) + question.octets + found;
}

void FakeDns::readUdp()
{
    while (m_udp.hasPendingDatagrams()) {
        const QNetworkDatagram datagram = m_udp.receiveDatagram();
        const QByteArray reply = answer(datagram.data(), Transport::Udp);
        if (!reply.isEmpty())
            m_udp.writeDatagram(datagram.makeReply(reply));
    }
}

void FakeDns::readTcp(QTcpSocket *socket)
{
    const QByteArray head = socket->peek(2);
    if (head.size() < 2)
        return;
    const auto size = qFromBigEndian<quint16>(head.constData());
    if (socket->bytesAvailable() < size + 2)
        return;
    const QByteArray reply = answer(socket->read(size + 2).sliced(2), Transport::Tcp);
    if (!reply.isEmpty())
        socket->write(shortData(quint16(reply.size())) + reply);
}

} // namespace glasspost::test
