#include "mail/rules/rulesfile.h"

#include "mail/base/posix.h"
#include "mail/rules/sieve.h"
#include "mail/rules/sievesyntax.h"

#include <QFile>

#include <fcntl.h>

namespace glasspost::mail {

namespace {

// The version; what this one does not know is refused by its "require" as well.
constexpr char firstLine[] = "# glasspost rules 1\n";

/// A copy: were the file moved and the new one not written, the next start would find no rules and no fault.
Result<void> copyAside(const QString &path)
{
    const QString aside = path + QStringLiteral(".damaged");
    QFile::remove(aside);
    return copyFile(path, aside);
}

} // namespace

QString rulesPath(const QString &dataFolder)
{
    return dataFolder + QStringLiteral("/rules.sieve");
}

Result<QList<Rule>> loadRules(const QString &dataFolder)
{
    const QString path = rulesPath(dataFolder);
    const Result<QByteArray> script = readFileAt(AT_FDCWD, QFile::encodeName(path), longestSieve + 1);
    if (!script && script.error().code == ErrorCode::NotFound)
        return QList<Rule>();
    if (!script)
        return tl::unexpected(script.error());
    if (script->startsWith("# glasspost rules ") && !script->startsWith(firstLine))
        return tl::unexpected(
            Error{ErrorCode::Damaged, path, QStringLiteral("it is of a newer version of Glasspost")});
    return readSieve(*script).map_error([&path](const Error &fault) {
        return Error{fault.code, path, fault.subject + QStringLiteral(": ") + fault.systemText};
    });
}

Result<void> saveRules(const QString &dataFolder, const QList<Rule> &rules)
{
    if (!loadRules(dataFolder)) {
        if (const Result<void> kept = copyAside(rulesPath(dataFolder)); !kept)
            return kept;
    }
    return replaceFile(rulesPath(dataFolder), firstLine + writeSieve(rules));
}

} // namespace glasspost::mail
