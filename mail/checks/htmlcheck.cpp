#include "mail/checks/htmlcheck.h"

#include "mail/checks/clientsupport.h"

#include <QSet>

#include <algorithm>

namespace glasspost::mail {

namespace {

FindingKind kindOf(MarkupFault::Kind kind)
{
    switch (kind) {
    case MarkupFault::Kind::TagUnended:
        return FindingKind::TagUnended;
    case MarkupFault::Kind::ElementUnclosed:
        return FindingKind::ElementUnclosed;
    case MarkupFault::Kind::EndTagStray:
        return FindingKind::EndTagStray;
    }
    Q_UNREACHABLE();
}

void checkElement(const CheckedHtml &html, int index, QSet<QString> &ids, Findings &findings)
{
    const HtmlElement &element = html.document.elements().at(index);
    for (const QString &name : element.repeated)
        html.add(findings, element.begin, FindingKind::AttributeRepeated, {element.name, quoted(name)});
    if (const QString id = element.attribute(u"id"); !id.isEmpty()) {
        if (ids.contains(id))
            html.add(findings, element.begin, FindingKind::IdRepeated, {quoted(id)});
        ids.insert(id);
    }
    static const QStringList tableParts = {QStringLiteral("td"), QStringLiteral("th"), QStringLiteral("tr"),
        QStringLiteral("tbody"), QStringLiteral("thead"), QStringLiteral("tfoot")};
    if (tableParts.contains(element.name) && !html.document.isIn(element.parent, {QStringLiteral("table")}))
        html.add(findings, element.begin, FindingKind::CellOutsideTable, {element.name});
    if (element.name == u"script" && element.attribute(u"type") != u"application/ld+json") // Gmail's markup
        html.add(findings, element.begin, FindingKind::ScriptIgnored);
}

QString clientNames(const QList<SupportResult> &results, Support support)
{
    QStringList names;
    for (const SupportResult &result : results) {
        if (result.support == support)
            names += ClientSupport::shipped().clients().at(result.client).name();
    }
    return names.join(QStringLiteral(", "));
}

/// What every message should have, whatever some clients make of it; other checks ask for it.
bool isAdvised(const ClientFeature &feature)
{
    static const QStringList slugs = {QStringLiteral("html-doctype"), QStringLiteral("html-body"),
        QStringLiteral("html-lang"), QStringLiteral("html-role")};
    return slugs.contains(feature.slug);
}

void checkFeature(const CheckedHtml &html, const UsedFeature &used, Findings &findings)
{
    const QList<SupportResult> newest = used.feature->newest();
    const auto count = [&newest](Support support) {
        return std::count_if(newest.cbegin(), newest.cend(),
            [support](const SupportResult &result) { return result.support == support; });
    };
    const qsizetype missing = count(Support::No), inPart = count(Support::InPart);
    if (missing + inPart == 0 || isAdvised(*used.feature))
        return;
    const FindingKind kind = missing * 3 >= newest.size() ? FindingKind::FeatureOftenMissing
                                                          : FindingKind::FeatureSometimesMissing;
    html.add(findings, used.use.begin, kind,
        {used.feature->title, QString::number(missing), QString::number(newest.size()),
            clientNames(newest, Support::No), QString::number(inPart), clientNames(newest, Support::InPart)});
}

} // namespace

void checkMarkup(const CheckedHtml &html, Findings &findings)
{
    if (!html.document.hasDoctype())
        html.add(findings, 0, FindingKind::DoctypeMissing);
    for (const MarkupFault &fault : html.document.faults())
        html.add(findings, fault.begin, kindOf(fault.kind), {quoted(fault.element)});
    QSet<QString> ids;
    for (int i = 0; i < html.document.elements().size(); ++i)
        checkElement(html, i, ids, findings);
}

void checkClients(const CheckedHtml &html, Findings &findings)
{
    for (const UsedFeature &used : ClientSupport::shipped().usedIn(featureMarks(html.document)))
        checkFeature(html, used, findings);
}

} // namespace glasspost::mail
