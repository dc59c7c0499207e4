#include "mail/message/shownparts.h"

#include "mail/message/headerfields.h"
#include "mail/message/htmlcleaner.h"
#include "mail/message/htmlpictures.h"
#include "mail/message/parameters.h"
#include "mail/message/textforms.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qint64 mostPictures = 32 * 1024 * 1024; // octets of all that are shown in their places
constexpr int mostPicturesShown = 500;

enum class TextKind { None, Plain, Html, Enriched, Repeated };

QByteArray rawField(GMimeObject *object, const char *name)
{
    GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
    const QByteArray raw = header ? g_mime_header_get_raw_value(header) : nullptr;
    return RawField{name, raw}.unfolded();
}

/// The facts of a report (RFC 3464, RFC 8098, RFC 6533), which are lines for people to read.
bool isReportStatus(GMimeObject *object)
{
    static constexpr const char *statuses[] = {"delivery-status", "disposition-notification",
        "global-delivery-status", "global-disposition-notification"};
    return std::any_of(std::begin(statuses), std::end(statuses),
        [object](const char *subtype) { return isType(object, "message", subtype); });
}

/// RFC 2045 6.4: what is encoded in a way that nobody knows is octets, whatever its type. A name that is no
/// private one is a mistake ("8-bit", a charset), and the text lies as it was written.
bool isEncodedPrivately(GMimeObject *object)
{
    return g_mime_part_get_content_encoding(GMIME_PART(object)) == GMIME_CONTENT_ENCODING_DEFAULT
        && rawField(object, "Content-Transfer-Encoding").toLower().startsWith("x-");
}

/// What text for people a part is. Repeated is what only certain programs show, of a message that has the
/// same as HTML.
TextKind kindOf(GMimeObject *object)
{
    static constexpr const char *forPrograms[]
        = {"calendar", "css", "directory", "ecmascript", "javascript", "rtf", "vcard", "x-vcard", "xml"};
    static constexpr const char *repeated[] = {"x-amp-html", "watch-html", "x-watch-html"};
    const auto isText = [object](const char *subtype) { return isType(object, "text", subtype); };
    if (!GMIME_IS_PART(object) || isEncodedPrivately(object))
        return TextKind::None;
    if (isReportStatus(object))
        return TextKind::Plain;
    if (!isText("*") || std::any_of(std::begin(forPrograms), std::end(forPrograms), isText))
        return TextKind::None;
    if (std::any_of(std::begin(repeated), std::end(repeated), isText))
        return TextKind::Repeated;
    if (isText("html"))
        return TextKind::Html;
    return isText("enriched") || isText("richtext") ? TextKind::Enriched : TextKind::Plain;
}

bool isReadable(TextKind kind)
{
    return kind != TextKind::None && kind != TextKind::Repeated;
}

bool isPicture(GMimeObject *object)
{
    static constexpr const char *shown[] = {"png", "jpeg", "jpg", "pjpeg", "gif", "bmp", "x-ms-bmp", "webp"};
    return GMIME_IS_PART(object)
        && std::any_of(std::begin(shown), std::end(shown),
            [object](const char *subtype) { return isType(object, "image", subtype); });
}

/// RFC 2183 2.8: every disposition but "inline" is one to attach. Parameters without any say nothing.
bool isSaidToBeAttached(GMimeObject *object)
{
    const QByteArray field = rawField(object, "Content-Disposition").toLower();
    const auto end = std::find_if(
        field.cbegin(), field.cend(), [](char c) { return QByteArrayView("; \t(").contains(c); });
    const QByteArrayView kind(field.cbegin(), end);
    return !kind.isEmpty() && kind != "inline" && !kind.contains('=');
}

QString contentId(GMimeObject *object)
{
    const char *id = g_mime_object_get_content_id(object);
    QString text = id ? QString::fromUtf8(id).trimmed() : QString();
    if (text.startsWith(u'<') && text.endsWith(u'>'))
        text = text.mid(1, text.size() - 2);
    return text;
}

/// The octets of a part as the text that they are.
QString partText(GMimeObject *object, const QByteArray &octets, Extent extent)
{
    QByteArray charset = charsetOf(object);
    if (charset.isEmpty() && kindOf(object) == TextKind::Html)
        charset = metaCharset(octets);
    QString text = decodedCharset(octets, charset, extent);
    text.replace(QLatin1String("\r\n"), QLatin1String("\n")).replace(u'\r', u'\n');
    text.remove(QChar(u'\0'));
    const QByteArray type = rawField(object, "Content-Type");
    const bool isFlowed = isType(object, "text", "plain")
        && decodedParameter(type, "format").compare(QLatin1String("flowed"), Qt::CaseInsensitive) == 0;
    if (isFlowed) {
        const QString delSp = decodedParameter(type, "delsp");
        return unflowed(
            text, delSp.compare(QLatin1String("yes"), Qt::CaseInsensitive) == 0 ? DelSp::Yes : DelSp::No);
    }
    return kindOf(object) == TextKind::Enriched ? textOfEnriched(text) : text;
}

/// Plain text between HTML: its lines stay, and are broken where there is no room.
QString asHtml(const QString &text)
{
    return QLatin1String("<div style=\"white-space:pre-wrap;\">") + text.toHtmlEscaped()
        + QLatin1String("</div>");
}

} // namespace

QString fileNameOf(GMimeObject *object)
{
    QString name = decodedParameter(rawField(object, "Content-Disposition"), "filename");
    if (name.isEmpty())
        name = decodedParameter(rawField(object, "Content-Type"), "name");
    return name.left(1024);
}

QString textOfPart(GMimeObject *object, const QByteArray &octets, Extent extent)
{
    const bool isText = kindOf(object) != TextKind::None || isType(object, "text", "*")
        || isType(object, "message", "*") || isType(object, "application", "json")
        || isType(object, "application", "xml");
    if (!isText)
        return {};
    const QString text = partText(object, octets, extent);
    return text.isNull() ? QStringLiteral("") : text;
}

QByteArray charsetOf(GMimeObject *object)
{
    const char *charset = g_mime_object_get_content_type_parameter(object, "charset");
    return charset ? QByteArray(charset).left(100) : QByteArray();
}

ShownParts::ShownParts(const PartTree &tree, qsizetype textLimit)
    : m_tree(tree), m_limit(textLimit), m_children(tree.nodes().size()),
      m_uses(tree.nodes().size(), PartUse::Container), m_textLeft(textLimit), m_isCut(tree.isCut())
{
    const QList<PartTree::Node> &nodes = tree.nodes();
    for (int i = 0; i < nodes.size(); ++i) {
        if (nodes.at(i).parent >= 0)
            m_children[nodes.at(i).parent].append(i);
        if (nodes.at(i).messages == 0 && !GMIME_IS_MULTIPART(nodes.at(i).object))
            m_uses[i] = PartUse::Attachment;
    }
    if (nodes.isEmpty())
        return;
    m_shown = shownOf(0);
    for (const QList<int> &parts : {m_shown.plain, m_shown.html})
        for (const int part : parts)
            decode(part);
    placePictures();
}

ShownParts::Shown ShownParts::shownOf(int node)
{
    GMimeObject *object = m_tree.nodes().at(node).object;
    if (!GMIME_IS_MULTIPART(object)) {
        const bool isShown = isReadable(kindOf(object)) && !isSaidToBeAttached(object);
        return isShown ? Shown{{node}, {node}} : Shown();
    }
    if (isSaidToBeAttached(object)) // RFC 2183 2.10: with all that it holds
        return {};
    if (isType(object, "multipart", "appledouble"))
        passOverResourceFork(node);
    if (isType(object, "multipart", "alternative"))
        return alternative(m_children.at(node));
    if (isType(object, "multipart", "related"))
        return m_children.at(node).isEmpty() ? Shown() : shownOf(rootOf(node));
    Shown all;
    for (const int child : m_children.at(node)) {
        const Shown shown = shownOf(child);
        all.plain += shown.plain;
        all.html += shown.html;
    }
    return all;
}

/// RFC 1740 4: where files have no resource fork, the data fork beside it is the file.
void ShownParts::passOverResourceFork(int appleDouble)
{
    const QList<int> &forks = m_children.at(appleDouble);
    for (const int fork : forks)
        if (forks.size() > 1 && isType(m_tree.nodes().at(fork).object, "application", "applefile"))
            m_uses[fork] = PartUse::OtherForm;
}

/// The last form that can be shown; for plain text one without HTML, for HTML one that has some, if there is
/// one.
ShownParts::Shown ShownParts::alternative(const QList<int> &forms)
{
    Shown chosen;
    int plainest = -1;
    bool isHtml = false;
    for (const int form : forms) {
        const Shown shown = shownOf(form);
        if (m_uses.at(form) == PartUse::Attachment
            && kindOf(m_tree.nodes().at(form).object) != TextKind::None)
            m_uses[form] = PartUse::OtherForm;
        for (const int part : shown.plain + shown.html)
            m_uses[part] = PartUse::OtherForm;
        if (shown.plain.isEmpty() && shown.html.isEmpty())
            continue;
        const bool givesHtml = hasHtml(shown.html);
        if (const int plain = plainness(shown.plain); plain >= plainest) {
            chosen.plain = shown.plain;
            plainest = plain;
        }
        if (givesHtml || !isHtml)
            chosen.html = shown.html;
        isHtml = isHtml || givesHtml;
    }
    return chosen;
}

/// RFC 2387 3.2: the part that "start" names, else the first; where that is no text, the first that has some.
int ShownParts::rootOf(int related) const
{
    const QList<int> &children = m_children.at(related);
    QString start
        = decodedParameter(rawField(m_tree.nodes().at(related).object, "Content-Type"), "start").trimmed();
    if (start.startsWith(u'<') && start.endsWith(u'>'))
        start = start.mid(1, start.size() - 2);
    for (const int child : children)
        if (!start.isEmpty() && contentId(m_tree.nodes().at(child).object) == start)
            return child;
    const auto text = std::find_if(children.cbegin(), children.cend(), [this](int child) {
        GMimeObject *object = m_tree.nodes().at(child).object;
        return GMIME_IS_MULTIPART(object) || isReadable(kindOf(object));
    });
    return text == children.cend() ? children.constFirst() : *text;
}

bool ShownParts::hasHtml(const QList<int> &parts) const
{
    return std::any_of(parts.cbegin(), parts.cend(),
        [this](int part) { return kindOf(m_tree.nodes().at(part).object) == TextKind::Html; });
}

/// How little is left out where the parts are read as plain text.
int ShownParts::plainness(const QList<int> &parts) const
{
    const bool isPlain = std::all_of(parts.cbegin(), parts.cend(),
        [this](int part) { return kindOf(m_tree.nodes().at(part).object) == TextKind::Plain; });
    return isPlain ? 2 : hasHtml(parts) ? 0 : 1;
}

void ShownParts::decode(int node)
{
    m_uses[node] = PartUse::Shown;
    if (m_texts.contains(node))
        return;
    const QString text = textOf(node, m_textLeft, m_isCut);
    m_textLeft = qMax<qsizetype>(0, m_textLeft - text.size());
    m_texts.insert(node, text);
}

QString ShownParts::textOf(int node, qsizetype limit, bool &isCut) const
{
    const QByteArray octets = m_tree.content(node, limit);
    const Extent extent = octets.size() < limit ? Extent::Whole : Extent::Cut;
    isCut = isCut || extent == Extent::Cut;
    return partText(m_tree.nodes().at(node).object, octets, extent);
}

void ShownParts::placePictures()
{
    QSet<QString> named;
    for (const int part : m_shown.html) {
        if (kindOf(m_tree.nodes().at(part).object) == TextKind::Html)
            named.unite(contentIdsIn(m_texts.value(part)));
    }
    qint64 octets = 0;
    for (int i = 0; i < m_uses.size() && m_inPlace.size() < mostPicturesShown; ++i) {
        GMimeObject *object = m_tree.nodes().at(i).object;
        if (m_uses.at(i) != PartUse::Attachment || !isPicture(object))
            continue;
        const QString id = contentId(object);
        if (id.isEmpty() || !named.contains(id) || m_inPlace.contains(id))
            continue;
        octets += m_tree.size(i);
        if (octets > mostPictures)
            break;
        m_uses[i] = PartUse::InPlace;
        m_inPlace.insert(id);
    }
}

bool ShownParts::isAttachment(int node) const
{
    GMimeObject *object = m_tree.nodes().at(node).object;
    switch (m_uses.at(node)) {
    case PartUse::Attachment:
        return true;
    case PartUse::Shown:
        return !fileNameOf(object).isEmpty();
    case PartUse::InPlace:
        return isSaidToBeAttached(object);
    case PartUse::Container:
    case PartUse::OtherForm:
        break;
    }
    return false;
}

QString ShownParts::text() const
{
    QString all;
    for (const int part : m_shown.plain) {
        if (!all.isEmpty())
            all += all.endsWith(u'\n') ? QLatin1String("\n") : QLatin1String("\n\n");
        const bool isHtml = kindOf(m_tree.nodes().at(part).object) == TextKind::Html;
        all += isHtml ? htmlToText(m_texts.value(part)) : m_texts.value(part);
    }
    // A plain form that says nothing stands for one that does.
    if (!all.trimmed().isEmpty() || m_shown.plain == m_shown.html)
        return all;
    all.clear();
    for (const int part : m_shown.html)
        all += htmlToText(m_texts.value(part));
    return all;
}

HtmlPage ShownParts::page(ColorScheme scheme) const
{
    HtmlPage page;
    if (!hasHtml(m_shown.html))
        return page;
    for (const int part : m_shown.html) {
        if (!page.html.isEmpty())
            page.html += QLatin1String("<hr>");
        if (kindOf(m_tree.nodes().at(part).object) == TextKind::Html)
            cleanInto(page, m_texts.value(part), m_inPlace, scheme);
        else
            page.html += asHtml(m_texts.value(part));
    }
    page.pictures = pictures();
    return page;
}

QList<InlinePicture> ShownParts::pictures() const
{
    QList<InlinePicture> all;
    for (int i = 0; i < m_uses.size(); ++i)
        if (m_uses.at(i) == PartUse::InPlace)
            all.append({contentId(m_tree.nodes().at(i).object), m_tree.content(i, mostPictures)});
    return all;
}

QString ShownParts::fileNames(qsizetype limit) const
{
    QString all;
    for (const PartTree::Node &node : m_tree.nodes()) {
        const QString name = fileNameOf(node.object);
        if (!name.isEmpty() && all.size() + name.size() < limit)
            all += name + u' ';
    }
    return all;
}

QString ShownParts::words(qsizetype limit) const
{
    QString all;
    for (int i = 0; i < m_uses.size() && all.size() < limit; ++i) {
        GMimeObject *object = m_tree.nodes().at(i).object;
        const TextKind kind = kindOf(object);
        if (!isReadable(kind) || isSaidToBeAttached(object))
            continue;
        bool isCut = false;
        const QString text = m_texts.contains(i) ? m_texts.value(i) : textOf(i, m_limit, isCut);
        all += kind == TextKind::Html ? htmlToText(text) : text;
        all += u' ';
    }
    return all;
}

} // namespace glasspost::mail
