#include "mail/message/outline.h"

#include "mail/message/headerfields.h"
#include "mail/message/mime.h"

#include <QHash>
#include <QSet>
#include <QThread>

#include <algorithm>
#include <iterator>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr int mostBoundaries = 20000;
constexpr qsizetype longestSkeleton = 16 * 1024 * 1024;
constexpr qsizetype longestKeptField = 4 * 1024; // octets of a field that says what a part is
constexpr qsizetype longestLine = 8 * 1024; // octets of a line that are looked at
constexpr const char *keptFields[]
    = {"content-type", "content-transfer-encoding", "content-disposition", "content-id"};

/// A line of the message: its front without the line end, and where it lies.
struct Line
{
    QByteArrayView text;
    qint64 begin = 0;
    qint64 end = 0; ///< behind the line end
    int lineEnd = 0; ///< octets of the line end

    [[nodiscard]] bool isContinuation() const
    {
        return !text.isEmpty() && (text.front() == ' ' || text.front() == '\t');
    }
};

/// Octets in pieces made into lines.
class LineCutter
{
public:
    /// Takes the next line off the front of the octets; false when it goes on in what follows them.
    bool next(QByteArrayView &octets, Line &line)
    {
        const qsizetype lf = octets.indexOf('\n');
        const QByteArrayView piece = octets.first(lf < 0 ? octets.size() : lf + 1);
        octets = octets.sliced(piece.size());
        m_end += piece.size();
        if (lf >= 0 && m_end - m_begin == piece.size()) { // as nearly every line
            line = made(piece);
            return true;
        }
        if (const QByteArrayView text = lf < 0 ? piece : piece.first(lf); !text.isEmpty())
            m_isCrLf = text.endsWith('\r');
        if (m_front.size() < longestLine)
            m_front += piece.first(qMin(piece.size(), longestLine)).toByteArray();
        if (lf < 0)
            return false;
        m_line = std::exchange(m_front, {});
        line = made(m_line);
        line.lineEnd = m_isCrLf ? 2 : 1;
        return true;
    }
    /// What stands behind the last line end, if anything does.
    bool rest(Line &line)
    {
        if (m_begin == m_end)
            return false;
        m_line = std::exchange(m_front, {});
        line = made(m_line);
        return true;
    }
    [[nodiscard]] qint64 at() const { return m_begin; } ///< behind the last line

private:
    Line made(QByteArrayView octets)
    {
        Line line{octets, std::exchange(m_begin, m_end), m_end, 0};
        if (line.text.endsWith('\n'))
            line.lineEnd = line.text.endsWith("\r\n") ? 2 : 1;
        line.text.chop(line.lineEnd);
        return line;
    }

    QByteArray m_front; ///< of a line that came in several pieces
    QByteArray m_line; ///< the one that was made last
    qint64 m_begin = 0;
    qint64 m_end = 0;
    bool m_isCrLf = false;
};

/// RFC 2045 5.1: type "/" subtype, then the end or parameters.
bool isContentType(QByteArrayView text)
{
    const auto tokenLength = [](QByteArrayView token) {
        qsizetype length = 0;
        while (length < token.size() && token[length] > ' ' && token[length] < 127
            && !QByteArrayView("()<>@,;:\\\"/[]?=").contains(token[length]))
            ++length;
        return length;
    };
    const qsizetype type = tokenLength(text);
    return type > 0 && type < text.size() && text[type] == '/' && tokenLength(text.sliced(type + 1)) > 0;
}

QByteArray withoutBlanksBehind(QByteArray text)
{
    while (text.endsWith(' ') || text.endsWith('\t'))
        text.chop(1);
    return text;
}

/// What a header says of what follows it.
struct PartKind
{
    QByteArray boundary; ///< of a multipart; else empty
    bool isDigest = false;
    bool isMessage = false;
};

PartKind partKind(const QByteArray &contentType, const QByteArray &encoding)
{
    PartKind kind;
    const GRef<GMimeContentType> type(g_mime_content_type_parse(readingOptions(), contentType.constData()));
    if (g_mime_content_type_is_type(type.get(), "multipart", "*")) {
        kind.boundary = g_mime_content_type_get_parameter(type.get(), "boundary");
        kind.isDigest = g_mime_content_type_is_type(type.get(), "multipart", "digest");
    } else if (g_mime_content_type_is_type(type.get(), "message", "*")) {
        const GRef<GMimeObject> object(g_mime_object_new(readingOptions(), type.get()));
        const GMimeContentEncoding coding = g_mime_content_encoding_from_string(encoding.constData());
        // RFC 2046 5.2.1 knows no encoded message; GMime takes it for a part.
        kind.isMessage = GMIME_IS_MESSAGE_PART(object.get()) && coding != GMIME_CONTENT_ENCODING_BASE64
            && coding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE && coding != GMIME_CONTENT_ENCODING_UUENCODE;
    }
    return kind;
}

class OutlineMaker
{
public:
    void take(const Line &line)
    {
        if (!crossesBoundary(line) && m_isHeader)
            takeHeaderLine(line);
        m_lineEnd = line.lineEnd;
    }
    [[nodiscard]] bool isFull() const { return m_outline.isCut; }
    Outline finish(qint64 end)
    {
        while (m_isHeader)
            endHeader(end);
        close(0, end);
        return m_outline;
    }

private:
    /// A part that is open, the ones that it lies in before it.
    struct Level
    {
        int number = 0;
        QByteArray boundary; ///< empty: none is awaited
        QByteArray marker; ///< the same without blanks at its end, as lines are compared
        bool isDigest = false;
        qsizetype typeAt = -1; ///< of a multipart's Content-Type in the skeleton, until its boundary comes
    };

    bool crossesBoundary(const Line &line)
    {
        if (m_boundaries.isEmpty() || !line.text.startsWith("--"))
            return false;
        const QByteArray word = withoutBlanksBehind(line.text.sliced(2).toByteArray());
        if (!m_boundaries.contains(word) && !m_boundaries.contains(word.chopped(word.endsWith("--") ? 2 : 0)))
            return false;
        for (qsizetype i = m_levels.size() - 1; i >= 0; --i) {
            const QByteArray &marker = m_levels.at(i).marker;
            const bool isNext = word == marker;
            const bool isEnd
                = word.size() == marker.size() + 2 && word.startsWith(marker) && word.endsWith("--");
            if (m_levels.at(i).boundary.isEmpty() || (!isNext && !isEnd))
                continue;
            while (m_isHeader)
                endHeader(line.begin);
            close(i + 1, line.begin - m_lineEnd);
            m_levels[i].typeAt = -1;
            m_outline.skeleton += "--" + m_levels.at(i).boundary + (isNext ? "\n" : "--\n");
            if (!isNext)
                m_levels[i].boundary.clear();
            m_isHeader = isNext;
            m_headerBegin = line.end;
            --m_boundariesLeft;
            m_outline.isCut = m_boundariesLeft == 0 || m_outline.skeleton.size() > longestSkeleton;
            return true;
        }
        return false;
    }

    void takeHeaderLine(const Line &line)
    {
        const bool isTop = m_outline.parts.isEmpty();
        if (line.text.isEmpty()) {
            endHeader(line.end);
        } else if (line.isContinuation() && (isTop || m_sawField)) {
            if (!m_field.isEmpty() && m_field.size() < longestKeptField)
                m_field += line.text.first(qMin(line.text.size(), longestKeptField)).toByteArray() + '\n';
        } else if (fieldNameLength(line.text) > 0) {
            endField();
            m_field = line.text.first(qMin(line.text.size(), longestKeptField)).toByteArray() + '\n';
            m_sawField = true;
        } else if (!isTop && !line.text.startsWith("From ")) {
            endHeader(line.begin); // text, without the empty line before it
        }
    }

    void endField()
    {
        const QByteArray field = std::exchange(m_field, {}).left(longestKeptField);
        const qsizetype colon = field.indexOf(':');
        const QByteArray name = field.first(qMax<qsizetype>(colon, 0)).trimmed().toLower();
        const bool isKept
            = std::find(std::begin(keptFields), std::end(keptFields), name) != std::end(keptFields);
        if (!isKept || m_fields.contains(name))
            return;
        const QByteArray value = RawField{name, QByteArrayView(field).sliced(colon + 1)}.unfolded();
        if (name == "content-type" && !isContentType(value))
            return;
        m_fields.insert(name, value);
    }

    void endHeader(qint64 bodyBegin)
    {
        endField();
        Level level;
        level.number = int(m_outline.parts.size());
        m_outline.parts.append(PartPlace{{m_headerBegin, bodyBegin}, {bodyBegin, bodyBegin}});
        m_headerBegin = bodyBegin; // of a message within
        m_isHeader = false;
        const QByteArray type = m_fields.value("content-type");
        const bool isInDigest = !m_levels.isEmpty() && m_levels.last().isDigest;
        if (m_levels.size() < deepestPart && (!type.isEmpty() || isInDigest)) {
            // RFC 2046 5.1.5: what says nothing is a message there.
            const PartKind kind = type.isEmpty()
                ? PartKind{{}, false, true}
                : partKind(type, m_fields.value("content-transfer-encoding"));
            level.boundary = kind.boundary;
            level.marker = withoutBlanksBehind(kind.boundary);
            level.isDigest = kind.isDigest;
            m_isHeader = kind.isMessage;
            if (!level.marker.isEmpty()) {
                m_boundaries.insert(level.marker);
                level.typeAt = m_outline.skeleton.size();
            } else if (type.toLower().startsWith("multipart/")) {
                m_fields["content-type"] = "text/plain"; // no boundary, no parts
            }
        }
        writeFields(level.number);
        m_levels.append(level);
        m_fields.clear();
        m_sawField = false;
    }

    /// The Content-Type first: typeAt relies on it.
    void writeFields(int number)
    {
        for (const char *name : keptFields)
            if (const auto field = m_fields.constFind(name); field != m_fields.cend())
                m_outline.skeleton += name + (": " + *field) + '\n';
        m_outline.skeleton += QByteArray(partNumberField) + ": " + QByteArray::number(number) + "\n\n";
    }

    void close(qsizetype from, qint64 end)
    {
        for (const Level &level : m_levels.sliced(from)) {
            if (level.typeAt >= 0) // no boundary came: what is there is text, and is not lost
                m_outline.skeleton.replace(
                    level.typeAt + qsizetype(qstrlen("content-type: ")), 11, "text/plain;");
            Span &body = m_outline.parts[level.number].body;
            body.end = qMax(body.begin, end);
        }
        m_levels.resize(from);
    }

    Outline m_outline{"MIME-Version: 1.0\n", {}, false};
    QList<Level> m_levels;
    QSet<QByteArray> m_boundaries; ///< all there ever were
    int m_boundariesLeft = mostBoundaries;
    bool m_isHeader = true;
    qint64 m_headerBegin = 0; ///< of the header that is being read
    bool m_sawField = false; ///< in the header that is being read
    QByteArray m_field; ///< that is being read
    QHash<QByteArray, QByteArray> m_fields; ///< of the header that is being read, unfolded
    int m_lineEnd = 0; ///< octets of the last line end
};

} // namespace

Result<void> unlessInterrupted(Interruption interruption)
{
    if (interruption == Interruption::Obeyed && QThread::currentThread()->isInterruptionRequested())
        return tl::unexpected(Error{ErrorCode::InputOutput, {}, QStringLiteral("interrupted")});
    return {};
}

Result<Outline> readOutline(const OctetsReader &message, Interruption interruption)
{
    ensureMime();
    LineCutter cutter;
    OutlineMaker maker;
    Line line;
    const OctetPieces pieces = message.pieces(0, message.size());
    for (;;) {
        const Result<QByteArray> piece
            = unlessInterrupted(interruption).and_then([&pieces] { return pieces(); });
        if (!piece)
            return tl::unexpected(piece.error());
        QByteArrayView octets(*piece);
        while (!maker.isFull() && cutter.next(octets, line))
            maker.take(line);
        if (piece->isEmpty() || maker.isFull())
            break;
    }
    if (!maker.isFull() && cutter.rest(line))
        maker.take(line);
    return maker.finish(cutter.at());
}

} // namespace glasspost::mail
