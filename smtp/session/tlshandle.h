#pragma once

#include <QByteArray>

#include <functional>

namespace glasspost::smtp {

/// The keys that tie a sign-in to the TLS connection it goes over; empty where TLS gives none.
struct ChannelBindings
{
    QByteArray exporter; ///< tls-exporter, RFC 9266: TLS 1.3
    QByteArray unique; ///< tls-unique, RFC 5929 3: TLS 1.2

    [[nodiscard]] bool isEmpty() const { return exporter.isEmpty() && unique.isEmpty(); }
    friend bool operator==(const ChannelBindings &, const ChannelBindings &) = default;
};

/// What OpenSSL knows of a connection and QSslSocket (Qt 6.4) does not tell. Qt makes its SSL object on the
/// calling thread while a handshake is started; OpenSSL tells of every new object through its public call for
/// application data, so the one that is made meanwhile is the socket's. Null when Qt's TLS is not this
/// process's OpenSSL. Used on the socket's thread, while the socket lives.
class TlsHandle
{
public:
    enum class Session { New, Resumed };

    TlsHandle() = default;
    /// start begins a handshake on one QSslSocket.
    static TlsHandle during(const std::function<void()> &start);

    [[nodiscard]] bool isNull() const;
    /// Once the handshake is done.
    [[nodiscard]] ChannelBindings channelBindings() const;
    [[nodiscard]] Session session() const;

private:
    explicit TlsHandle(void *ssl) : m_ssl(ssl) { }
    void *m_ssl = nullptr;
};

} // namespace glasspost::smtp
