#include "ui/queue/certificatefacts.h"

#include "ui/words/format.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>
#include <QCryptographicHash>

namespace glasspost::ui {

namespace {

struct CertificateWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Certificate)
};

QString shown(const QString &text)
{
    return shownBytes(text.toUtf8()).text;
}

using Info = QStringList (QSslCertificate::*)(const QByteArray &) const;

// "CN=mail.example.net, O=Example": in the order that the certificate has.
QString distinguishedName(
    const QSslCertificate &certificate, const QList<QByteArray> &attributes, Info valuesOf)
{
    QStringList parts;
    for (const QByteArray &attribute : attributes) {
        const QStringList values = (certificate.*valuesOf)(attribute);
        for (const QString &value : values)
            parts << shown(QString::fromUtf8(attribute) + u'=' + value);
    }
    return parts.join(QStringLiteral(", "));
}

QString simpleName(const QStringList &commonNames, const QStringList &organizations)
{
    const QStringList &names = commonNames.isEmpty() ? organizations : commonNames;
    return names.isEmpty() ? CertificateWords::tr("(no name)") : shown(names.join(QStringLiteral(", ")));
}

QString validity(const QSslCertificate &certificate, const QDateTime &now)
{
    const QString from = exactTime(certificate.effectiveDate().toSecsSinceEpoch());
    const QString until = exactTime(certificate.expiryDate().toSecsSinceEpoch());
    const QString span = CertificateWords::tr("%1 to %2").arg(from, until);
    if (certificate.expiryDate() < now)
        return CertificateWords::tr("%1 (expired)").arg(span);
    return certificate.effectiveDate() > now ? CertificateWords::tr("%1 (not valid yet)").arg(span) : span;
}

// In two lines of sixteen octets each, for who compares it with a paper.
QString fingerprint(const QSslCertificate &certificate)
{
    QString octets = QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':')).toUpper();
    constexpr qsizetype half = 16 * 3;
    return octets.size() > half ? octets.left(half) + u'\n' + octets.mid(half) : octets;
}

} // namespace

QList<std::pair<QString, QString>> certificateRows(const QSslCertificate &certificate, const QDateTime &now)
{
    QStringList names;
    const auto alternatives = certificate.subjectAlternativeNames();
    for (const QString &name : alternatives)
        names << shown(name);
    names.removeDuplicates();
    return {
        {CertificateWords::tr("Issued to"),
            distinguishedName(
                certificate, certificate.subjectInfoAttributes(), &QSslCertificate::subjectInfo)},
        {CertificateWords::tr("Issued by"),
            distinguishedName(certificate, certificate.issuerInfoAttributes(), &QSslCertificate::issuerInfo)},
        {CertificateWords::tr("Names"),
            names.isEmpty() ? CertificateWords::tr("none") : names.join(QStringLiteral(", "))},
        {CertificateWords::tr("Valid"), validity(certificate, now)},
        {CertificateWords::tr("SHA-256"), fingerprint(certificate)},
    };
}

QString certificateTitle(const QSslCertificate &certificate)
{
    const QString subject = simpleName(certificate.subjectInfo(QSslCertificate::CommonName),
        certificate.subjectInfo(QSslCertificate::Organization));
    if (certificate.isSelfSigned())
        return CertificateWords::tr("%1, self-signed").arg(subject);
    const QString issuer = simpleName(certificate.issuerInfo(QSslCertificate::CommonName),
        certificate.issuerInfo(QSslCertificate::Organization));
    return CertificateWords::tr("%1, issued by %2").arg(subject, issuer);
}

QStringList certificateFaults(const mail::CertificateQuestion &question)
{
    QStringList faults;
    for (const QByteArray &error : question.facts.errors)
        faults << shownBytes(error).text;
    // A pin or the domain's DNS may speak against one that the authorities vouch for.
    if (faults.isEmpty() || !question.facts.fault.contains(question.facts.errors.first()))
        faults.prepend(shownBytes(question.facts.fault).text);
    return faults;
}

} // namespace glasspost::ui
