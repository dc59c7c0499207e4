#include "mail/message/protection.h"

#include <QStringView>

namespace glasspost::mail {

namespace {

QByteArray parameter(GMimeObject *object, const char *name)
{
    return QByteArray(g_mime_object_get_content_type_parameter(object, name)).trimmed().toLower();
}

bool isSmimeProtocol(const QByteArray &protocol, const char *subtype)
{
    return protocol == QByteArray("application/") + subtype
        || protocol == QByteArray("application/x-") + subtype;
}

/// The first line that says something begins an OpenPGP message (RFC 9580 6.2, 7).
bool isOpenPgpText(const QString &text)
{
    const QStringView start = QStringView(text).trimmed();
    return start.startsWith(QLatin1String("-----BEGIN PGP MESSAGE-----"))
        || start.startsWith(QLatin1String("-----BEGIN PGP SIGNED MESSAGE-----"));
}

} // namespace

Protection protectionOf(const PartTree &tree, const QString &text)
{
    if (tree.nodes().isEmpty())
        return Protection::None;
    if (isOpenPgpText(text))
        return Protection::OpenPgpText;
    GMimeObject *top = tree.nodes().constFirst().object;
    const QByteArray protocol = parameter(top, "protocol");
    if (isType(top, "multipart", "signed")) {
        if (protocol == "application/pgp-signature")
            return Protection::OpenPgpSigned;
        return isSmimeProtocol(protocol, "pkcs7-signature") ? Protection::SmimeSigned
                                                            : Protection::OtherSigned;
    }
    if (isType(top, "multipart", "encrypted"))
        return protocol == "application/pgp-encrypted" ? Protection::OpenPgpEncrypted
                                                       : Protection::OtherEncrypted;
    if (!isType(top, "application", "pkcs7-mime") && !isType(top, "application", "x-pkcs7-mime"))
        return Protection::None;
    // RFC 8551 3.2.2; what says nothing is mostly encrypted.
    const QByteArray smimeType = parameter(top, "smime-type");
    if (smimeType == "signed-data")
        return Protection::SmimeSigned;
    const bool isEncrypted = smimeType.isEmpty() || smimeType.endsWith("enveloped-data");
    return isEncrypted ? Protection::SmimeEncrypted : Protection::None;
}

} // namespace glasspost::mail
