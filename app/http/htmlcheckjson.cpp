#include "app/http/htmlcheckjson.h"

#include <QJsonArray>
#include <QMap>
#include <QRegularExpression>

#include <algorithm>

namespace glasspost::app {

namespace {

constexpr double percent = 100;

struct Score
{
    double supported = 0, partial = 0, unsupported = 0; ///< of a hundred

    /// How much of the message it spoils.
    [[nodiscard]] double weight(double share) const { return (partial + unsupported) * share; }
};

QString supportWord(mail::Support support)
{
    return support == mail::Support::Yes ? QStringLiteral("yes")
        : support == mail::Support::No   ? QStringLiteral("no")
                                         : QStringLiteral("partial");
}

Score scoreOf(const mail::ClientFeature &feature)
{
    const auto count = [&feature](mail::Support support) {
        return double(std::count_if(feature.results.cbegin(), feature.results.cend(),
            [support](const mail::SupportResult &result) { return result.support == support; }));
    };
    const double yes = count(mail::Support::Yes), no = count(mail::Support::No),
                 inPart = count(mail::Support::InPart);
    const double all = yes + no + inPart;
    return all == 0 ? Score() : Score{yes / all * percent, inPart / all * percent, no / all * percent};
}

QJsonArray resultsJson(const mail::ClientFeature &feature)
{
    QJsonArray array;
    for (const mail::SupportResult &result : feature.results) {
        if (result.support == mail::Support::Unknown)
            continue;
        const mail::MailClient &client = mail::ClientSupport::shipped().clients().at(result.client);
        array += QJsonObject{
            {QStringLiteral("Name"), QStringLiteral("%1 (%2)").arg(client.name(), result.version)},
            {QStringLiteral("Platform"), client.platform}, {QStringLiteral("Family"), client.family},
            {QStringLiteral("Version"), result.version},
            {QStringLiteral("Support"), supportWord(result.support)},
            {QStringLiteral("NoteNumber"), result.notes.isEmpty() ? QString() : result.notes.constLast()}};
    }
    return array;
}

QJsonObject warningJson(const mail::UsedFeature &used, const Score &score)
{
    const mail::ClientFeature &feature = *used.feature;
    QJsonObject notes;
    for (auto note = feature.notes.cbegin(); note != feature.notes.cend(); ++note)
        notes[note.key()] = markdownToHtml(*note);
    return {{QStringLiteral("Slug"), feature.slug}, {QStringLiteral("Title"), feature.title},
        {QStringLiteral("Description"), markdownToHtml(feature.description)},
        {QStringLiteral("URL"), QStringLiteral("https://www.caniemail.com/features/%1/").arg(feature.slug)},
        {QStringLiteral("Category"), feature.category},
        {QStringLiteral("Tags"), QJsonArray::fromStringList(feature.tags)},
        {QStringLiteral("Keywords"), QString()}, {QStringLiteral("Results"), resultsJson(feature)},
        {QStringLiteral("NotesByNumber"), notes},
        {QStringLiteral("Score"),
            QJsonObject{{QStringLiteral("Found"), used.use.count},
                {QStringLiteral("Supported"), score.supported}, {QStringLiteral("Partial"), score.partial},
                {QStringLiteral("Unsupported"), score.unsupported}}}};
}

/// {"ios": ["Apple Mail", ...], ...}
QJsonObject platformsJson()
{
    QMap<QString, QStringList> families;
    for (const mail::MailClient &client : mail::ClientSupport::shipped().clients())
        families[client.platform] += client.familyName;
    QJsonObject json;
    for (auto platform = families.begin(); platform != families.end(); ++platform) {
        platform->sort();
        json[platform.key()] = QJsonArray::fromStringList(*platform);
    }
    return json;
}

} // namespace

QString markdownToHtml(const QString &markdown)
{
    QString html = markdown.toHtmlEscaped();
    static const QRegularExpression code(QStringLiteral("`([^`]+)`"));
    static const QRegularExpression strong(QStringLiteral("\\*\\*([^*]+)\\*\\*"));
    static const QRegularExpression link(QStringLiteral("\\[([^\\]]+)\\]\\((https?://[^\\s)]+)\\)"));
    html.replace(code, QStringLiteral("<code>\\1</code>"));
    html.replace(strong, QStringLiteral("<strong>\\1</strong>"));
    html.replace(link, QStringLiteral("<a href=\"\\2\" target=\"_blank\">\\1</a>"));
    return html;
}

QJsonObject htmlCheckJson(const mail::HtmlSupport &support)
{
    struct Weighted
    {
        const mail::UsedFeature *used;
        Score score;
        double share; ///< of the elements
    };
    QList<Weighted> features;
    double partial = 0, unsupported = 0;
    for (const mail::UsedFeature &used : support.features) {
        const double share = std::min(1.0, double(used.use.count) / std::max(support.elements, 1));
        const Score score = scoreOf(*used.feature);
        features.append({&used, score, share});
        partial = std::max(partial, score.partial * share);
        unsupported = std::max(unsupported, score.unsupported * share);
    }
    std::stable_sort(features.begin(), features.end(), [](const Weighted &one, const Weighted &other) {
        return one.score.weight(one.share) > other.score.weight(other.share);
    });
    QJsonArray warnings;
    for (const Weighted &feature : features)
        warnings += warningJson(*feature.used, feature.score);
    const QJsonObject total{{QStringLiteral("Tests"), mail::ClientSupport::shipped().features().size()},
        {QStringLiteral("Nodes"), support.elements},
        {QStringLiteral("Supported"), percent - partial - unsupported}, {QStringLiteral("Partial"), partial},
        {QStringLiteral("Unsupported"), unsupported}};
    return {{QStringLiteral("Warnings"), warnings}, {QStringLiteral("Platforms"), platformsJson()},
        {QStringLiteral("Total"), total}};
}

} // namespace glasspost::app
