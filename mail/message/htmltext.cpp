#include "mail/message/htmlcleaner.h"
#include "mail/message/htmltokens.h"

#include <QSet>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestLink = 2048; // one that is longer is not written behind its words

const QSet<QString> &blockElements()
{
    static const QStringList names = QString::fromLatin1(
        "address article aside blockquote body caption center dd div dl dt fieldset figure footer form h1 h2 "
        "h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul")
                                         .split(u' ');
    static const QSet<QString> set(names.cbegin(), names.cend());
    return set;
}

class TextMaker
{
public:
    explicit TextMaker(LinkTargets targets) : m_targets(targets) { }

    QString run(const QString &html)
    {
        HtmlTokens tokens(html);
        for (HtmlToken token = tokens.next(); token.kind != HtmlToken::Kind::End; token = tokens.next())
            take(token);
        while (m_result.endsWith(u'\n') || m_result.endsWith(u' '))
            m_result.chop(1);
        return m_result.isEmpty() ? m_result : m_result + u'\n';
    }

private:
    void take(const HtmlToken &token)
    {
        const bool isOpen = token.kind == HtmlToken::Kind::Open;
        if (token.kind == HtmlToken::Kind::Text)
            addText(decodedEntities(token.text));
        else if (token.name == QLatin1String("br"))
            m_result += u'\n';
        else if (token.name == QLatin1String("pre"))
            startBlock(1), m_preformatted = qMax(0, m_preformatted + (isOpen ? 1 : -1));
        else if (token.name == QLatin1String("a"))
            isOpen ? openLink(token) : closeLink();
        else if (token.name == QLatin1String("img") && isOpen)
            addText(token.attribute(u"alt"));
        else if (token.name == QLatin1String("td") || token.name == QLatin1String("th"))
            addText(QStringLiteral(" "));
        else if (blockElements().contains(token.name))
            block(token.name, isOpen);
    }

    void block(const QString &name, bool isOpen)
    {
        const bool isParagraph = name == QLatin1String("p") || (name.size() == 2 && name.startsWith(u'h'));
        startBlock(isParagraph ? 2 : 1);
        if (name == QLatin1String("li") && isOpen)
            m_result += QLatin1String("- ");
    }

    /// At least so many line ends, none at the start.
    void startBlock(int lines)
    {
        while (m_result.endsWith(u' '))
            m_result.chop(1);
        if (m_result.isEmpty())
            return;
        int had = 0;
        while (had < lines && had < m_result.size() && m_result.at(m_result.size() - 1 - had) == u'\n')
            ++had;
        m_result += QString(lines - had, u'\n');
    }

    void addText(const QString &text)
    {
        if (m_preformatted > 0) {
            m_result += text;
            return;
        }
        for (const QChar c : text) {
            const bool isBlank = c == u' ' || c == u'\n' || c == u'\t' || c == u'\r' || c == u'\f';
            const bool isAtStart = m_result.isEmpty() || m_result.endsWith(u' ') || m_result.endsWith(u'\n');
            if (!isBlank)
                m_result += c == QChar::Nbsp ? QChar(u' ') : c;
            else if (!isAtStart)
                m_result += u' ';
        }
    }

    void openLink(const HtmlToken &token)
    {
        m_link = m_targets == LinkTargets::Written ? cleanLink(token.attribute(u"href")) : QString();
        if (m_link.size() > longestLink)
            m_link.clear();
        m_linkBegin = m_result.size();
    }

    /// The target stands behind the words, unless the words are the target.
    void closeLink()
    {
        if (m_link.isEmpty())
            return;
        const QString shown = m_result.mid(m_linkBegin).trimmed();
        const bool isWeb = m_link.startsWith(QLatin1String("http"), Qt::CaseInsensitive);
        if (isWeb && !shown.isEmpty() && !m_link.contains(shown))
            m_result += QLatin1String(" <") + m_link + u'>';
        m_link.clear();
    }

    const LinkTargets m_targets;
    QString m_result;
    QString m_link;
    qsizetype m_linkBegin = 0;
    int m_preformatted = 0;
};

} // namespace

QString htmlToText(const QString &html, LinkTargets targets)
{
    return TextMaker(targets).run(html);
}

} // namespace glasspost::mail
