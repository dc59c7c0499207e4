#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

namespace glasspost::app {

/// One option a command knows. Names are without their dashes.
struct OptionSpec
{
    enum class Takes { Nothing, OneValue, Values };
    QString name;
    Takes takes = Takes::Nothing;
};

/// Options and operands of a command line, taken apart but not yet understood.
struct Words
{
    QHash<QString, QStringList> options; ///< a flag has an empty value for each time it was given
    QStringList operands;

    [[nodiscard]] bool has(const QString &name) const { return options.contains(name); }
    [[nodiscard]] QString value(const QString &name) const { return options.value(name).value(0); }
    [[nodiscard]] QStringList values(const QString &name) const { return options.value(name); }
};

/// What a word of one dash is: no option has one.
enum class SingleDash { Wrong, Operand };

/// "--name value", "--name=value", "--" before operands that begin with a dash. The error is one sentence.
tl::expected<Words, QString> readWords(
    const QStringList &arguments, const QList<OptionSpec> &known, SingleDash singleDash = SingleDash::Wrong);

} // namespace glasspost::app
