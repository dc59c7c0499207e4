#include "app/messages/messagelinks.h"

#include "mail/message/htmltokens.h"

#include <QRegularExpression>
#include <QSet>

namespace glasspost::app {

namespace {

constexpr qsizetype mostLinks = 1000;
constexpr qsizetype longestLinkUrl = 64 * 1024; // characters
constexpr qsizetype longestWords = 1000;

/// Takes each address once.
class LinkList
{
public:
    void add(const QString &url, const QString &words)
    {
        if (url.isEmpty() || url.size() > longestLinkUrl || isFull() || m_known.contains(url))
            return;
        m_known.insert(url);
        m_links.append({url, words.simplified().left(longestWords)});
    }
    [[nodiscard]] bool isFull() const { return m_links.size() >= mostLinks; }
    [[nodiscard]] QList<MessageLink> take() { return std::move(m_links); }

private:
    QList<MessageLink> m_links;
    QSet<QString> m_known;
};

/// As a browser reads it (blanks at the ends and line ends within do not count); empty where it leads nowhere
/// outside of the page.
QString target(QString href)
{
    href = href.trimmed();
    href.removeIf([](QChar c) { return c == u'\n' || c == u'\r' || c == u'\t'; });
    static const QRegularExpression scheme(QStringLiteral("^[A-Za-z][A-Za-z0-9+.-]*:")); // RFC 3986 3.1
    const QString name = scheme.match(href).captured().toLower();
    const bool isOfThePage = name == u"data:" || name == u"cid:" || name == u"javascript:";
    return name.isEmpty() || isOfThePage ? QString() : href;
}

void addOfHtml(LinkList &links, const QString &html)
{
    mail::HtmlTokens tokens(html);
    QString open, words;
    const auto close = [&] { links.add(std::exchange(open, {}), std::exchange(words, {})); };
    for (mail::HtmlToken token = tokens.next(); token.kind != mail::HtmlToken::Kind::End && !links.isFull();
         token = tokens.next()) {
        const bool isLink = token.name == u"a" || token.name == u"area";
        if (isLink)
            close();
        if (isLink && token.kind == mail::HtmlToken::Kind::Open)
            open = target(token.attribute(u"href"));
        else if (token.kind == mail::HtmlToken::Kind::Open && token.name == u"img")
            words += u' ' + token.attribute(u"alt");
        else if (token.kind == mail::HtmlToken::Kind::Text && !open.isEmpty() && words.size() < longestWords)
            words += mail::decodedEntities(token.text);
    }
    close();
}

/// Without what belongs to the sentence around it: its full stop, a bracket that was opened before it.
QString withoutSentence(QString url)
{
    static const QString stops = QStringLiteral(".,;:!?'\"*_");
    for (bool goesOn = true; goesOn && !url.isEmpty();) {
        const QChar last = url.back();
        const bool isClosing = (last == u')' && url.count(u')') > url.count(u'('))
            || (last == u']' && url.count(u']') > url.count(u'['));
        goesOn = isClosing || stops.contains(last);
        if (goesOn)
            url.chop(1);
    }
    return url;
}

void addOfText(LinkList &links, const QString &text)
{
    static const QRegularExpression address(
        QStringLiteral("\\bhttps?://[^\\s<>\"]{1,4096}"), QRegularExpression::CaseInsensitiveOption);
    for (auto found = address.globalMatch(text); found.hasNext() && !links.isFull();)
        links.add(withoutSentence(found.next().captured()), {});
}

} // namespace

QList<MessageLink> messageLinks(const QString &html, const QString &text)
{
    LinkList links;
    addOfHtml(links, html);
    addOfText(links, text);
    return links.take();
}

} // namespace glasspost::app
