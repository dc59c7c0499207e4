#include "mail/message/structurefilter.h"

#include "mail/message/headerfields.h"
#include "mail/message/mime.h"

#include <QSet>

#include <algorithm>
#include <cstring>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestField = 4 * 1024; // octets of a field that says what a part is

/// The fields of the message's own header that say what the body is.
QByteArray structureHeader(QByteArrayView source, qsizetype &bodyOffset)
{
    QByteArray header = "MIME-Version: 1.0\n";
    int kept = 0;
    bodyOffset = visitHeader(source, [&header, &kept](const RawField &field) {
        const bool isWanted = field.name.size() > 8 && qstrnicmp(field.name.data(), 8, "content-", 8) == 0;
        if (isWanted && ++kept <= 100)
            header += field.name.toByteArray() + ':' + field.value.toByteArray() + '\n';
        return true;
    });
    return header += '\n';
}

bool isContinued(QByteArrayView line)
{
    return line.front() == ' ' || line.front() == '\t';
}

/// RFC 5322 2.2: a name without blanks, then a colon.
bool isField(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    return colon > 0 && !line.first(colon).contains(' ') && !line.first(colon).contains('\t');
}

/// RFC 2045 5.1: type "/" subtype, then the end or parameters.
bool isContentType(const QByteArray &value)
{
    const auto tokenLength = [](QByteArrayView text) {
        qsizetype length = 0;
        while (length < text.size() && text[length] > ' ' && text[length] < 127
            && !QByteArrayView("()<>@,;:\\\"/[]?=").contains(text[length]))
            ++length;
        return length;
    };
    const QByteArrayView text(value);
    const qsizetype type = tokenLength(text);
    return type > 0 && type < text.size() && text[type] == '/' && tokenLength(text.sliced(type + 1)) > 0;
}

QByteArray boundaryOf(const QByteArray &contentType)
{
    if (!contentType.toLower().contains("boundary"))
        return {};
    const GRef<GMimeContentType> type(g_mime_content_type_parse(readingOptions(), contentType.constData()));
    const char *boundary = g_mime_content_type_get_parameter(type.get(), "boundary");
    return boundary;
}

/// Whether a header may stand at a line: at the start, behind a boundary, and behind the empty line that
/// ended a header (of an attached message); until a line that is no field.
class HeaderPlace
{
public:
    /// Takes the next line; true when it belongs to a header.
    bool holds(QByteArrayView line)
    {
        if (line.startsWith("--")) {
            m_here = true;
            m_sawField = false;
            return false;
        }
        if (line.front() == '\n' || line.startsWith("\r\n")) {
            m_here = std::exchange(m_sawField, false) && m_here;
            return false;
        }
        if (!isContinued(line))
            m_here = m_here && isField(line);
        m_sawField = m_sawField || m_here;
        return m_here;
    }

private:
    bool m_here = true;
    bool m_sawField = false;
};

class StructureFilter
{
public:
    StructureFilter(QByteArray octets, int mostBoundaries)
        : m_octets(std::move(octets)), m_boundariesLeft(mostBoundaries)
    { }

    QByteArray run()
    {
        char *const data = m_octets.data();
        const QByteArrayView all(m_octets);
        for (qsizetype at = 0; at < all.size() && m_boundariesLeft > 0;) {
            qsizetype end = lineEnd(at);
            if (!m_place.holds(all.sliced(at, end - at))) {
                noteLine(all.sliced(at, end - at));
                keep(data, at, end - at);
                at = end;
                continue;
            }
            while (end < all.size() && isContinued(all.sliced(end)))
                end = lineEnd(end);
            const qsizetype length = lengthKept(all.sliced(at, end - at));
            keep(data, at, length);
            if (length > 0 && length < end - at)
                data[m_kept++] = '\n';
            at = end;
        }
        m_octets.truncate(m_kept);
        return m_octets;
    }

private:
    [[nodiscard]] qsizetype lineEnd(qsizetype from) const
    {
        const qsizetype lf = m_octets.indexOf('\n', from);
        return lf < 0 ? m_octets.size() : lf + 1;
    }

    void keep(char *data, qsizetype at, qsizetype length)
    {
        if (m_kept != at)
            std::memmove(data + m_kept, data + at, size_t(length));
        m_kept += length;
    }

    /// A line that belongs to no field.
    void noteLine(QByteArrayView line)
    {
        m_seen.clear();
        if (!line.startsWith("--") || m_boundaries.isEmpty())
            return;
        const QByteArray word = line.sliced(2).trimmed().toByteArray();
        if (m_boundaries.contains(word) || (word.endsWith("--") && m_boundaries.contains(word.chopped(2))))
            --m_boundariesLeft;
    }

    /// How much of a field GMime is given.
    qsizetype lengthKept(QByteArrayView field)
    {
        static constexpr QByteArrayView prefix = "content-";
        if (qstrnicmp(field.data(), qMin(field.size(), prefix.size()), prefix.data(), prefix.size()) != 0)
            return field.size();
        const QByteArrayView kept = field.first(qMin(field.size(), longestField));
        const qsizetype colon = kept.indexOf(':');
        const QByteArray name = kept.first(qMax<qsizetype>(colon, 0)).toByteArray().toLower();
        if (m_seen.contains(name))
            return 0;
        if (name == "content-type") {
            const QByteArray value = RawField{name, kept.sliced(colon + 1)}.unfolded();
            if (!isContentType(value))
                return 0;
            if (const QByteArray boundary = boundaryOf(value); !boundary.isEmpty())
                m_boundaries.insert(boundary);
        }
        m_seen.insert(name);
        return kept.size();
    }

    QByteArray m_octets;
    qsizetype m_kept = 0;
    int m_boundariesLeft;
    HeaderPlace m_place;
    QSet<QByteArray> m_seen; ///< fields of the header that is being read
    QSet<QByteArray> m_boundaries;
};

} // namespace

QByteArray structureOf(const QByteArray &source, int mostBoundaries)
{
    qsizetype bodyOffset = 0;
    QByteArray octets = structureHeader(source, bodyOffset);
    octets += QByteArrayView(source).sliced(bodyOffset);
    return StructureFilter(std::move(octets), mostBoundaries).run();
}

} // namespace glasspost::mail
