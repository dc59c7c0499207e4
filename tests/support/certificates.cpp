#include "tests/support/certificates.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>

namespace glasspost::test {

namespace {

template <auto release> struct Releaser
{
    template <typename T> void operator()(T *object) const { release(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Releaser<X509_free>>;
using Memory = std::unique_ptr<BIO, Releaser<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION_free>>;

Memory reading(const QByteArray &pem)
{
    return Memory(BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())));
}

QByteArray contents(BIO *memory)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<qsizetype>(size)};
}

void extend(X509 *certificate, X509 *issuer, int kind, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.constData()));
    if (extension)
        X509_add_ext(certificate, extension.get(), -1);
}

void fill(X509 *certificate, const CertificateWish &wish)
{
    quint64 serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char *>(&serial), sizeof serial);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U);
    X509_gmtime_adj(X509_getm_notBefore(certificate), wish.startsIn);
    X509_gmtime_adj(X509_getm_notAfter(certificate), wish.endsIn);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
        reinterpret_cast<const unsigned char *>(wish.name.constData()), -1, -1, 0);
}

void extendFor(X509 *certificate, X509 *issuer, const CertificateWish &wish)
{
    if (wish.use == CertificateWish::Use::Authority) {
        extend(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
        extend(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
        return;
    }
    const bool clientOnly = wish.use == CertificateWish::Use::ClientOnly;
    extend(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    extend(certificate, issuer, NID_ext_key_usage, clientOnly ? "clientAuth" : "serverAuth");
    const QByteArray alternatives = wish.alternatives.isEmpty() ? "DNS:" + wish.name : wish.alternatives;
    if (alternatives != "none")
        extend(certificate, issuer, NID_subject_alt_name, alternatives);
}

} // namespace

Certified makeCertificate(const CertificateWish &wish, const Certified *issuer)
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    Certificate authority;
    Key authorityKey;
    if (issuer != nullptr) {
        authority.reset(PEM_read_bio_X509(reading(issuer->certificatePem).get(), nullptr, nullptr, nullptr));
        authorityKey.reset(PEM_read_bio_PrivateKey(reading(issuer->keyPem).get(), nullptr, nullptr, nullptr));
    }
    if (!key || !certificate || (issuer != nullptr && (!authority || !authorityKey)))
        return {};
    X509 *signer = authority ? authority.get() : certificate.get();
    fill(certificate.get(), wish);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
    X509_set_pubkey(certificate.get(), key.get());
    extendFor(certificate.get(), signer, wish);
    X509_sign(certificate.get(), authorityKey ? authorityKey.get() : key.get(), EVP_sha256());

    const Memory certificateText(BIO_new(BIO_s_mem()));
    const Memory keyText(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(certificateText.get(), certificate.get());
    PEM_write_bio_PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    Certified made;
    made.certificatePem = contents(certificateText.get());
    made.keyPem = contents(keyText.get());
    made.certificate = QSslCertificate(made.certificatePem, QSsl::Pem);
    made.key = QSslKey(made.keyPem, QSsl::Ec, QSsl::Pem, QSsl::PrivateKey);
    return made;
}

} // namespace glasspost::test
