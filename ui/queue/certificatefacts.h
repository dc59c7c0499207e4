#pragma once

#include "mail/queue/certificatequestion.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <utility>

namespace glasspost::ui {

/// The contents of a certificate, a name and its value each: subject, issuer, names, validity, fingerprint.
/// Everything in it came from the other side: the values are escaped.
QList<std::pair<QString, QString>> certificateRows(const QSslCertificate &certificate, const QDateTime &now);
/// "mail.example.net, issued by Example Authority": one of a chain.
QString certificateTitle(const QSslCertificate &certificate);
/// Why it could not be verified, a reason each.
QStringList certificateFaults(const mail::CertificateQuestion &question);

} // namespace glasspost::ui
