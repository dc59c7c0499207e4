#pragma once

#include "mail/base/error.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <utility>

namespace glasspost::mail {

/// A plain settings file: "[section]" heads and "key = value" lines in UTF-8, "#" and ";" comments. Sections
/// and keys may come more than once: that is how lists are written. "\n", "\r", "\\" and "\s" (a blank at an
/// end) stand for their characters.
struct IniSection
{
    struct Entry
    {
        QString key;
        QString value;
        int line = 0; ///< in the file, from 1
    };
    QString name;
    QList<Entry> entries;

    void add(const QString &key, const QString &value) { entries.append({key, value, 0}); }
};
using IniFile = QList<IniSection>;

/// BadSettings, with the line number, for a line that is neither.
Result<IniFile> parseIni(const QByteArray &content);
QByteArray writeIni(const IniFile &file);

} // namespace glasspost::mail
