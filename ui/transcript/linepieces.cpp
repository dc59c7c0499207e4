#include "ui/transcript/linepieces.h"

#include <algorithm>

namespace glasspost::ui {

namespace {

QByteArrayView withoutEnd(QByteArrayView line)
{
    if (line.endsWith('\n'))
        line.chop(1);
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

ShownBytes shownAs(QByteArrayView octets, qsizetype offset, OctetView view)
{
    switch (view) {
    case OctetView::Text:
        return shownBytes(octets);
    case OctetView::Controls:
        return withControlPictures(octets);
    case OctetView::Hex:
        return hexRow(octets, offset);
    }
    return {};
}

} // namespace

QList<qsizetype> contentRows(const QByteArray &content, OctetView view)
{
    QList<qsizetype> rows;
    for (qsizetype at = 0; at < content.size();) {
        rows.append(at);
        const qsizetype end = view == OctetView::Hex ? at + octetsPerHexRow : content.indexOf('\n', at) + 1;
        at = end == 0 ? content.size() : end;
    }
    rows.append(content.size());
    return rows;
}

ShownBytes contentRow(const QByteArray &content, const QList<qsizetype> &rows, qsizetype row, OctetView view)
{
    if (row < 0 || row + 1 >= rows.size())
        return {};
    const QByteArrayView octets = QByteArrayView(content).sliced(rows[row], rows[row + 1] - rows[row]);
    return shownAs(view == OctetView::Text ? withoutEnd(octets) : octets, rows[row], view);
}

ShownBytes lineRow(const QByteArray &line, int row, int columns, OctetView view)
{
    const qsizetype room = lineColumns(columns, view);
    const qsizetype begin = std::min<qsizetype>(row * room, line.size());
    return shownAs(QByteArrayView(line).sliced(begin, std::min(room, line.size() - begin)), begin, view);
}

int lineColumns(int columns, OctetView view)
{
    return view == OctetView::Hex ? octetsPerHexRow : columns;
}

ShownBytes hexRow(QByteArrayView octets, qsizetype offset)
{
    constexpr int offsetDigits = 4;
    QString text = QString::number(offset, 16).toUpper().rightJustified(offsetDigits, u'0') + u' ';
    QString letters;
    for (const char octet : octets) {
        text += u' ' + QString::number(uchar(octet), 16).toUpper().rightJustified(2, u'0');
        letters += octet >= ' ' && octet <= '~' ? QLatin1Char(octet) : QLatin1Char('.');
    }
    constexpr int perOctet = 3;
    text = text.leftJustified(offsetDigits + 1 + octetsPerHexRow * perOctet, u' ');
    return {text + QStringLiteral("  ") + letters, {}};
}

ShownBytes withControlPictures(QByteArrayView octets)
{
    constexpr char16_t pictures = 0x2400, deletePicture = 0x2421;
    qsizetype blanksFrom = octets.size();
    while (blanksFrom > 0 && uchar(octets[blanksFrom - 1]) <= ' ')
        --blanksFrom;
    ShownBytes shown;
    for (qsizetype at = 0; at < octets.size();) {
        const uchar octet = uchar(octets[at]);
        const bool isPicture = octet < ' ' || octet == 0x7F;
        if (isPicture || (octet == ' ' && at >= blanksFrom)) {
            shown.escapes.append({int(shown.text.size()), 1});
            shown.text += octet == ' ' ? QChar(u'·')
                : octet == 0x7F        ? QChar(deletePicture)
                                       : QChar(char16_t(pictures + octet));
            ++at;
            continue;
        }
        const auto end = std::find_if(
            octets.begin() + at, octets.end(), [](char c) { return uchar(c) < ' ' || uchar(c) == 0x7F; });
        const qsizetype until = std::min<qsizetype>(end - octets.begin(), std::max(blanksFrom, at + 1));
        const ShownBytes part = shownBytes(octets.sliced(at, until - at));
        for (const auto &[start, length] : part.escapes)
            shown.escapes.append({int(shown.text.size()) + start, length});
        shown.text += part.text;
        at = until;
    }
    return shown;
}

} // namespace glasspost::ui
