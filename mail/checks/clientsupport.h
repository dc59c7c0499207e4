#pragma once

#include "mail/checks/featuremarks.h"

#include <QDate>
#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

/// A client of the table: "outlook" on "windows".
struct MailClient
{
    QString family, platform; ///< as caniemail names them
    QString familyName, platformName; ///< for people

    [[nodiscard]] QString name() const { return familyName + u' ' + platformName; }
};

enum class Support { Yes, No, InPart, Unknown };

/// What one version of a client does with a feature.
struct SupportResult
{
    int client = 0; ///< of ClientSupport::clients()
    QString version; ///< "2019", "2020-01"
    Support support = Support::Unknown;
    QStringList notes; ///< numbers of ClientFeature::notes
};

/// A feature of HTML or CSS, or a format of pictures.
struct ClientFeature
{
    QString slug, title, description, category; ///< description and notes in Markdown
    QStringList tags;
    QStringList marks; ///< by which it is recognized (featuremarks.h)
    QList<SupportResult> results; ///< a client's versions one after the other, the newest last
    QHash<QString, QString> notes;

    /// Of each client that was tested, what its newest version does.
    [[nodiscard]] QList<SupportResult> newest() const;
};

/// What the table says of a message's HTML.
struct UsedFeature
{
    const ClientFeature *feature = nullptr;
    MarkUse use;
};

/// The table of caniemail.com that is shipped, resources/caniemail/caniemail.json: read once, when it is
/// first asked for. Any thread.
class ClientSupport
{
public:
    static const ClientSupport &shipped();

    [[nodiscard]] const QList<MailClient> &clients() const { return m_clients; }
    [[nodiscard]] const QList<ClientFeature> &features() const { return m_features; }
    [[nodiscard]] const QString &source() const { return m_source; }
    [[nodiscard]] QDate date() const { return m_date; } ///< of the data
    /// In the table's order.
    [[nodiscard]] QList<UsedFeature> usedIn(const FeatureMarks &marks) const;

private:
    ClientSupport();

    QString m_source;
    QDate m_date;
    QList<MailClient> m_clients;
    QList<ClientFeature> m_features;
};

} // namespace glasspost::mail
