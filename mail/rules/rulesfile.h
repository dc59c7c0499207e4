#pragma once

#include "mail/base/error.h"
#include "mail/rules/rule.h"

#include <QList>
#include <QString>

namespace glasspost::mail {

/// The rules of a data folder, rules.sieve: see docs/FORMATS.md. These block on the disk.

QString rulesPath(const QString &dataFolder);
/// None when there is no file. Damaged, with the line, when it cannot be read as a whole: part of the rules
/// would do what nobody asked for.
Result<QList<Rule>> loadRules(const QString &dataFolder);
/// A file there that cannot be read as a whole is copied to rules.sieve.damaged first. Where either fails, it
/// stays as it was.
Result<void> saveRules(const QString &dataFolder, const QList<Rule> &rules);

} // namespace glasspost::mail
