#include "mail/rules/errand.h"

#include "mail/maildir/maildirname.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr int errandVersion = 1;

QStringList stringsOf(const QJsonValue &value)
{
    QStringList strings;
    for (const auto one : value.toArray())
        strings.append(one.toString());
    return strings;
}

QJsonObject toObject(const RuleErrand::Copy &copy)
{
    return {{QStringLiteral("user"), copy.id.folder.user}, {QStringLiteral("folder"), copy.id.folder.folder},
        {QStringLiteral("unique"), QString::fromUtf8(copy.id.unique)},
        {QStringLiteral("tags"), QJsonArray::fromStringList(copy.tags)}};
}

RuleErrand::Copy copyOf(const QJsonObject &object)
{
    const auto text = [&object](const char *key) { return object.value(QLatin1String(key)).toString(); };
    return {{{text("user"), text("folder")}, text("unique").toUtf8()},
        stringsOf(object.value(QLatin1String("tags")))};
}

} // namespace

bool RuleErrand::isOwed() const
{
    const auto hasTags = [](const Copy &copy) { return !copy.tags.isEmpty(); };
    return !copies.isEmpty() && (!programs.isEmpty() || std::any_of(copies.cbegin(), copies.cend(), hasTags));
}

QString errandPath(const RuleErrand &errand)
{
    const QByteArray folder = userPath(errand.mailbox).value_or(QByteArray());
    return QStringLiteral("rules/pending/")
        + QString::fromUtf8(
            folder.sliced(folder.lastIndexOf('/') + 1) + '/' + errand.copies.constFirst().id.unique)
        + QStringLiteral(".json");
}

QByteArray toJson(const RuleErrand &errand)
{
    QJsonArray copies, programs;
    for (const RuleErrand::Copy &copy : errand.copies)
        copies.append(toObject(copy));
    for (const RuleProgram &program : errand.programs)
        programs.append(QJsonObject{{QStringLiteral("rule"), program.rule},
            {QStringLiteral("command"), QJsonArray::fromStringList(program.command)}});
    return QJsonDocument(
        QJsonObject{{QStringLiteral("version"), errandVersion}, {QStringLiteral("copies"), copies},
            {QStringLiteral("programs"), programs}, {QStringLiteral("mailbox"), errand.mailbox},
            {QStringLiteral("subject"), errand.subject}, {QStringLiteral("from"), errand.sender}})
        .toJson(QJsonDocument::Compact);
}

std::optional<RuleErrand> ruleErrand(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    if (object.value(QLatin1String("version")).toInt() != errandVersion)
        return std::nullopt;
    RuleErrand errand;
    for (const auto copy : object.value(QLatin1String("copies")).toArray())
        errand.copies.append(copyOf(copy.toObject()));
    for (const auto one : object.value(QLatin1String("programs")).toArray()) {
        const QJsonObject program = one.toObject();
        errand.programs.append({program.value(QLatin1String("rule")).toString(),
            stringsOf(program.value(QLatin1String("command")))});
    }
    errand.mailbox = object.value(QLatin1String("mailbox")).toString();
    errand.subject = object.value(QLatin1String("subject")).toString();
    errand.sender = object.value(QLatin1String("from")).toString();
    return errand.isOwed() ? std::optional(errand) : std::nullopt;
}

} // namespace glasspost::mail
