#pragma once

#include "tests/support/sourcetree.h"

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QtTest>

namespace glasspost::test {

/// A reader of delivery status notifications that knows nothing of ours: a program and its script.
struct ReportReader
{
    const char *program;
    const char *script;
};
inline constexpr ReportReader reportReaders[]
    = {{"/usr/bin/python3", "readreports.py"}, {"/usr/bin/perl", "readreports.pl"}};

struct ReadByOthers
{
    QStringList actions; ///< a file each: "failed failed"
    QString trouble; ///< what the reader complained of
};

inline ReadByOthers readReports(const ReportReader &reader, const QStringList &files)
{
    QProcess process;
    QSignalSpy finished(&process, &QProcess::finished);
    process.start(QString::fromLatin1(reader.program),
        QStringList{inSourceTree(QStringLiteral("tests/mail/") + QString::fromLatin1(reader.script))}
            + files);
    [&] { QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60000); }();
    ReadByOthers read;
    const QString said = QString::fromUtf8(process.readAllStandardOutput());
    read.actions = said.split(u'\n', Qt::SkipEmptyParts);
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        read.trouble = QString::fromUtf8(process.readAllStandardError());
    return read;
}

} // namespace glasspost::test
