#include "smtp/server/selfsigned.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <memory>

namespace glasspost::smtp {

namespace {

constexpr unsigned int keyBits = 2048;
constexpr long validSeconds = 3650L * 24 * 60 * 60;
constexpr long clockSlack = 24L * 60 * 60; // a peer's clock may be behind ours

template <auto release> struct Releaser
{
    template <typename T> void operator()(T *object) const { release(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Releaser<X509_free>>;
using Memory = std::unique_ptr<BIO, Releaser<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION_free>>;

bool addExtension(X509 *certificate, int kind, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.constData()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool setSerial(X509 *certificate)
{
    quint64 serial = 0;
    if (RAND_bytes(reinterpret_cast<unsigned char *>(&serial), sizeof serial) != 1)
        return false;
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U) == 1;
}

bool fill(X509 *certificate, EVP_PKEY *key, const QByteArray &hostName)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    // RFC 5280 A.1: a common name has 64 octets at most; the whole name stands in subjectAltName.
    const QByteArray common = hostName.left(64);
    return X509_set_version(certificate, X509_VERSION_3) == 1 && setSerial(certificate)
        && X509_gmtime_adj(X509_getm_notBefore(certificate), -clockSlack) != nullptr
        && X509_gmtime_adj(X509_getm_notAfter(certificate), validSeconds) != nullptr
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
               reinterpret_cast<const unsigned char *>(common.constData()), static_cast<int>(common.size()),
               -1, 0)
        == 1
        && X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1
        && addExtension(
            certificate, NID_subject_alt_name, "DNS:" + hostName + ",DNS:localhost,IP:127.0.0.1,IP:::1")
        && addExtension(certificate, NID_basic_constraints, "critical,CA:FALSE")
        && addExtension(certificate, NID_ext_key_usage, "serverAuth")
        && X509_sign(certificate, key, EVP_sha256()) != 0;
}

QByteArray contents(BIO *memory)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<qsizetype>(size)};
}

} // namespace

std::optional<SelfSigned> makeSelfSigned(const QByteArray &hostName)
{
    const Key key(EVP_RSA_gen(keyBits));
    const Certificate certificate(X509_new());
    const Memory certificateText(BIO_new(BIO_s_mem()));
    const Memory keyText(BIO_new(BIO_s_mem()));
    if (!key || !certificate || !certificateText || !keyText || !fill(certificate.get(), key.get(), hostName))
        return {};
    if (PEM_write_bio_X509(certificateText.get(), certificate.get()) != 1
        || PEM_write_bio_PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return {};
    SelfSigned made;
    made.certificatePem = contents(certificateText.get());
    made.keyPem = contents(keyText.get());
    made.certificate = QSslCertificate(made.certificatePem, QSsl::Pem);
    made.key = QSslKey(made.keyPem, QSsl::Rsa, QSsl::Pem, QSsl::PrivateKey);
    if (made.certificate.isNull() || made.key.isNull())
        return {};
    return made;
}

} // namespace glasspost::smtp
