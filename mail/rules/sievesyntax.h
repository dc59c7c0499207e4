#pragma once

#include "mail/base/error.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

/// The grammar of Sieve (RFC 5228 8) without the meaning of any word: commands, tests and their arguments.

struct SieveArgument
{
    enum class Kind { Tag, Number, Strings };
    Kind kind = Kind::Strings;
    QString tag; ///< in lower case, without its colon
    qint64 number = 0;
    QStringList strings;
    int line = 0;
};

struct SieveTest
{
    QString name; ///< in lower case
    QList<SieveArgument> arguments;
    QList<SieveTest> tests;
    int line = 0;
};

struct SieveCommand
{
    QString name; ///< in lower case
    QList<SieveArgument> arguments;
    QList<SieveTest> tests;
    QList<SieveCommand> block;
    bool hasBlock = false;
    QString label; ///< of a comment "# rule:[name]" before it, which webmail writes too; else empty
    int line = 0; ///< the first is 1
};

constexpr qsizetype longestSieve = 1024 * 1024; ///< octets
constexpr int deepestSieve = 32; ///< blocks, and tests, within one another

/// A fault of a script: Damaged, with its line as the subject.
Error sieveFault(int line, const QString &what);
/// Total: any octets give the commands or a fault, in time linear in their number.
Result<QList<SieveCommand>> readSieveSyntax(const QByteArray &script);

} // namespace glasspost::mail
