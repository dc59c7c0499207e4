#include "smtp/server/serversocket.h"

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qint64 tlsReadBufferSize = 256 * 1024;

/// Address and port of one end, as getpeername() or getsockname() tell them.
std::pair<QHostAddress, quint16> endOf(int descriptor, decltype(::getpeername) *ask)
{
    sockaddr_storage storage{};
    auto *name = reinterpret_cast<sockaddr *>(&storage);
    socklen_t size = sizeof storage;
    if (ask(descriptor, name, &size) != 0)
        return {};
    if (name->sa_family == AF_UNIX) // on this machine, and nothing else is known of it
        return {QHostAddress(QHostAddress::LocalHost), 0};
    const QHostAddress address(name);
    const quint16 port = name->sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6 *>(name)->sin6_port
                                                     : reinterpret_cast<sockaddr_in *>(name)->sin_port;
    bool isIPv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIPv4); // an IPv4 peer of a dual-stack socket
    return {isIPv4 ? QHostAddress(ipv4) : address, ntohs(port)};
}

ServerSocket::Ends endsOf(int descriptor)
{
    const auto [peerAddress, peerPort] = endOf(descriptor, ::getpeername);
    const auto [localAddress, localPort] = endOf(descriptor, ::getsockname);
    return {peerAddress, peerPort, localAddress, localPort};
}

} // namespace

ServerSocket::ServerSocket(qintptr descriptor)
    : m_descriptor(descriptor), m_ends(endsOf(static_cast<int>(descriptor))),
      m_readable(std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read))
{
    connect(m_readable.get(), &QSocketNotifier::activated, this, &ServerSocket::descriptorReady);
}

ServerSocket::~ServerSocket()
{
    if (m_tls) {
        m_tls->disconnect(this);
        return;
    }
    m_readable.reset(); // both before the descriptor goes
    m_writable.reset();
    ::close(descriptor());
}

int ServerSocket::descriptor() const
{
    return static_cast<int>(m_tls ? m_tls->socketDescriptor() : m_descriptor);
}

qint64 ServerSocket::read(char *octets, qint64 most)
{
    return m_tls ? m_tls->read(octets, most) : receive(octets, most, 0);
}

qint64 ServerSocket::peek(char *octets, qint64 most)
{
    return receive(octets, most, MSG_PEEK);
}

qint64 ServerSocket::receive(char *octets, qint64 most, int flags)
{
    if (m_isClosed || m_configuration || most <= 0)
        return 0;
    ssize_t count = 0;
    do
        count = ::recv(descriptor(), octets, static_cast<size_t>(most), flags | MSG_DONTWAIT);
    while (count < 0 && errno == EINTR);
    if (count > 0)
        return count;
    const int error = count < 0 ? errno : 0;
    m_atEnd = error != EAGAIN && error != EWOULDBLOCK;
    m_isFinished = count == 0;
    m_error = m_atEnd && error != ECONNRESET && error != EPIPE ? error : 0;
    return 0;
}

void ServerSocket::descriptorReady()
{
    m_atEnd = false;
    Q_EMIT readyRead();
    if (!m_atEnd)
        return;
    if (!m_isFinished) {
        tellClosed();
        return;
    }
    pauseReading(); // the end can be read again and again
    Q_EMIT finished();
}

void ServerSocket::tellClosed()
{
    if (std::exchange(m_isClosed, true))
        return;
    pauseReading();
    if (m_error != 0)
        Q_EMIT failed(qt_error_string(m_error).toUtf8());
    Q_EMIT closed();
}

void ServerSocket::pauseReading()
{
    if (m_readable->isEnabled())
        m_readable->setEnabled(false);
}

void ServerSocket::resumeReading()
{
    if (!m_readable->isEnabled() && !m_isClosed && !m_configuration)
        m_readable->setEnabled(true);
}

qint64 ServerSocket::bytesToWrite() const
{
    return m_tls ? m_tls->bytesToWrite() + m_tls->encryptedBytesToWrite() : m_kept.size();
}

void ServerSocket::write(const QByteArray &octets)
{
    write(octets, 0);
}

void ServerSocket::writeLast(const QByteArray &octets)
{
    write(octets, MSG_MORE);
}

void ServerSocket::write(const QByteArray &octets, int flags)
{
    if (m_tls) {
        m_tls->write(octets);
        m_tls->flush();
        return;
    }
    const qsizetype sent = m_kept.isEmpty() ? sendSome(octets, flags) : 0;
    if (sent == octets.size())
        return;
    m_kept.append(QByteArrayView(octets).sliced(sent));
    if (!m_writable) {
        m_writable = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Write);
        connect(m_writable.get(), &QSocketNotifier::activated, this, &ServerSocket::sendKept);
    }
    m_writable->setEnabled(true);
}

/// How many of them are off our hands. A connection that is broken takes all: the next read tells of it.
qsizetype ServerSocket::sendSome(QByteArrayView octets, int flags)
{
    ssize_t count = 0;
    do
        count = ::send(descriptor(), octets.data(), static_cast<size_t>(octets.size()),
            flags | MSG_NOSIGNAL | MSG_DONTWAIT);
    while (count < 0 && errno == EINTR);
    if (count >= 0)
        return count;
    return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : octets.size();
}

void ServerSocket::sendKept()
{
    m_kept.remove(0, sendSome(m_kept));
    if (m_kept.isEmpty()) {
        m_writable->setEnabled(false);
        if (m_configuration)
            beginTls();
        else if (m_isEnding)
            ::shutdown(descriptor(), SHUT_WR);
    }
    Q_EMIT wrote();
}

void ServerSocket::startTls(const QSslConfiguration &configuration, const ClientCertificateDemands &demands)
{
    m_configuration = configuration;
    m_demands = demands;
    pauseReading();
    if (m_kept.isEmpty())
        beginTls();
}

void ServerSocket::beginTls()
{
    m_tls = std::make_unique<QSslSocket>();
    m_tls->setReadBufferSize(tlsReadBufferSize);
    m_tls->setSslConfiguration(*m_configuration);
    m_tls->setSocketDescriptor(m_descriptor);
    connect(m_tls.get(), &QSslSocket::readyRead, this, &ServerSocket::readyRead);
    connect(m_tls.get(), &QSslSocket::encryptedBytesWritten, this, &ServerSocket::wrote);
    connect(m_tls.get(), &QSslSocket::encrypted, this, &ServerSocket::handshakeDone);
    connect(m_tls.get(), &QSslSocket::disconnected, this, &ServerSocket::tellClosed);
    connect(m_tls.get(), &QSslSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
        if (judge(m_demands, errors) == ClientCertificateVerdict::Accepted)
            m_tls->ignoreSslErrors();
    });
    connect(m_tls.get(), &QSslSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
        if (error != QAbstractSocket::RemoteHostClosedError) // what is buffered comes first
            Q_EMIT failed(m_tls->errorString().toUtf8());
    });
    m_sinceHandshake.start();
    m_handle = TlsHandle::during([this] { m_tls->startServerEncryption(); });
}

void ServerSocket::handshakeDone()
{
    Q_EMIT encrypted(tlsEstablishedOn(*m_tls, m_handle, m_sinceHandshake.elapsed()));
}

void ServerSocket::endWriting()
{
    m_isEnding = true;
    // Not while it tells that its handshake failed: it closes by itself then, and is not made for both.
    if (m_tls && m_tls->isEncrypted())
        m_tls->disconnectFromHost();
    else if (m_kept.isEmpty())
        ::shutdown(descriptor(), SHUT_WR);
}

void ServerSocket::abort()
{
    if (m_tls)
        m_tls->abort();
    tellClosed();
}

} // namespace glasspost::smtp
