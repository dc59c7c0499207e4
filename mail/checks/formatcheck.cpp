#include "mail/checks/formatcheck.h"

#include "mail/message/charsetlabels.h"
#include "mail/message/charsets.h"

#include <QRegularExpression>

#include <algorithm>
#include <iconv.h>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestLine = 998; // RFC 5322 2.1.1, without the line end
constexpr qsizetype longestEncodedLine = 76; // RFC 2045 6.7 and 6.8
constexpr qsizetype longestEncodedWord = 75; // RFC 2047 2
constexpr qint64 gmailClipsAt = 102 * 1024; // octets of HTML
constexpr qint64 gmailNearlyClipsAt = 90 * 1024;
constexpr qint64 manyServersTake = 10 * 1024 * 1024; // octets of a message

bool isNotAscii(char c)
{
    return (c & 0x80) != 0;
}

bool hasNotAscii(QByteArrayView octets)
{
    return std::any_of(octets.begin(), octets.end(), isNotAscii);
}

bool isHexDigit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

bool isKnownCharset(const QByteArray &charset)
{
    const QByteArray encoding = encodingOf(charset.trimmed().toLower());
    static const QByteArrayList decodedByHand = {"us-ascii", "iso-2022-jp", "hz-gb-2312"};
    if (decodedByHand.contains(encoding))
        return true;
    const bool isName = !encoding.isEmpty() && std::all_of(encoding.begin(), encoding.end(), [](char c) {
        return QChar::fromLatin1(c).isLetterOrNumber() || c == '-' || c == '_' || c == '.' || c == ':'
            || c == '+';
    });
    if (!isName)
        return false;
    const iconv_t converter = iconv_open("UTF-8", encoding.constData());
    if (converter == iconv_t(-1))
        return false;
    iconv_close(converter);
    return true;
}

/// Calls take(line, number) for each line without its line end; numbers begin with 1.
template <typename Take> void eachLine(QByteArrayView octets, const Take &take)
{
    qint64 number = 0;
    for (qsizetype at = 0; at < octets.size();) {
        const qsizetype lf = octets.indexOf('\n', at);
        const qsizetype end = lf < 0 ? octets.size() : lf;
        QByteArrayView line = octets.sliced(at, end - at);
        if (line.endsWith('\r'))
            line.chop(1);
        take(line, ++number);
        at = end + 1;
    }
}

void checkLines(const CheckedMessage &message, Findings &findings)
{
    qsizetype longest = 0;
    qint64 firstLong = 0, longLines = 0, firstReturn = 0, firstNul = 0;
    eachLine(message.source, [&](QByteArrayView line, qint64 number) {
        if (line.size() > longestLine) {
            ++longLines;
            firstLong = firstLong == 0 ? number : firstLong;
            longest = std::max(longest, line.size());
        }
        if (firstReturn == 0 && line.contains('\r'))
            firstReturn = number;
        if (firstNul == 0 && line.contains('\0'))
            firstNul = number;
    });
    if (longLines > 0)
        findings.add({FindingKind::LineTooLong, {QString::number(longest), QString::number(longLines)}, -1,
            firstLong, 0});
    if (firstReturn > 0)
        findings.add({FindingKind::BareCarriageReturn, {}, -1, firstReturn, 0});
    if (firstNul > 0)
        findings.add({FindingKind::NulOctet, {}, -1, firstNul, 0});
}

/// RFC 6531 4.3: the protocol of a message whose header may be in UTF-8.
bool isInternational(const RawHeader &header)
{
    const RawField *received = header.first("Received");
    return received && received->value.contains("with UTF8");
}

/// RFC 2047 2 and 5.
void checkEncodedWords(const RawField &field, qint64 line, Findings &findings)
{
    static const char *const texts[] = {"Subject", "From", "To", "Cc", "Reply-To", "Sender", "Comments"};
    if (std::none_of(
            std::begin(texts), std::end(texts), [&field](const char *name) { return field.isNamed(name); }))
        return;
    static const QRegularExpression word(QStringLiteral("=\\?([^?\\s]*)\\?([^?\\s]*)\\?([^?]*)\\?="));
    const QString value = QString::fromLatin1(field.unfolded().left(64 * 1024));
    for (auto found = word.globalMatch(value); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        const QByteArray charset = match.captured(1).section(u'*', 0, 0).toLatin1(); // RFC 2231 5: a language
        const QString encoding = match.captured(2).toUpper();
        const bool isValid = match.capturedLength() <= longestEncodedWord && !match.captured(3).contains(u' ')
            && (encoding == u"B" || encoding == u"Q") && isKnownCharset(charset);
        if (!isValid)
            return findings.add({FindingKind::EncodedWordInvalid, {quoted(match.captured())}, -1, line, 0});
    }
}

void checkFields(const CheckedMessage &message, Findings &findings)
{
    LineCounter lines(message.source);
    const bool mayBeUtf8 = isInternational(message.header);
    for (const RawField &field : message.header.fields) {
        const qint64 line = lines.lineAt(field.name.data() - message.source.constData());
        if (!mayBeUtf8 && hasNotAscii(field.value))
            findings.add({FindingKind::HeaderNotAscii, {QString::fromLatin1(field.name)}, -1, line, 0});
        checkEncodedWords(field, line, findings);
    }
    eachLine(QByteArrayView(message.source).first(message.header.bodyOffset),
        [&](QByteArrayView line, qint64 number) {
            const bool isContinuation = line.startsWith(' ') || line.startsWith('\t');
            if (!line.isEmpty() && !(isContinuation && number > 1) && fieldNameLength(line) < 0)
                findings.add({FindingKind::FieldInvalid, {quoted(line)}, -1, number, 0});
        });
    const bool isMime
        = message.header.first("Content-Type") || message.header.first("Content-Transfer-Encoding");
    if (isMime && !message.header.first("MIME-Version"))
        findings.add(FindingKind::MimeVersionMissing);
}

/// RFC 2045 6.7: "=" and two digits, or at the end of a line.
bool isQuotedPrintable(QByteArrayView line)
{
    while (line.endsWith(' ') || line.endsWith('\t'))
        line.chop(1);
    if (line.size() > longestEncodedLine || hasNotAscii(line))
        return false;
    for (qsizetype at = line.indexOf('='); at >= 0; at = line.indexOf('=', at + 1)) {
        const bool isSoftBreak = at == line.size() - 1;
        const bool isOctet = at + 2 < line.size() && isHexDigit(line[at + 1]) && isHexDigit(line[at + 2]);
        if (!isSoftBreak && !isOctet)
            return false;
    }
    return true;
}

bool isBase64(QByteArrayView line)
{
    while (line.endsWith(' ') || line.endsWith('\t'))
        line.chop(1);
    return line.size() <= longestEncodedLine && std::all_of(line.begin(), line.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+'
            || c == '/' || c == '=';
    });
}

/// The first line that is not in the part's encoding.
void checkEncodedLines(
    const CheckedPart &part, bool (*isValid)(QByteArrayView), FindingKind kind, Findings &findings)
{
    bool isFound = false;
    eachLine(part.raw, [&](QByteArrayView line, qint64 number) {
        if (isFound || isValid(line))
            return;
        isFound = true;
        findings.add({kind, {quoted(line)}, part.index, part.bodyLine + number - 1, 0});
    });
}

void checkEncoding(const CheckedPart &part, Findings &findings)
{
    static const QByteArrayList known = {"7bit", "8bit", "binary", "quoted-printable", "base64"};
    const QString encoding = quoted(part.encoding);
    const bool isContainer = part.isMultipart() || part.contentType.startsWith("message/");
    if (!known.contains(part.encoding))
        findings.addOf(part, FindingKind::EncodingUnknown, {encoding});
    else if (part.isMultipart() && known.indexOf(part.encoding) > known.indexOf("binary"))
        findings.addOf(part, FindingKind::MultipartEncoded, {encoding}); // RFC 2045 6.4
    else if (isContainer)
        return;
    else if (part.encoding == "7bit" && hasNotAscii(part.raw))
        findings.addOf(part, FindingKind::BodyNotSevenBit, {encoding});
    else if (part.encoding == "quoted-printable")
        checkEncodedLines(part, isQuotedPrintable, FindingKind::QuotedPrintableInvalid, findings);
    else if (part.encoding == "base64")
        checkEncodedLines(part, isBase64, FindingKind::Base64Invalid, findings);
}

void checkCharset(const CheckedPart &part, Findings &findings)
{
    if (part.text.isNull())
        return;
    const auto isOther = [](QChar c) { return c.unicode() >= 0x80; };
    const bool isNamed
        = !part.charset.isEmpty() || (part.isHtml() && !metaCharset(part.text.left(4096).toUtf8()).isEmpty());
    if (!isNamed && std::any_of(part.text.cbegin(), part.text.cend(), isOther))
        findings.addOf(part, FindingKind::CharsetMissing);
    if (!part.charset.isEmpty() && !isKnownCharset(part.charset))
        findings.addOf(part, FindingKind::CharsetUnknown, {quoted(part.charset)});
}

/// RFC 2046 5.1.1.
void checkBoundary(const CheckedMessage &message, const CheckedPart &part, Findings &findings)
{
    if (!part.isMultipart() || message.isCut)
        return;
    const QByteArray end = "--" + part.boundary + "--";
    const QByteArrayView body
        = QByteArrayView(message.source).sliced(std::min<qint64>(part.bodyBegin, message.source.size()));
    if (!body.startsWith(end) && !body.contains(QByteArray('\n' + end)))
        findings.addOf(part, FindingKind::BoundaryUnclosed);
}

} // namespace

void checkFormat(const CheckedMessage &message, Findings &findings)
{
    checkLines(message, findings);
    checkFields(message, findings);
    for (const CheckedPart &part : message.parts) {
        checkEncoding(part, findings);
        checkCharset(part, findings);
        checkBoundary(message, part, findings);
    }
}

void checkSize(const CheckedMessage &message, Findings &findings)
{
    if (message.size > manyServersTake)
        findings.add(FindingKind::MessageLarge, {QString::number(message.size)});
    for (const CheckedPart &part : message.parts) {
        const QStringList facts = {QString::number(part.htmlSize), QString::number(gmailClipsAt)};
        if (part.htmlSize > gmailClipsAt)
            findings.addOf(part, FindingKind::GmailClips, facts);
        else if (part.htmlSize > gmailNearlyClipsAt)
            findings.addOf(part, FindingKind::GmailNearlyClips, facts);
    }
}

} // namespace glasspost::mail
