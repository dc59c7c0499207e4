#include "mail/message/fieldwriter.h"

#include "smtp/syntax/domain.h"

namespace glasspost::mail {

namespace {

constexpr qsizetype foldAt = 76;
constexpr qsizetype wordOctets = 42; // of UTF-8 in one encoded word: 56 of base64 and 12 of frame, below 75
constexpr qsizetype longestWord = 200; // a plain word that is longer is encoded, so that it can be folded

bool isPlainAscii(const QString &text)
{
    return std::all_of(
        text.begin(), text.end(), [](QChar c) { return c.unicode() >= 0x20 && c.unicode() < 0x7F; });
}

bool isPlainText(const QString &text)
{
    if (!isPlainAscii(text) || text.contains(QLatin1String("=?")))
        return false;
    const QList<QStringView> words = QStringView(text).split(u' ');
    return std::all_of(
        words.begin(), words.end(), [](QStringView word) { return word.size() <= longestWord; });
}

/// RFC 2047: words of base64, cut between characters.
QList<QByteArray> encodedWords(const QString &text)
{
    QList<QByteArray> words;
    QByteArray octets;
    const auto flush = [&words, &octets] {
        if (!octets.isEmpty())
            words += "=?UTF-8?B?" + octets.toBase64() + "?=";
        octets.clear();
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isPair
            = text.at(i).isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        const QByteArray character = text.mid(i, isPair ? 2 : 1).toUtf8();
        i += isPair ? 1 : 0;
        if (octets.size() + character.size() > wordOctets)
            flush();
        octets += character;
    }
    flush();
    return words;
}

/// Puts words on lines; a line begins with a blank, which stands for the one between the words.
class Folder
{
public:
    explicit Folder(const QByteArray &name) : m_field(name + ':'), m_line(m_field.size()) { }

    void add(const QByteArray &word)
    {
        if (m_line + 1 + word.size() > foldAt && m_hasWord) {
            m_field += "\n " + word;
            m_line = 1 + word.size();
        } else {
            m_field += ' ' + word;
            m_line += 1 + word.size();
        }
        m_hasWord = true;
    }
    [[nodiscard]] QByteArray field() const { return m_field + '\n'; }

private:
    QByteArray m_field;
    qsizetype m_line;
    bool m_hasWord = false;
};

/// RFC 5322 3.2.3.
bool isAtom(const QString &word)
{
    static const QString marks = QStringLiteral("!#$%&'*+-/=?^_`{|}~");
    return !word.isEmpty() && std::all_of(word.begin(), word.end(), [](QChar c) {
        return c.unicode() < 0x7F && (c.isLetterOrNumber() || marks.contains(c));
    });
}

QString quoted(const QString &text)
{
    QString result = QStringLiteral("\"");
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            result += u'\\';
        result += c;
    }
    return result + u'"';
}

QList<QByteArray> phrase(const QString &name)
{
    if (name.isEmpty())
        return {};
    if (!isPlainText(name) || name.size() > longestWord)
        return encodedWords(name);
    const QStringList words = name.split(u' ');
    const bool areAtoms = std::all_of(words.begin(), words.end(), isAtom);
    return {areAtoms ? name.toLatin1() : quoted(name).toLatin1()};
}

} // namespace

QString withoutControls(const QString &text)
{
    QString result = text;
    for (QChar &c : result)
        if (c.category() == QChar::Other_Control || c == QChar::LineSeparator
            || c == QChar::ParagraphSeparator)
            c = u' ';
    return result;
}

QByteArray textField(const QByteArray &name, const QString &text)
{
    const QString line = withoutControls(text).trimmed();
    Folder folder(name);
    if (isPlainText(line)) {
        // Blanks in a row stay with the word behind them: no line may hold blanks alone.
        QByteArray blanks;
        const QList<QByteArray> pieces = line.toLatin1().split(' ');
        for (const QByteArray &piece : pieces) {
            if (piece.isEmpty()) {
                blanks += ' ';
                continue;
            }
            folder.add(blanks + piece);
            blanks.clear();
        }
    } else {
        for (const QByteArray &word : encodedWords(line))
            folder.add(word);
    }
    return folder.field();
}

QByteArray addressField(const QByteArray &name, const QList<AddressView> &addresses)
{
    Folder folder(name);
    for (qsizetype i = 0; i < addresses.size(); ++i) {
        const QByteArray comma = i + 1 < addresses.size() ? "," : "";
        const QByteArray address = asciiDomainAddress(addresses.at(i).address);
        const QList<QByteArray> words = phrase(withoutControls(addresses.at(i).name).simplified());
        for (const QByteArray &word : words)
            folder.add(word);
        folder.add((words.isEmpty() ? address : '<' + address + '>') + comma);
    }
    return folder.field();
}

QByteArray messageIdField(const QByteArray &name, const QList<QByteArray> &ids)
{
    Folder folder(name);
    for (const QByteArray &id : ids)
        folder.add('<' + id + '>');
    return folder.field();
}

QByteArray asciiDomainAddress(const QString &address)
{
    const qsizetype at = address.lastIndexOf(u'@');
    const QString domain = address.mid(at + 1);
    if (at < 0 || isPlainAscii(domain))
        return address.toUtf8();
    const std::optional<QByteArray> ascii = smtp::toAscii(domain.toUtf8());
    return ascii ? address.left(at + 1).toUtf8() + *ascii : address.toUtf8();
}

QString typedAddress(const AddressView &address)
{
    if (address.name.isEmpty())
        return address.address;
    static const QString special = QStringLiteral("()<>[]:;@\\,.\"");
    const bool mustQuote
        = std::any_of(address.name.begin(), address.name.end(), [](QChar c) { return special.contains(c); });
    return (mustQuote ? quoted(address.name) : address.name) + QLatin1String(" <") + address.address + u'>';
}

} // namespace glasspost::mail
