#pragma once

#include "mail/index/searchtree.h"

#include <QString>
#include <QStringList>

namespace glasspost::ui {

/// What became of the parts of a search that were not understood, each a sentence without its full stop.
QStringList searchNotices(const QString &search);
QString nothingFoundText(const QString &search);
/// What an operator looks for, in a few words.
QString searchOperatorMeaning(mail::SearchField field);
/// The values that an operator takes, or those that show what it takes; none where that is words.
QStringList searchExamples(mail::SearchField field);
QString searchValueMeaning(mail::SearchField field, const QString &value);

} // namespace glasspost::ui
