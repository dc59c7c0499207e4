#include "mail/checks/clientsupport.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

// In the global namespace, where the resource's own function is.
static void initClientSupportResource()
{
    Q_INIT_RESOURCE(caniemail);
}

namespace glasspost::mail {

namespace {

QStringList stringsOf(const QJsonValue &array)
{
    QStringList strings;
    for (const auto value : array.toArray())
        strings += value.toString();
    return strings;
}

Support supportOf(const QString &word)
{
    return word == u"y" ? Support::Yes
        : word == u"n"  ? Support::No
        : word == u"a"  ? Support::InPart
                        : Support::Unknown;
}

/// "2020-04 y, 2022-02 a 1 2".
QList<SupportResult> resultsOf(const QString &text, int client)
{
    QList<SupportResult> results;
    for (const QString &entry : text.split(QStringLiteral(", "), Qt::SkipEmptyParts)) {
        const QStringList words = entry.split(u' ');
        results.append({client, words.value(0), supportOf(words.value(1)), words.mid(2)});
    }
    return results;
}

ClientFeature featureOf(const QJsonObject &row)
{
    const auto textOf = [&row](const char *name) { return row[QLatin1String(name)].toString(); };
    ClientFeature feature{textOf("slug"), textOf("title"), textOf("description"), textOf("category"),
        stringsOf(row[QStringLiteral("tags")]), stringsOf(row[QStringLiteral("marks")]), {}, {}};
    const QStringList support = stringsOf(row[QStringLiteral("support")]);
    for (int client = 0; client < support.size(); ++client)
        feature.results += resultsOf(support.at(client), client);
    const QJsonObject notes = row[QStringLiteral("notes")].toObject();
    for (auto note = notes.begin(); note != notes.end(); ++note)
        feature.notes.insert(note.key(), note->toString());
    return feature;
}

} // namespace

QList<SupportResult> ClientFeature::newest() const
{
    QList<SupportResult> last;
    for (const SupportResult &result : results) {
        if (!last.isEmpty() && last.constLast().client == result.client)
            last.last() = result;
        else
            last += result;
    }
    last.removeIf([](const SupportResult &result) { return result.support == Support::Unknown; });
    return last;
}

ClientSupport::ClientSupport()
{
    initClientSupportResource();
    QFile file(QStringLiteral(":/glasspost/caniemail/caniemail.json"));
    const bool isThere = file.open(QIODevice::ReadOnly);
    Q_ASSERT(isThere);
    const QJsonObject table = isThere ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
    m_source = table[QStringLiteral("source")].toString();
    m_date = QDate::fromString(table[QStringLiteral("date")].toString(), Qt::ISODate);
    const QJsonObject families = table[QStringLiteral("families")].toObject();
    const QJsonObject platforms = table[QStringLiteral("platforms")].toObject();
    for (const QString &client : stringsOf(table[QStringLiteral("clients")])) {
        const QString family = client.section(u'/', 0, 0), platform = client.section(u'/', 1);
        m_clients.append(
            {family, platform, families[family].toString(family), platforms[platform].toString(platform)});
    }
    for (const auto row : table[QStringLiteral("features")].toArray())
        m_features += featureOf(row.toObject());
}

const ClientSupport &ClientSupport::shipped()
{
    static const ClientSupport support;
    return support;
}

QList<UsedFeature> ClientSupport::usedIn(const FeatureMarks &marks) const
{
    QList<UsedFeature> used;
    for (const ClientFeature &feature : m_features) {
        MarkUse sum;
        for (const QString &mark : feature.marks) {
            const MarkUse use = marks.value(mark);
            if (use.count > 0 && (sum.count == 0 || use.begin < sum.begin))
                sum.begin = use.begin;
            sum.count += use.count;
        }
        if (sum.count > 0)
            used.append({&feature, sum});
    }
    return used;
}

} // namespace glasspost::mail
