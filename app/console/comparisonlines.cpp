#include "app/console/comparisonlines.h"

#include "app/console/output.h"

#include <QJsonArray>

namespace glasspost::app {

namespace {

QByteArray member(const QJsonObject &object, const char *name)
{
    return printable(object[QLatin1String(name)].toString().toUtf8());
}

QByteArray tookText(const QJsonObject &side)
{
    return QByteArray::number(side[QStringLiteral("took")].toDouble(), 'f', 0) + " ms";
}

/// "RCPT TO:<bob@example.org>, 250 2.1.5 Ok, 15 ms"
QByteArray sideText(const QJsonObject &row, const char *name)
{
    if (!row.contains(QLatin1String(name)))
        return "-";
    const QJsonObject side = row[QLatin1String(name)].toObject();
    if (row[QStringLiteral("kind")].toString() == u"fact") {
        const QByteArray value = member(side, "value");
        return !side.contains(QStringLiteral("value")) ? "not known" : value.isEmpty() ? "none" : value;
    }
    QByteArrayList parts;
    for (const char *what : {"host", "at", "command", "reply"}) {
        if (const QByteArray text = member(side, what); !text.isEmpty())
            parts.append(text);
    }
    if (row[QStringLiteral("kind")].toString() == u"session")
        parts.prepend(member(side, "session"));
    if (side.contains(QStringLiteral("octets")))
        parts.append(QByteArray::number(side[QStringLiteral("octets")].toInteger()) + " octets");
    parts.append(tookText(side));
    return parts.join(", ");
}

QByteArray differencesOf(const QJsonObject &row)
{
    QByteArrayList words;
    for (const auto difference : row[QStringLiteral("differences")].toArray())
        words.append(difference.toString().toLatin1());
    return words.join(", ");
}

QByteArray listIn(const QJsonObject &row, const char *side, QLatin1String name)
{
    QByteArrayList lines;
    for (const auto line : row[QLatin1String(side)].toObject()[name].toArray())
        lines.append(printable(line.toString().toUtf8()));
    return lines.join("; ");
}

/// Which extensions of EHLO one side alone has, and what happened where that differs.
QByteArray detailsOf(const QJsonObject &row, const char *side)
{
    QByteArray details;
    if (const QByteArray only = listIn(row, side, QLatin1String("extensions")); !only.isEmpty())
        details += QByteArray("\n      only ") + side + ": " + only;
    if (row[QStringLiteral("differences")].toArray().contains(QStringLiteral("event")))
        details += QByteArray("\n      ") + side + ": " + listIn(row, side, QLatin1String("notes"));
    return details;
}

QByteArray rowLines(const QJsonObject &row)
{
    const QByteArray differences = differencesOf(row);
    const bool isSession = row[QStringLiteral("kind")].toString() == u"session";
    return QByteArray(differences.isEmpty() ? "  " : "! ")
        + (isSession ? "session" : "  " + member(row, "name"))
        + (differences.isEmpty() ? QByteArray() : " (" + differences + ")") + ": " + sideText(row, "left")
        + " | " + sideText(row, "right") + detailsOf(row, "left") + detailsOf(row, "right");
}

} // namespace

QByteArray comparisonLines(const QJsonObject &answer)
{
    QByteArrayList lines;
    for (const auto row : answer[QStringLiteral("rows")].toArray())
        lines.append(rowLines(row.toObject()));
    const int count = answer[QStringLiteral("differences")].toInt();
    lines.append(count == 0 ? QByteArray("no differences")
                            : QByteArray::number(count) + (count == 1 ? " line differs" : " lines differ"));
    if (const qint64 leftOut = answer[QStringLiteral("leftOut")].toInteger(); leftOut > 0)
        lines.append(QByteArray::number(leftOut)
            + " stages and notes are not kept: what is missing may be among them");
    if (answer[QStringLiteral("damaged")].toBool())
        lines.append("a record is damaged: something may be missing");
    return lines.join('\n');
}

} // namespace glasspost::app
