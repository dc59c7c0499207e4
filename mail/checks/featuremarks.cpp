#include "mail/checks/featuremarks.h"

namespace glasspost::mail {

namespace {

void addMark(FeatureMarks &marks, const QString &mark, qsizetype begin)
{
    MarkUse &use = marks[mark];
    if (use.count++ == 0)
        use.begin = begin;
}

/// Of the path of an address, in small letters; "data" of a picture that the HTML holds; empty where none is
/// seen.
QString pictureKind(const QString &address)
{
    const QString trimmed = address.trimmed();
    if (trimmed.startsWith(QLatin1String("data:image/"), Qt::CaseInsensitive))
        return QStringLiteral("data");
    const QString path = trimmed.section(u'?', 0, 0).section(u'#', 0, 0);
    const QString name = path.section(u'/', -1);
    const QString extension = name.contains(u'.') ? name.section(u'.', -1).toLower() : QString();
    return extension.size() <= 5 && path.count(u'/') != 2 ? extension
                                                          : QString(); // "https://host.example": no file
}

void addElement(FeatureMarks &marks, const HtmlElement &element)
{
    const qsizetype begin = element.begin;
    addMark(marks, QStringLiteral("element ") + element.name, begin);
    for (const auto &[name, value] : element.attributes)
        addMark(marks, QStringLiteral("attribute ") + name, begin);
    if (element.has(u"type"))
        addMark(marks, QStringLiteral("type %1=%2").arg(element.name, element.attribute(u"type").toLower()),
            begin);
    if (element.has(u"style"))
        addCssMarks(marks, element.attribute(u"style"), CssForm::Declarations, begin);
    const QString link = element.name == u"a" ? element.attribute(u"href").trimmed() : QString();
    if (link.size() > 1 && link.startsWith(u'#'))
        addMark(marks, QStringLiteral("link #"), begin);
    if (link.startsWith(QLatin1String("mailto:"), Qt::CaseInsensitive))
        addMark(marks, QStringLiteral("link mailto"), begin);
    if (element.name == u"meta")
        addMark(marks, QStringLiteral("meta ") + element.attribute(u"name").toLower(), begin);
    const QString picture = element.name == u"img" ? pictureKind(element.attribute(u"src")) : QString();
    if (!picture.isEmpty())
        addMark(marks, QStringLiteral("image ") + picture, begin);
}

} // namespace

FeatureMarks featureMarks(const HtmlDocument &document)
{
    FeatureMarks marks;
    for (const HtmlElement &element : document.elements())
        addElement(marks, element);
    for (const HtmlStyleSheet &sheet : document.styleSheets())
        addCssMarks(marks, sheet.text, CssForm::StyleSheet, sheet.begin);
    for (const qsizetype comment : document.comments())
        addMark(marks, QStringLiteral("comment html"), comment);
    if (document.hasDoctype())
        addMark(marks, QStringLiteral("doctype html"), 0);
    return marks;
}

} // namespace glasspost::mail
