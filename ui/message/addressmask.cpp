#include "ui/message/addressmask.h"

#include <QRegularExpression>

namespace glasspost::ui {

namespace {

constexpr qsizetype leastLocalPart = 3; // shorter ones would be found within other words

// An equals sign may be of the address (VERP, BATV) or stand before it (AUTH, a log's "to="); a quotation
// mark is of it only within.
const QRegularExpression &addressPattern()
{
    static const QRegularExpression pattern(QStringLiteral(
        "(?<local>\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s<>()\\[\\],;:\"'@\\\\=][^\\s<>()\\[\\],;:\"@\\\\]*)@"
        "(?<domain>[^\\s<>()\\],;:\"'@\\\\]+\\]?)"));
    return pattern;
}

const QRegularExpression &wordPattern()
{
    static const QRegularExpression pattern(
        QStringLiteral("[\\w+-]+(?:\\.[\\w+-]+)*"), QRegularExpression::UseUnicodePropertiesOption);
    return pattern;
}

/// Each part that fits is what replace() makes of it.
template <typename Replace>
QString replaced(const QString &text, const QRegularExpression &pattern, const Replace &replace)
{
    QString result;
    qsizetype at = 0;
    QRegularExpressionMatchIterator found = pattern.globalMatch(text);
    while (found.hasNext()) {
        const QRegularExpressionMatch match = found.next();
        result += QStringView(text).sliced(at, match.capturedStart() - at);
        result += replace(match);
        at = match.capturedEnd();
    }
    result += QStringView(text).sliced(at);
    return result;
}

} // namespace

AddressMask::AddressMask(Addresses addresses, const QList<QString> &known) : m_addresses(addresses)
{
    for (const QString &address : known) {
        const qsizetype at = address.lastIndexOf(u'@');
        const QString local = address.left(at < 0 ? address.size() : at);
        if (local.size() >= leastLocalPart && !m_words.contains(local.toLower()))
            m_words.insert(local.toLower(), wordFor(address));
    }
}

QString AddressMask::wordFor(const QString &address)
{
    int &number = m_numbers[address.toLower()];
    if (number == 0)
        number = int(m_numbers.size());
    return QStringLiteral("address-%1").arg(number);
}

QString AddressMask::operator()(const QString &text)
{
    if (m_addresses == Addresses::Shown)
        return text;
    const QString withoutAddresses
        = replaced(text, addressPattern(), [this](const QRegularExpressionMatch &match) -> QString {
              const QString whole = match.captured();
              const qsizetype value = match.captured(QStringLiteral("local")).lastIndexOf(u'=') + 1;
              const qsizetype from = m_numbers.contains(whole.mid(value).toLower()) ? value : 0;
              return whole.left(from) + wordFor(whole.mid(from)) + u'@'
                  + match.captured(QStringLiteral("domain"));
          });
    return replaced(withoutAddresses, wordPattern(), [this](const QRegularExpressionMatch &match) -> QString {
        return m_words.value(match.captured().toLower(), match.captured());
    });
}

} // namespace glasspost::ui
