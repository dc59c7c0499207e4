#include "mail/index/searchhits.h"

#include "mail/index/indexedtext.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

struct IndexedWord
{
    QString text; ///< as the index compares it
    qsizetype begin = 0;
    qsizetype end = 0;
};

char32_t characterAt(const QString &text, qsizetype at)
{
    const bool isPair = text[at].isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate();
    return isPair ? QChar::surrogateToUcs4(text[at], text[at + 1]) : char32_t(text[at].unicode());
}

/// Without its case and accents.
QString folded(char32_t character)
{
    if (character < 0x80)
        return QChar(char16_t(character)).toLower();
    const QString plain = QString::fromUcs4(&character, 1).normalized(QString::NormalizationForm_KD);
    QString letters;
    std::copy_if(
        plain.cbegin(), plain.cend(), std::back_inserter(letters), [](QChar c) { return !c.isMark(); });
    return letters.toLower();
}

/// Of an emoji or a letter of a script without spaces.
bool isOneWord(char32_t character)
{
    return character >= 0x80 && indexedText(QString::fromUcs4(&character, 1)).endsWith(QChar(0x200B));
}

QList<IndexedWord> wordsOf(const QString &text)
{
    QList<IndexedWord> words;
    bool goesOn = false;
    for (qsizetype at = 0; at < text.size();) {
        const char32_t character = characterAt(text, at);
        const qsizetype end = at + QChar::fromUcs4(character).size();
        const bool isAlone = isOneWord(character);
        if (isAlone || QChar::isLetterOrNumber(character)) {
            if (!goesOn || isAlone)
                words.append({{}, at, at});
            words.last().text += folded(character);
            words.last().end = end;
            goesOn = !isAlone;
        } else if (goesOn && QChar::isMark(character)) {
            words.last().end = end;
        } else {
            goesOn = false;
        }
        at = end;
    }
    return words;
}

bool matches(const QList<IndexedWord> &text, qsizetype at, const QStringList &words, bool isPrefix)
{
    if (at + words.size() > text.size())
        return false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const bool mayGoOn = isPrefix && i == words.size() - 1;
        const QString &there = text.at(at + i).text;
        if (mayGoOn ? !there.startsWith(words.at(i)) : there != words.at(i))
            return false;
    }
    return true;
}

} // namespace

SearchHits::SearchHits(const QString &search)
{
    add(readSearch(search).root);
}

/// Of all terms that no Not stands above.
void SearchHits::add(const SearchNode &node)
{
    if (node.kind == SearchNode::Kind::Not)
        return;
    for (const SearchNode &child : node.children)
        add(child);
    if (node.kind != SearchNode::Kind::Term || !takesWords(node.term.field))
        return;
    Phrase phrase{node.term.field, {}, node.term.isPrefix};
    for (const IndexedWord &word : wordsOf(node.term.text))
        phrase.words += word.text;
    if (!phrase.words.isEmpty())
        m_phrases.append(phrase);
}

QList<TextSpan> SearchHits::in(const QString &text, const QList<SearchField> &fields) const
{
    QList<TextSpan> spans;
    if (m_phrases.isEmpty())
        return spans;
    const QList<IndexedWord> words = wordsOf(text);
    for (qsizetype at = 0; at < words.size();) {
        qsizetype longest = 0;
        for (const Phrase &phrase : m_phrases) {
            const bool isMeant = phrase.field == SearchField::Anywhere || fields.contains(phrase.field);
            if (isMeant && phrase.words.size() > longest && matches(words, at, phrase.words, phrase.isPrefix))
                longest = phrase.words.size();
        }
        if (longest > 0) {
            const qsizetype begin = words.at(at).begin;
            spans.append({begin, words.at(at + longest - 1).end - begin});
        }
        at += std::max<qsizetype>(1, longest);
    }
    return spans;
}

} // namespace glasspost::mail
