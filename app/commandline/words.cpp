#include "app/commandline/words.h"

#include <algorithm>

namespace glasspost::app {

namespace {

const OptionSpec *find(const QList<OptionSpec> &known, const QString &name)
{
    const auto it = std::find_if(
        known.begin(), known.end(), [&name](const OptionSpec &spec) { return spec.name == name; });
    return it == known.end() ? nullptr : &*it;
}

tl::unexpected<QString> wrong(const QString &pattern, const QString &name)
{
    return tl::unexpected(pattern.arg(name));
}

} // namespace

tl::expected<Words, QString> readWords(
    const QStringList &arguments, const QList<OptionSpec> &known, SingleDash singleDash)
{
    Words words;
    for (int i = 0; i < arguments.size(); ++i) {
        const QString &word = arguments.at(i);
        if (word == u"--") {
            words.operands += arguments.mid(i + 1);
            break;
        }
        const bool isOption
            = word.startsWith(u"--") || (word.startsWith(u'-') && singleDash == SingleDash::Wrong);
        if (!isOption || word == u"-") {
            words.operands += word;
            continue;
        }
        const qsizetype equals = word.indexOf(u'=');
        const QString name = word.startsWith(u"--") ? word.mid(2, equals < 0 ? -1 : equals - 2) : QString();
        const OptionSpec *spec = find(known, name);
        if (!spec)
            return wrong(QStringLiteral("there is no option %1"), equals < 0 ? word : word.left(equals));
        if (spec->takes == OptionSpec::Takes::Nothing) {
            if (equals >= 0)
                return wrong(QStringLiteral("--%1 takes no value"), name);
            words.options[name] += QString();
            continue;
        }
        if (spec->takes == OptionSpec::Takes::OneValue && words.has(name))
            return wrong(QStringLiteral("--%1 is given twice"), name);
        if (equals >= 0) {
            words.options[name] += word.mid(equals + 1);
            continue;
        }
        // A forgotten value must not swallow the next option; "--name=--value" is there for the rare case.
        if (i + 1 >= arguments.size() || arguments.at(i + 1).startsWith(u"--"))
            return wrong(QStringLiteral("--%1 needs a value"), name);
        words.options[name] += arguments.at(++i);
    }
    return words;
}

} // namespace glasspost::app
