#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace glasspost::ui {

/// The first word of a command in capitals, at most 20 octets; empty when the line begins with a blank.
QByteArray verbOf(QByteArrayView command);

/// What a command, a parameter of MAIL and RCPT, or a keyword of the reply to EHLO means: a sentence with the
/// clause that defines it, "Names a recipient of the message (RFC 5321 4.1.1.3)". Empty for one that no
/// standard known here defines. Case does not count.
QString verbMeaning(QByteArrayView verb);
QString parameterMeaning(QByteArrayView name);
QString keywordMeaning(QByteArrayView keyword);

/// The command's meaning and that of each parameter, a line each: "SIZE: ..."; empty when nothing is known.
QString commandMeaning(QByteArrayView command);
/// The meaning of the keyword in a line of the reply to EHLO, "250-SIZE 1000"; empty when it holds none.
QString offerMeaning(QByteArrayView line);

} // namespace glasspost::ui
