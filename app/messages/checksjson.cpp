#include "app/messages/checksjson.h"

#include "ui/words/checktext.h"

#include <QJsonArray>

namespace glasspost::app {

namespace {

QString kindText(mail::Reference::Kind kind)
{
    switch (kind) {
    case mail::Reference::Kind::Link:
        return QStringLiteral("link");
    case mail::Reference::Kind::Picture:
        return QStringLiteral("picture");
    case mail::Reference::Kind::StyleSheet:
        break;
    }
    return QStringLiteral("style-sheet");
}

/// Where it is: what is not known is left out.
template <typename Placed> QJsonObject placeJson(const Placed &placed)
{
    QJsonObject json;
    if (placed.part >= 0)
        json[QStringLiteral("part")] = placed.part;
    if (placed.line > 0)
        json[QStringLiteral("line")] = placed.line;
    if (placed.partLine > 0)
        json[QStringLiteral("partLine")] = placed.partLine;
    return json;
}

QJsonObject findingJson(const mail::Finding &finding)
{
    QJsonObject json = placeJson(finding);
    json[QStringLiteral("check")] = mail::findingKey(finding.kind);
    json[QStringLiteral("area")] = mail::areaKey(mail::areaOf(finding.kind));
    json[QStringLiteral("severity")] = mail::severityKey(mail::severityOf(finding.kind));
    json[QStringLiteral("reason")] = ui::reasonText(finding);
    json[QStringLiteral("facts")] = QJsonArray::fromStringList(finding.facts);
    return json;
}

QJsonObject referenceJson(const mail::Reference &reference)
{
    QJsonObject json = placeJson(reference);
    json[QStringLiteral("kind")] = kindText(reference.kind);
    json[QStringLiteral("target")] = reference.target;
    json[QStringLiteral("words")] = reference.words;
    return json;
}

} // namespace

QJsonObject toJson(const mail::MessageChecks &checks, const QByteArray &id)
{
    QJsonArray findings, references;
    for (const mail::Finding &finding : checks.findings)
        findings += findingJson(finding);
    for (const mail::Reference &reference : checks.references)
        references += referenceJson(reference);
    const mail::ClientSupport &clients = mail::ClientSupport::shipped();
    return {{QStringLiteral("id"), QString::fromUtf8(id)}, {QStringLiteral("findings"), findings},
        {QStringLiteral("references"), references},
        {QStringLiteral("errors"), checks.count(mail::Severity::Error)},
        {QStringLiteral("warnings"), checks.count(mail::Severity::Warning)},
        {QStringLiteral("notes"), checks.count(mail::Severity::Note)}, {QStringLiteral("cut"), checks.isCut},
        {QStringLiteral("clientData"),
            QJsonObject{{QStringLiteral("source"), clients.source()},
                {QStringLiteral("date"), clients.date().toString(Qt::ISODate)}}}};
}

} // namespace glasspost::app
