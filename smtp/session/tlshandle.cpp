#include "smtp/session/tlshandle.h"

#include <QSet>

#include <openssl/ssl.h>

#include <array>
#include <string_view>

namespace glasspost::smtp {

namespace {

// SSL objects of this thread that are alive, and the one made last.
thread_local QSet<void *> aliveHandles;
thread_local void *latestHandle = nullptr;

void handleMade(void *parent, void *, CRYPTO_EX_DATA *, int, long, void *)
{
    aliveHandles.insert(parent);
    latestHandle = parent;
}

void handleFreed(void *parent, void *, CRYPTO_EX_DATA *, int, long, void *)
{
    aliveHandles.remove(parent);
}

/// RFC 9266 2 and RFC 5705: 32 octets under this label, an empty context.
QByteArray exporterBinding(SSL *ssl)
{
    constexpr std::string_view label = "EXPORTER-Channel-Binding";
    std::array<unsigned char, 32> key{};
    if (SSL_export_keying_material(ssl, key.data(), key.size(), label.data(), label.size(), key.data(), 0, 1)
        != 1)
        return {};
    return QByteArray(reinterpret_cast<const char *>(key.data()), static_cast<qsizetype>(key.size()));
}

/// RFC 5929 3.1: the first Finished message of the connection's latest handshake, the client's unless the
/// session was resumed.
QByteArray uniqueBinding(SSL *ssl)
{
    std::array<char, 64> finished{};
    const bool isServer = SSL_is_server(ssl) == 1;
    const bool clientSpokeFirst = SSL_session_reused(ssl) == 0;
    const std::size_t size = isServer == clientSpokeFirst
        ? SSL_get_peer_finished(ssl, finished.data(), finished.size())
        : SSL_get_finished(ssl, finished.data(), finished.size());
    return size == 0 || size > finished.size() ? QByteArray()
                                               : QByteArray(finished.data(), static_cast<qsizetype>(size));
}

} // namespace

TlsHandle TlsHandle::during(const std::function<void()> &start)
{
    static const int index = SSL_get_ex_new_index(0, nullptr, handleMade, nullptr, handleFreed);
    latestHandle = nullptr;
    start();
    return index < 0 ? TlsHandle() : TlsHandle(latestHandle);
}

bool TlsHandle::isNull() const
{
    return m_ssl == nullptr || !aliveHandles.contains(m_ssl);
}

ChannelBindings TlsHandle::channelBindings() const
{
    if (isNull())
        return {};
    auto *ssl = static_cast<SSL *>(m_ssl);
    // tls-unique is not defined for TLS 1.3, and tls-exporter is safe in TLS 1.2 under conditions alone
    // (RFC 9266 4).
    if (SSL_version(ssl) >= TLS1_3_VERSION)
        return {exporterBinding(ssl), {}};
    return {{}, uniqueBinding(ssl)};
}

TlsHandle::Session TlsHandle::session() const
{
    return !isNull() && SSL_session_reused(static_cast<SSL *>(m_ssl)) == 1 ? Session::Resumed : Session::New;
}

} // namespace glasspost::smtp
