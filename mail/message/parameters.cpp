#include "mail/message/parameters.h"

#include "mail/message/charsets.h"
#include "mail/message/mime.h"

#include <QList>
#include <QMap>

#include <optional>

namespace glasspost::mail {

namespace {

struct Parameter
{
    QByteArray name; ///< in small letters, with its "*" and number
    QByteArray value; ///< without quotes
};

bool isFoldingBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Reads the parameters behind the first semicolon.
class ParameterReader
{
public:
    explicit ParameterReader(const QByteArray &field) : m_field(field) { }

    QList<Parameter> read()
    {
        QList<Parameter> parameters;
        skipTo(';');
        while (m_at < m_field.size()) {
            ++m_at;
            Parameter parameter;
            while (m_at < m_field.size() && m_field[m_at] != '=' && m_field[m_at] != ';')
                parameter.name += m_field[m_at++];
            parameter.name = parameter.name.trimmed().toLower();
            if (m_at < m_field.size() && m_field[m_at] == '=') {
                ++m_at;
                parameter.value = value();
            }
            parameters.append(parameter);
            skipTo(';');
        }
        return parameters;
    }

private:
    void skipTo(char end)
    {
        while (m_at < m_field.size() && m_field[m_at] != end)
            ++m_at;
    }

    QByteArray value()
    {
        while (m_at < m_field.size() && isFoldingBlank(m_field[m_at]))
            ++m_at;
        QByteArray result;
        if (m_at >= m_field.size() || m_field[m_at] != '"') {
            // Blanks belong to a name without quotes: it is wrong, and it is meant.
            while (m_at < m_field.size() && m_field[m_at] != ';')
                result += m_field[m_at++];
            return result.trimmed();
        }
        for (++m_at; m_at < m_field.size() && m_field[m_at] != '"'; ++m_at) {
            const bool isEscape = m_field[m_at] == '\\' && m_at + 1 < m_field.size()
                && (m_field[m_at + 1] == '"' || m_field[m_at + 1] == '\\');
            if (isEscape)
                ++m_at;
            result += m_field[m_at];
        }
        return result;
    }

    const QByteArray &m_field;
    qsizetype m_at = 0;
};

/// Octets as "%41" (RFC 2231 4); a "%" that begins none stands for itself.
QByteArray fromPercent(const QByteArray &text)
{
    const auto isDigit = [&text](qsizetype at) { return at < text.size() && g_ascii_isxdigit(text[at]); };
    QByteArray octets;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isOctet = text[i] == '%' && isDigit(i + 1) && isDigit(i + 2);
        octets += isOctet ? char(g_ascii_xdigit_value(text[i + 1]) * 16 + g_ascii_xdigit_value(text[i + 2]))
                          : text[i];
        i += isOctet ? 2 : 0;
    }
    return octets;
}

/// RFC 2231 4: charset'language'text.
struct Extended
{
    QByteArray charset, octets;
};

Extended extended(const QByteArray &value)
{
    const qsizetype first = value.indexOf('\'');
    const qsizetype second = first < 0 ? -1 : value.indexOf('\'', first + 1);
    if (second < 0)
        return {{}, fromPercent(value)};
    return {value.left(first), fromPercent(value.mid(second + 1))};
}

/// RFC 2231 3: the pieces name*0, name*1* ... in the order of their numbers, as far as there is none missing.
QString joined(const QMap<int, Parameter> &pieces)
{
    QByteArray charset, octets;
    int next = 0;
    for (auto piece = pieces.cbegin(); piece != pieces.cend() && piece.key() == next; ++piece, ++next) {
        const bool isExtended = piece->name.endsWith('*');
        const Extended part = !isExtended ? Extended{{}, piece->value}
            : next == 0                   ? extended(piece->value)
                                          : Extended{{}, fromPercent(piece->value)};
        if (next == 0)
            charset = part.charset;
        octets += part.octets;
    }
    return next == 0 ? QString() : decodedCharset(octets, charset);
}

} // namespace

QString decodedParameter(const QByteArray &field, const QByteArray &name)
{
    std::optional<QByteArray> plain, whole;
    QMap<int, Parameter> pieces;
    for (const Parameter &parameter : ParameterReader(field).read()) {
        if (parameter.name == name && !plain) {
            plain = parameter.value;
        } else if (parameter.name == name + '*' && !whole) {
            whole = parameter.value;
        } else if (parameter.name.startsWith(name + '*')) {
            QByteArray number = parameter.name.mid(name.size() + 1);
            if (number.endsWith('*'))
                number.chop(1);
            bool isNumber = false;
            const int place = number.toInt(&isNumber);
            if (isNumber && place >= 0 && !pieces.contains(place))
                pieces.insert(place, parameter);
        }
    }
    if (whole) {
        const Extended value = extended(*whole);
        return decodedCharset(value.octets, value.charset);
    }
    if (const QString text = joined(pieces); !text.isNull())
        return text;
    return plain ? decodedText(*plain) : QString();
}

} // namespace glasspost::mail
