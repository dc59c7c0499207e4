#include "mail/message/addresslist.h"

#include "mail/message/invisibles.h"

namespace glasspost::mail {

namespace {

/// RFC 5322 4.4: blanks around the dots and the "@" of an address are not part of it.
QString withoutObsoleteBlanks(const QString &address)
{
    const auto isSeparator = [](QChar c) { return c == u'.' || c == u'@'; };
    QString result;
    bool isQuoted = false, isBlankDue = false;
    for (const QChar c : address) {
        if (c == u'"' && !result.endsWith(u'\\'))
            isQuoted = !isQuoted;
        if ((c == u' ' || c == u'\t') && !isQuoted) {
            isBlankDue = true;
            continue;
        }
        if (isBlankDue && !result.isEmpty() && !isSeparator(c) && !isSeparator(result.back()))
            result += u' ';
        isBlankDue = false;
        result += c;
    }
    return result;
}

/// A small machine over the characters of the list. What stands outside of brackets is gathered in m_words;
/// what stands in angle brackets is the address.
class ListReader
{
public:
    ListReader(const QString &text, int limit) : m_text(text), m_limit(limit) { }

    QList<AddressEntry> read()
    {
        while (m_at < m_text.size() && m_entries.size() < m_limit)
            step();
        endEntry();
        return m_entries;
    }

private:
    void step()
    {
        const QChar c = m_text.at(m_at);
        if (c == u'"' && !m_isQuoteOpen)
            readQuoted();
        else if (c == u'(')
            readComment();
        else if (c == u'<')
            readAngle();
        else if (c == u'[')
            readLiteral();
        else if (c == u',' || c == u';' || c == u'\n')
            separate(c);
        else if (c == u':' && !m_hasAngle && !m_hasAt)
            openGroup();
        else
            readPlain(c);
    }

    void readPlain(QChar c)
    {
        if (c == u'>' || c == u')' || c == u']')
            m_isMalformed = true;
        if (m_hasAngle && !c.isSpace() && !isInvisible(c))
            m_isMalformed = true; // words behind the address
        m_hasAt = m_hasAt || c == u'@';
        m_words += c.isSpace() ? QChar(u' ') : c;
        ++m_at;
    }

    void readQuoted()
    {
        QString content;
        qsizetype at = m_at + 1;
        for (; at < m_text.size() && m_text.at(at) != u'"'; ++at) {
            if (m_text.at(at) == u'\\' && at + 1 < m_text.size())
                ++at;
            content += m_text.at(at);
        }
        m_isQuoteOpen = at >= m_text.size();
        m_isMalformed |= m_isQuoteOpen || m_hasAngle;
        if (m_isQuoteOpen) { // a quote that nothing closes holds nothing
            ++m_at;
            return;
        }
        ++at;
        // A quoted local-part stays as it was written; a quoted display name loses its quotes.
        const QString raw = m_text.mid(m_at, at - m_at);
        m_words += raw;
        m_hasAt = m_hasAt || raw.contains(u'@');
        m_wasQuoted = true;
        m_at = at;
        m_quotedSpans.append({m_words.size() - raw.size(), raw.size(), content});
    }

    /// The place of the ")" that ends the comment at from, or of the text's end.
    qsizetype commentEnd(qsizetype from)
    {
        int depth = 0;
        for (qsizetype at = from; at < m_text.size(); ++at) {
            const QChar c = m_text.at(at);
            if (c == u'\\')
                ++at;
            else if (c == u'(')
                ++depth;
            else if (c == u')' && --depth == 0)
                return at;
        }
        m_isMalformed = true;
        return m_text.size();
    }

    void readComment()
    {
        const qsizetype end = commentEnd(m_at);
        m_comment = m_text.mid(m_at + 1, end - m_at - 1);
        m_at = qMin(end + 1, m_text.size());
    }

    void readAngle()
    {
        if (m_hasAngle)
            endEntryBeforeWords();
        QString address;
        bool isQuoted = false;
        qsizetype at = m_at + 1;
        for (; at < m_text.size(); ++at) {
            const QChar c = m_text.at(at);
            if (c == u'\\' && isQuoted && at + 1 < m_text.size())
                address += m_text.at(at++);
            else if (c == u'"')
                isQuoted = !isQuoted;
            else if (c == u'(' && !isQuoted) {
                at = commentEnd(at);
                continue;
            } else if (c == u'>' && !isQuoted)
                break;
            else if (!isQuoted && (c == u',' || c == u';') && !address.startsWith(u'@'))
                break; // "<a@b, c@d": the bracket was never closed
            address += m_text.at(at);
        }
        const bool isClosed = at < m_text.size() && m_text.at(at) == u'>';
        m_isMalformed |= !isClosed;
        // RFC 5322 4.4: "<@relay:user@domain>" is an obsolete route.
        if (address.trimmed().startsWith(u'@') && address.contains(u':'))
            address = address.mid(address.indexOf(u':') + 1);
        m_address = withoutInvisibleEnds(address);
        m_hasAngle = true;
        m_wordsOfAngle = m_words.size();
        m_at = isClosed ? at + 1 : at;
    }

    void readLiteral()
    {
        const qsizetype end = m_text.indexOf(u']', m_at);
        const qsizetype stop = end < 0 ? m_text.size() : end + 1;
        m_isMalformed |= end < 0;
        m_words += QStringView(m_text).mid(m_at, stop - m_at);
        m_at = stop;
    }

    void openGroup()
    {
        m_inGroup = true;
        clearEntry();
        ++m_at;
        m_entryBegin = m_at;
    }

    void separate(QChar c)
    {
        endEntry();
        if (c == u';')
            m_inGroup = false;
        ++m_at;
        m_entryBegin = m_at;
    }

    /// "A <a@x> B <b@y>": two entries whose comma was forgotten; the words behind the first are the second's
    /// name.
    void endEntryBeforeWords()
    {
        const QString words = m_words.sliced(m_wordsOfAngle);
        m_words.truncate(m_wordsOfAngle);
        m_isMalformed = true;
        endEntry();
        m_entryBegin = m_at;
        m_words = words;
        m_hasAt = words.contains(u'@');
    }

    void endEntry()
    {
        AddressEntry entry;
        entry.excerpt = m_text.mid(m_entryBegin, m_at - m_entryBegin).trimmed();
        entry.inGroup = m_inGroup;
        entry.isMalformed = m_isMalformed;
        entry.nameWasQuoted = m_wasQuoted && m_hasAngle;
        entry.address = withoutObsoleteBlanks(m_hasAngle ? m_address : withoutInvisibleEnds(m_words));
        entry.name = m_hasAngle ? withoutInvisibleEnds(displayName()) : m_comment.simplified();
        if (entry.name.isEmpty())
            entry.name = m_comment.simplified();
        if (!entry.excerpt.isEmpty() && (m_hasAngle || !entry.address.isEmpty() || m_isMalformed))
            m_entries.append(entry);
        clearEntry();
    }

    QString displayName() const
    {
        QString name;
        qsizetype from = 0;
        for (const Quoted &span : m_quotedSpans) {
            name += QStringView(m_words).mid(from, span.at - from);
            name += span.content;
            from = span.at + span.length;
        }
        name += QStringView(m_words).mid(from);
        return name.simplified();
    }

    void clearEntry()
    {
        m_words.clear();
        m_address.clear();
        m_comment.clear();
        m_quotedSpans.clear();
        m_hasAngle = m_hasAt = m_isMalformed = m_wasQuoted = false;
    }

    struct Quoted
    {
        qsizetype at, length;
        QString content;
    };

    const QString &m_text;
    const int m_limit;
    qsizetype m_at = 0, m_entryBegin = 0, m_wordsOfAngle = 0;
    QString m_words, m_address, m_comment;
    QList<Quoted> m_quotedSpans;
    bool m_hasAngle = false, m_hasAt = false, m_isMalformed = false, m_wasQuoted = false, m_inGroup = false;
    bool m_isQuoteOpen = false; ///< no further quote is closed either
    QList<AddressEntry> m_entries;
};

} // namespace

QList<AddressEntry> splitAddressList(const QString &text, int limit)
{
    return ListReader(text, limit).read();
}

} // namespace glasspost::mail
