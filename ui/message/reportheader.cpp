#include "ui/message/reportheader.h"

#include "ui/words/addresstext.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSet>

namespace glasspost::ui {

namespace {

struct HeaderWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::ReportPage)
};

bool hasAddresses(const QString &name)
{
    static const QSet<QString> names{QStringLiteral("from"), QStringLiteral("sender"),
        QStringLiteral("reply-to"), QStringLiteral("to"), QStringLiteral("cc"), QStringLiteral("bcc"),
        QStringLiteral("return-path"), QStringLiteral("delivered-to"), QStringLiteral("x-original-to"),
        QStringLiteral("resent-from"), QStringLiteral("resent-sender"), QStringLiteral("resent-to"),
        QStringLiteral("resent-cc"), QStringLiteral("disposition-notification-to"),
        QStringLiteral("errors-to")};
    return names.contains(name.toLower());
}

/// Written by programs, of the way and of the form.
bool isOfTheWay(const QString &name)
{
    static const QSet<QString> names{QStringLiteral("received"), QStringLiteral("date"),
        QStringLiteral("message-id"), QStringLiteral("in-reply-to"), QStringLiteral("references"),
        QStringLiteral("resent-date"), QStringLiteral("resent-message-id"), QStringLiteral("mime-version"),
        QStringLiteral("content-type"), QStringLiteral("content-transfer-encoding"),
        QStringLiteral("content-language"), QStringLiteral("dkim-signature"), QStringLiteral("arc-seal"),
        QStringLiteral("arc-message-signature"), QStringLiteral("arc-authentication-results"),
        QStringLiteral("authentication-results"), QStringLiteral("received-spf"),
        QStringLiteral("auto-submitted"), QStringLiteral("precedence"), QStringLiteral("importance"),
        QStringLiteral("x-priority"), QStringLiteral("list-id"), QStringLiteral("user-agent"),
        QStringLiteral("x-mailer")};
    const QString known = name.toLower();
    return names.contains(known) || known.startsWith(QLatin1String("x-glasspost-"));
}

QStringList addressesInValue(const QString &value)
{
    static const QRegularExpression pattern(
        QStringLiteral("(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s<>()\\[\\],;:\"@\\\\]+)@[^\\s<>(),;:\"@\\\\]+"));
    QStringList addresses;
    QRegularExpressionMatchIterator found = pattern.globalMatch(value);
    while (found.hasNext())
        addresses << found.next().captured();
    return addresses;
}

/// Without what tells who somebody is, but for the addresses.
QString impersonal(const mail::HeaderField &field)
{
    if (hasAddresses(field.name))
        return addressesInValue(field.value).join(QLatin1String(", "));
    if (!isOfTheWay(field.name))
        return HeaderWords::tr("(%Ln character(s) left out)", nullptr, int(field.value.size()));
    if (field.name.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) == 0)
        return safeLine(field.value.section(u';', 0, 0)); // behind it may be the name of a file
    return safeLine(field.value);
}

} // namespace

QList<mail::HeaderField> reportedHeader(
    const QList<mail::HeaderField> &header, AddressMask::Addresses addresses)
{
    const bool isMasked = addresses == AddressMask::Addresses::Masked;
    QList<mail::HeaderField> reported;
    for (const mail::HeaderField &field : header)
        reported.append({safeLine(field.name), isMasked ? impersonal(field) : safeLine(field.value)});
    return reported;
}

QStringList addressesInHeader(const QList<mail::HeaderField> &header)
{
    QStringList addresses;
    for (const mail::HeaderField &field : header) {
        if (hasAddresses(field.name))
            addresses += addressesInValue(field.value);
    }
    return addresses;
}

} // namespace glasspost::ui
