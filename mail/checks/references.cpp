#include "mail/checks/references.h"

#include "mail/message/htmltokens.h"
#include "smtp/dns/exchangerpolicy.h"

#include <QRegularExpression>
#include <QSet>
#include <QUrl>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestTarget = 16 * 1024; // characters

/// As a browser reads it: blanks at the ends and line ends within do not count.
QString written(QString target)
{
    target.removeIf([](QChar c) { return c == u'\n' || c == u'\r' || c == u'\t'; });
    return target.trimmed();
}

bool isWeb(const QUrl &url)
{
    return url.scheme() == u"http" || url.scheme() == u"https";
}

/// Takes each target of a kind once.
class ReferenceList
{
public:
    explicit ReferenceList(const CheckedPart &part) : m_part(part) { }

    void add(Reference::Kind kind, const QString &target, const QString &words, qint64 line)
    {
        const auto key = std::pair(int(kind), target);
        if (target.size() > longestTarget || m_references.size() >= mostReferencesListed
            || m_known.contains(key))
            return;
        m_known.insert(key);
        m_references.append({kind, target, quoted(words), m_part.index, m_part.sourceLine(line), line});
    }
    [[nodiscard]] QList<Reference> take() { return std::move(m_references); }

private:
    const CheckedPart &m_part;
    QList<Reference> m_references;
    QSet<std::pair<int, QString>> m_known;
};

/// The words of each link, by its element.
QHash<int, QString> wordsOfLinks(const HtmlDocument &document)
{
    QHash<int, QString> words;
    for (const HtmlTextRun &text : document.texts()) {
        int at = text.parent;
        while (at >= 0 && document.elements().at(at).name != u"a")
            at = document.elements().at(at).parent;
        if (at >= 0 && words[at].size() < 1000)
            words[at] += text.text;
    }
    return words;
}

/// What the words of a link name as a server; empty where they are no address, but a file ("invoice.pdf") or
/// a product ("Node.js").
QString hostInWords(const QString &words)
{
    static const QRegularExpression address(
        QStringLiteral("^(https?://|www\\.)?((?:[a-z0-9-]+\\.)+[a-z]{2,})(?::\\d+)?(?:/\\S*)?$"),
        QRegularExpression::CaseInsensitiveOption);
    static const QStringList others = QStringLiteral(
        "pdf doc docx xls xlsx ppt pptx odt ods csv txt md zip gz tar png jpg jpeg gif svg mp3 "
        "mp4 mov ics vcf eml js ts py rs sh net exe apk html htm php asp aspx jsp xml json")
                                          .split(u' ');
    const QRegularExpressionMatch match = address.match(words.trimmed());
    const QString host = match.captured(2).toLower();
    const bool isOther = match.captured(1).isEmpty() && others.contains(host.section(u'.', -1));
    return isOther ? QString() : host;
}

/// "client.example" of "shop.client.example", also below what is like "co.uk".
QString organizationOf(const QString &host)
{
    static const QStringList shared = QStringLiteral("co com org net ac edu gov or ne go gob").split(u' ');
    const bool isShared = host.section(u'.', -1).size() == 2 && shared.contains(host.section(u'.', -2, -2));
    return host.section(u'.', isShared ? -3 : -2);
}

void checkLink(const Reference &link, Findings &findings)
{
    const auto add = [&](FindingKind kind, const QStringList &more = {}) {
        findings.add({kind, QStringList{quoted(link.target)} + more, link.part, link.line, link.partLine});
    };
    const QUrl url(link.target, QUrl::TolerantMode);
    static const QStringList unsafe = {QStringLiteral("javascript"), QStringLiteral("vbscript"),
        QStringLiteral("file"), QStringLiteral("data")};
    if (!url.isValid() || url.isRelative() || unsafe.contains(url.scheme())
        || (isWeb(url) && url.host().isEmpty()))
        return add(FindingKind::LinkInvalid);
    if (!isWeb(url))
        return;
    if (isPrivateHost(url.host()))
        add(FindingKind::LinkPrivate);
    else if (url.scheme() == u"http")
        add(FindingKind::LinkNotSecure);
    const QString named = hostInWords(link.words);
    if (!named.isEmpty() && organizationOf(named) != organizationOf(url.host().toLower()))
        add(FindingKind::LinkDisguised, {named});
}

void checkPicture(const CheckedMessage &message, const Reference &picture, Findings &findings)
{
    const auto add = [&](FindingKind kind, const QString &fact) {
        findings.add({kind, {quoted(fact)}, picture.part, picture.line, picture.partLine});
    };
    if (const QString id = contentIdOf(picture.target); !id.isEmpty()) {
        const bool isThere = std::any_of(message.parts.cbegin(), message.parts.cend(),
            [&id](const CheckedPart &part) { return QString::fromUtf8(part.contentId) == id; });
        if (!isThere && !message.isCut)
            add(FindingKind::PictureMissing, id);
        return;
    }
    const QUrl url(picture.target, QUrl::TolerantMode);
    if (url.scheme() == u"data")
        return;
    if (!url.isValid() || !isWeb(url) || url.host().isEmpty())
        add(FindingKind::PictureInvalid, picture.target);
    else if (isPrivateHost(url.host()))
        add(FindingKind::PicturePrivate, picture.target);
    else if (url.scheme() == u"http")
        add(FindingKind::PictureNotSecure, picture.target);
}

} // namespace

bool isPrivateHost(const QString &host)
{
    if (const QHostAddress address(host); !address.isNull())
        return !smtp::isPublicAddress(address);
    QString name = host.toLower();
    if (name.endsWith(u'.'))
        name.chop(1);
    // RFC 6761, 6762, 8375, and what private networks use.
    static const QStringList reserved = {QStringLiteral(".localhost"), QStringLiteral(".local"),
        QStringLiteral(".internal"), QStringLiteral(".intranet"), QStringLiteral(".lan"),
        QStringLiteral(".home.arpa"), QStringLiteral(".test"), QStringLiteral(".invalid")};
    return !name.contains(u'.') || std::any_of(reserved.begin(), reserved.end(), [&name](const QString &end) {
        return name.endsWith(end);
    });
}

QList<Reference> referencesOf(const CheckedHtml &html)
{
    ReferenceList list(html.part);
    const QHash<int, QString> words = wordsOfLinks(html.document);
    for (int i = 0; i < html.document.elements().size(); ++i) {
        const HtmlElement &element = html.document.elements().at(i);
        const qint64 line = html.document.lineAt(element.begin);
        const QString href = written(element.attribute(u"href"));
        if ((element.name == u"a" || element.name == u"area") && !href.isEmpty() && !href.startsWith(u'#'))
            list.add(Reference::Kind::Link, href, words.value(i), line);
        if (element.name == u"link" && element.attribute(u"rel").contains(u"stylesheet", Qt::CaseInsensitive))
            list.add(Reference::Kind::StyleSheet, href, {}, line);
        if (element.name == u"img")
            list.add(Reference::Kind::Picture, written(element.attribute(u"src")), element.attribute(u"alt"),
                line);
        else if (element.has(u"background"))
            list.add(Reference::Kind::Picture, written(element.attribute(u"background")), {}, line);
    }
    return list.take();
}

QList<Reference> referencesOfText(const CheckedPart &part)
{
    ReferenceList list(part);
    static const QRegularExpression address(
        QStringLiteral("\\bhttps?://[^\\s<>\"]{1,4096}[^\\s<>\".,;:!?')\\]]"),
        QRegularExpression::CaseInsensitiveOption);
    qint64 line = 1;
    for (const QStringView text : QStringView(part.text).split(u'\n')) {
        const bool mayHold = text.contains(u"://");
        for (auto found = address.globalMatch(mayHold ? text.toString() : QString()); found.hasNext();)
            list.add(Reference::Kind::Link, found.next().captured(), {}, line);
        ++line;
    }
    return list.take();
}

void checkReferences(const CheckedMessage &message, const QList<Reference> &references, Findings &findings)
{
    for (const Reference &reference : references) {
        if (reference.kind == Reference::Kind::Link)
            checkLink(reference, findings);
        else if (reference.kind == Reference::Kind::Picture)
            checkPicture(message, reference, findings);
    }
}

void checkEmptyLinks(const CheckedHtml &html, Findings &findings)
{
    for (const HtmlElement &element : html.document.elements()) {
        const QString href = written(element.attribute(u"href"));
        if (element.name == u"a" && element.has(u"href") && (href.isEmpty() || href == u"#"))
            html.add(findings, element.begin, FindingKind::LinkEmpty);
    }
}

} // namespace glasspost::mail
