#include "smtp/client/danematch.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace glasspost::smtp {

namespace {

template <auto release> struct Release
{
    template <typename T> void operator()(T *object) const { release(object); }
};
void freeStack(STACK_OF(X509) * stack)
{
    sk_X509_pop_free(stack, X509_free);
}
using Context = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Release<SSL_free>>;
using Stack = std::unique_ptr<STACK_OF(X509), Release<freeStack>>;
using Store = std::unique_ptr<X509_STORE, Release<X509_STORE_free>>;
using Verification = std::unique_ptr<X509_STORE_CTX, Release<X509_STORE_CTX_free>>;

DaneVerdict mismatch(const QByteArray &reason)
{
    return {DaneVerdict::Result::Mismatched, "DANE: " + reason};
}

Stack stackOf(const QList<QSslCertificate> &chain)
{
    Stack stack(sk_X509_new_null());
    for (const QSslCertificate &certificate : chain) {
        const QByteArray der = certificate.toDer();
        const auto *octets = reinterpret_cast<const unsigned char *>(der.constData());
        X509 *one = d2i_X509(nullptr, &octets, der.size());
        if (one != nullptr)
            sk_X509_push(stack.get(), one);
    }
    return stack;
}

/// A connection that never connects: it holds records and names as libssl's own verification wants them.
Connection prepared(SSL_CTX *context, const QList<TlsaRecord> &records, const QList<QByteArray> &names)
{
    Connection connection(SSL_new(context));
    SSL_set_hostflags(connection.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_dane_enable(connection.get(), names.value(0).constData());
    for (const QByteArray &name : names.mid(1))
        SSL_add1_host(connection.get(), name.constData());
    SSL_dane_set_flags(connection.get(), DANE_FLAG_NO_DANE_EE_NAMECHECKS); // RFC 7672 3.1.1
    for (const TlsaRecord &record : records)
        SSL_dane_tlsa_add(connection.get(), record.usage, record.selector, record.matching,
            reinterpret_cast<const unsigned char *>(record.data.constData()), size_t(record.data.size()));
    return connection;
}

QByteArray matchedRecord(SSL *connection)
{
    TlsaRecord record;
    const unsigned char *data = nullptr;
    size_t size = 0;
    if (SSL_get0_dane_tlsa(connection, &record.usage, &record.selector, &record.matching, &data, &size) < 0)
        return {};
    record.data = QByteArray(reinterpret_cast<const char *>(data), qsizetype(size));
    return record.toBytes();
}

} // namespace

DaneVerdict matchDane(
    const QList<TlsaRecord> &records, const QList<QByteArray> &names, const QList<QSslCertificate> &chain)
{
    if (chain.isEmpty())
        return mismatch("the server presented no certificate");
    const Context context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_dane_enable(context.get());
    const Connection connection = prepared(context.get(), records, names);
    const Stack stack = stackOf(chain);
    const Store store(X509_STORE_new()); // empty: the records alone are trusted
    const Verification verification(X509_STORE_CTX_new());
    X509 *own = sk_X509_value(stack.get(), 0);
    if (own == nullptr || X509_STORE_CTX_init(verification.get(), store.get(), own, stack.get()) != 1)
        return mismatch("the certificate cannot be read");
    X509_STORE_CTX_set0_dane(verification.get(), SSL_get0_dane(connection.get()));
    X509_STORE_CTX_set_default(verification.get(), "ssl_server");
    X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(verification.get()), SSL_get0_param(connection.get()));
    if (X509_verify_cert(verification.get()) != 1)
        return mismatch("no TLSA record matches the certificate: "
            + QByteArray(X509_verify_cert_error_string(X509_STORE_CTX_get_error(verification.get()))));
    return {DaneVerdict::Result::Matched,
        "DANE: the certificate matches TLSA " + matchedRecord(connection.get())};
}

} // namespace glasspost::smtp
