#include "mail/message/headerfields.h"

namespace glasspost::mail {

namespace {

/// Offset behind the line end of the line at `from`.
qsizetype nextLine(QByteArrayView text, qsizetype from)
{
    const qsizetype lf = text.indexOf('\n', from);
    return lf < 0 ? text.size() : lf + 1;
}

QByteArrayView withoutLineEnd(QByteArrayView line)
{
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    return line;
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

} // namespace

qsizetype fieldNameLength(QByteArrayView line)
{
    qsizetype length = 0;
    while (length < line.size() && line[length] > 32 && line[length] < 127 && line[length] != ':')
        ++length;
    qsizetype colon = length;
    while (colon < line.size() && isBlank(line[colon]))
        ++colon;
    return length > 0 && colon < line.size() && line[colon] == ':' ? length : -1;
}

bool RawField::isNamed(QByteArrayView other) const
{
    return name.size() == other.size()
        && qstrnicmp(name.data(), name.size(), other.data(), other.size()) == 0;
}

QByteArray RawField::unfolded() const
{
    QByteArray result;
    result.reserve(value.size());
    for (const char c : value)
        if (c != '\r' && c != '\n')
            result += c;
    return result.trimmed();
}

qsizetype visitHeader(QByteArrayView message, const std::function<bool(const RawField &)> &visit)
{
    qsizetype at = 0;
    while (at < message.size()) {
        qsizetype end = nextLine(message, at);
        const QByteArrayView line = message.sliced(at, end - at);
        if (withoutLineEnd(line).isEmpty())
            return end;
        while (end < message.size() && isBlank(message[end])) {
            // A line of blanks alone still continues the field (RFC 5322 4.2).
            end = nextLine(message, end);
        }
        const qsizetype length = fieldNameLength(line);
        if (length > 0) {
            const qsizetype colon = line.indexOf(':', length);
            const RawField field
                = {line.first(length), withoutLineEnd(message.sliced(at + colon + 1, end - at - colon - 1))};
            if (!visit(field))
                return end;
        }
        at = end;
    }
    return at;
}

RawHeader readHeader(QByteArrayView message)
{
    RawHeader header;
    header.bodyOffset = visitHeader(message, [&header](const RawField &field) {
        if (header.fields.size() < mostFields)
            header.fields.append(field);
        return true;
    });
    return header;
}

const RawField *RawHeader::first(QByteArrayView name) const
{
    const auto found = std::find_if(
        fields.cbegin(), fields.cend(), [name](const RawField &field) { return field.isNamed(name); });
    return found == fields.cend() ? nullptr : &*found;
}

QByteArray RawHeader::value(QByteArrayView name) const
{
    const RawField *field = first(name);
    return field ? field->unfolded() : QByteArray();
}

} // namespace glasspost::mail
