#include "app/commandline/commandline.h"

#include "app/commandline/parsers.h"
#include "app/commandline/words.h"

#include <algorithm>

namespace glasspost::app {

namespace {

using Parser = Parsed<Command> (*)(const Words &);

struct CommandSpec
{
    QString name;
    QList<OptionSpec> options;
    Parser parse;
};

constexpr auto Nothing = OptionSpec::Takes::Nothing;
constexpr auto OneValue = OptionSpec::Takes::OneValue;
constexpr auto Values = OptionSpec::Takes::Values;

/// Every command with its options; --data, --help and --version are everybody's.
const QList<CommandSpec> &commands()
{
    static const QList<CommandSpec> table = {
        {QStringLiteral("listen"),
            {{QStringLiteral("bind"), Values}, {QStringLiteral("policy"), OneValue},
                {QStringLiteral("mailbox"), OneValue}, {QStringLiteral("domain"), Values},
                {QStringLiteral("user"), Values}, {QStringLiteral("tls-cert"), OneValue},
                {QStringLiteral("tls-key"), OneValue}, {QStringLiteral("auth-file"), OneValue},
                {QStringLiteral("tls"), OneValue}, {QStringLiteral("auth"), OneValue},
                {QStringLiteral("clear-auth"), OneValue}, {QStringLiteral("paths"), OneValue},
                {QStringLiteral("bare-lf"), OneValue}, {QStringLiteral("max-size"), OneValue},
                {QStringLiteral("max-recipients"), OneValue}, {QStringLiteral("max-connections"), OneValue},
                {QStringLiteral("idle"), OneValue}, {QStringLiteral("json"), Nothing}},
            parseListen},
        {QStringLiteral("send"),
            {{QStringLiteral("from"), OneValue}, {QStringLiteral("to"), Values},
                {QStringLiteral("cc"), Values}, {QStringLiteral("bcc"), Values},
                {QStringLiteral("subject"), OneValue}, {QStringLiteral("text"), OneValue},
                {QStringLiteral("html"), OneValue}, {QStringLiteral("attach"), Values},
                {QStringLiteral("message"), OneValue}, {QStringLiteral("via"), OneValue},
                {QStringLiteral("direct"), Nothing}, {QStringLiteral("nameserver"), OneValue},
                {QStringLiteral("trust-anchor"), OneValue}, {QStringLiteral("mta-sts-port"), OneValue},
                {QStringLiteral("port"), OneValue}, {QStringLiteral("queue"), Nothing},
                {QStringLiteral("transcript"), OneValue}, {QStringLiteral("tls"), OneValue},
                {QStringLiteral("verify"), Nothing}, {QStringLiteral("ca"), OneValue},
                {QStringLiteral("fingerprint"), OneValue}, {QStringLiteral("client-cert"), OneValue},
                {QStringLiteral("client-key"), OneValue}, {QStringLiteral("without"), Values},
                {QStringLiteral("auth"), Values}, {QStringLiteral("auth-in-clear"), Nothing},
                {QStringLiteral("proxy"), OneValue}, {QStringLiteral("xclient"), Values},
                {QStringLiteral("requiretls"), Nothing}, {QStringLiteral("deliver-by"), OneValue},
                {QStringLiteral("hold-until"), OneValue}, {QStringLiteral("priority"), OneValue},
                {QStringLiteral("envid"), OneValue}, {QStringLiteral("ret"), OneValue},
                {QStringLiteral("notify"), OneValue}},
            parseSend},
        {QStringLiteral("queue"), {{QStringLiteral("json"), Nothing}}, parseQueue},
        {QStringLiteral("search"), {{QStringLiteral("json"), Nothing}, {QStringLiteral("limit"), OneValue}},
            parseSearch},
        {QStringLiteral("import"),
            {{QStringLiteral("format"), OneValue}, {QStringLiteral("mailbox"), OneValue}}, parseImport},
        {QStringLiteral("export"),
            {{QStringLiteral("format"), OneValue}, {QStringLiteral("mailbox"), OneValue}}, parseExport},
        {QStringLiteral("transcript"), {{QStringLiteral("json"), Nothing}}, parseTranscript},
    };
    return table;
}

const QList<OptionSpec> &commonOptions()
{
    static const QList<OptionSpec> options = {{QStringLiteral("data"), OneValue},
        {QStringLiteral("help"), Nothing}, {QStringLiteral("version"), Nothing}};
    return options;
}

const CommandSpec *find(const QString &name)
{
    const auto it = std::find_if(
        commands().begin(), commands().end(), [&name](const CommandSpec &spec) { return spec.name == name; });
    return it == commands().end() ? nullptr : &*it;
}

/// Where the command's name stands: the first word that is neither an option nor the value of --data.
qsizetype commandIndex(const QStringList &arguments)
{
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        if (arguments.at(i) == u"--data")
            ++i;
        else if (arguments.at(i) == u"--")
            return -1;
        else if (!arguments.at(i).startsWith(u'-'))
            return i;
    }
    return -1;
}

Parsed<Command> parseWindow(const Words &words)
{
    WindowInvocation window;
    if (words.operands.size() > 1)
        return refused(QStringLiteral("the window takes one mailto: address at most"));
    window.mailto = words.operands.value(0);
    if (!window.mailto.isEmpty() && !window.mailto.startsWith(u"mailto:", Qt::CaseInsensitive))
        return refused(QStringLiteral("there is no command \"%1\"").arg(window.mailto));
    return window;
}

Parsed<Invocation> understand(const CommandSpec *spec, const Words &words)
{
    Invocation invocation;
    invocation.dataFolder = words.value(QStringLiteral("data"));
    if (words.has(QStringLiteral("help"))) {
        invocation.command = HelpInvocation{spec ? spec->name : QString()};
        return invocation;
    }
    if (words.has(QStringLiteral("version"))) {
        invocation.command = VersionInvocation();
        return invocation;
    }
    if (words.has(QStringLiteral("data")) && invocation.dataFolder.isEmpty())
        return refused(QStringLiteral("--data needs the name of a folder"));
    Parsed<Command> command = spec ? spec->parse(words) : parseWindow(words);
    if (!command)
        return refused(command.error());
    invocation.command = *std::move(command);
    return invocation;
}

} // namespace

tl::expected<Invocation, UsageError> parseCommandLine(const QStringList &arguments)
{
    QStringList rest = arguments;
    const qsizetype index = commandIndex(arguments);
    const CommandSpec *spec = index < 0 ? nullptr : find(arguments.at(index));
    if (spec)
        rest.removeAt(index);
    const QString name = spec ? spec->name : QString();
    std::replace(rest.begin(), rest.end(), QStringLiteral("-h"), QStringLiteral("--help"));
    const auto words = readWords(rest, commonOptions() + (spec ? spec->options : QList<OptionSpec>()));
    if (!words)
        return tl::unexpected(UsageError{name, words.error()});
    Parsed<Invocation> invocation = understand(spec, *words);
    if (!invocation)
        return tl::unexpected(UsageError{name, invocation.error()});
    return *std::move(invocation);
}

} // namespace glasspost::app
