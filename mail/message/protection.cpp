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

/// Of one part, by its form.
Protection protectionOfPart(GMimeObject *part)
{
    const QByteArray protocol = parameter(part, "protocol");
    if (isType(part, "multipart", "signed")) {
        if (protocol == "application/pgp-signature")
            return Protection::OpenPgpSigned;
        return isSmimeProtocol(protocol, "pkcs7-signature") ? Protection::SmimeSigned
                                                            : Protection::OtherSigned;
    }
    if (isType(part, "multipart", "encrypted"))
        return protocol == "application/pgp-encrypted" ? Protection::OpenPgpEncrypted
                                                       : Protection::OtherEncrypted;
    if (!isType(part, "application", "pkcs7-mime") && !isType(part, "application", "x-pkcs7-mime"))
        return Protection::None;
    // RFC 8551 3.2.2; what says nothing is mostly encrypted.
    const QByteArray smimeType = parameter(part, "smime-type");
    if (smimeType == "signed-data")
        return Protection::SmimeSigned;
    const bool isEncrypted = smimeType.isEmpty() || smimeType.endsWith("enveloped-data");
    return isEncrypted ? Protection::SmimeEncrypted : Protection::None;
}

} // namespace

void readProtectionInto(MessageView &view, const PartTree &tree)
{
    if (!tree.nodes().isEmpty() && isOpenPgpText(view.text)) {
        view.protection = Protection::OpenPgpText;
        return;
    }
    for (const PartTree::Node &node : tree.nodes()) {
        if (node.messages == 0 && view.protection == Protection::None) {
            view.protection = protectionOfPart(node.object);
            view.isProtectedInPart = view.protection != Protection::None && node.parent >= 0;
        }
    }
}

} // namespace glasspost::mail
