#include "ui/settings/retryintervals.h"

#include <QRegularExpression>
#include <QStringList>

namespace glasspost::ui {

using std::chrono::seconds;

std::optional<QList<seconds>> parseWaits(const QString &text)
{
    static const QRegularExpression piece(
        QStringLiteral("^(\\d{1,6})\\s*(s|min|h|d)?$"), QRegularExpression::CaseInsensitiveOption);
    QList<seconds> waits;
    for (const QString &part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const auto match = piece.match(part.trimmed());
        if (!match.hasMatch() || match.captured(1).toInt() == 0)
            return std::nullopt;
        const QString unit = match.captured(2).toLower();
        const int factor = unit == QLatin1String("s") ? 1
            : unit == QLatin1String("h")              ? 3600
            : unit == QLatin1String("d")              ? 86400
                                                      : 60;
        waits.append(seconds(match.captured(1).toLongLong() * factor));
    }
    return waits;
}

QString waitsText(const QList<seconds> &waits)
{
    QStringList parts;
    for (const seconds wait : waits) {
        const qint64 count = wait.count();
        if (count % 86400 == 0)
            parts << QStringLiteral("%1 d").arg(count / 86400);
        else if (count % 3600 == 0)
            parts << QStringLiteral("%1 h").arg(count / 3600);
        else if (count % 60 == 0)
            parts << QStringLiteral("%1 min").arg(count / 60);
        else
            parts << QStringLiteral("%1 s").arg(count);
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace glasspost::ui
