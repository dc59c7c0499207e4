#include "mail/settings/inifile.h"

namespace glasspost::mail {

namespace {

QString escaped(const QString &value)
{
    QString result = value;
    result.replace(u'\\', QLatin1String("\\\\")).replace(u'\n', QLatin1String("\\n"));
    result.replace(u'\r', QLatin1String("\\r"));
    if (result.startsWith(u' ') || result.startsWith(u'\t'))
        result.replace(0, 1, QLatin1String("\\s"));
    if (result.endsWith(u' ') || result.endsWith(u'\t'))
        result.replace(result.size() - 1, 1, QLatin1String("\\s"));
    return result;
}

QString unescaped(QStringView value)
{
    QString result;
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (value[i] != u'\\' || i + 1 == value.size()) {
            result += value[i];
            continue;
        }
        const QChar c = value[++i];
        result += c == u'n' ? QChar(u'\n') : c == u'r' ? QChar(u'\r') : c == u's' ? QChar(u' ') : c;
    }
    return result;
}

Error lineError(int line, const QString &text)
{
    return {ErrorCode::BadSettings, QStringLiteral("line %1").arg(line), text};
}

} // namespace

Result<IniFile> parseIni(const QByteArray &content)
{
    IniFile file;
    int number = 0;
    const QList<QByteArray> lines = content.split('\n');
    for (const QByteArray &octets : lines) {
        ++number;
        const QString line = QString::fromUtf8(octets).trimmed();
        if (line.isEmpty() || line.startsWith(u'#') || line.startsWith(u';'))
            continue;
        if (line.startsWith(u'[') && line.endsWith(u']')) {
            file.append({line.mid(1, line.size() - 2).trimmed(), {}});
            continue;
        }
        const qsizetype equals = line.indexOf(u'=');
        if (equals <= 0 || file.isEmpty())
            return tl::unexpected(lineError(number, line.left(200)));
        const QStringView value = QStringView(line).mid(equals + 1).trimmed();
        file.last().entries.append({line.left(equals).trimmed(), unescaped(value), number});
    }
    return file;
}

QByteArray writeIni(const IniFile &file)
{
    QString text;
    for (const IniSection &section : file) {
        text += QStringLiteral("\n[%1]\n").arg(section.name);
        for (const IniSection::Entry &entry : section.entries)
            text += entry.key + QLatin1String(" = ") + escaped(entry.value) + u'\n';
    }
    return text.toUtf8();
}

} // namespace glasspost::mail
