#include "app/commandline/commandline.h"

#include "app/commandline/parsers.h"
#include "app/commandline/words.h"

#include <algorithm>

namespace glasspost::app {

namespace {

const QString sendmailName = QStringLiteral("sendmail");

using Parser = Parsed<Command> (*)(const Words &);

struct CommandSpec
{
    QString name;
    QList<OptionSpec> options;
    Parser parse;
    SingleDash singleDash = SingleDash::Wrong;
};

constexpr auto nothing = OptionSpec::Takes::Nothing;
constexpr auto oneValue = OptionSpec::Takes::OneValue;
constexpr auto values = OptionSpec::Takes::Values;

QList<OptionSpec> listenOptions()
{
    return {{QStringLiteral("bind"), values}, {QStringLiteral("policy"), oneValue},
        {QStringLiteral("mailbox"), oneValue}, {QStringLiteral("domain"), values},
        {QStringLiteral("user"), values}, {QStringLiteral("tls-cert"), oneValue},
        {QStringLiteral("tls-key"), oneValue}, {QStringLiteral("auth-file"), oneValue},
        {QStringLiteral("tls"), oneValue}, {QStringLiteral("auth"), oneValue},
        {QStringLiteral("clear-auth"), oneValue}, {QStringLiteral("paths"), oneValue},
        {QStringLiteral("bare-lf"), oneValue}, {QStringLiteral("max-size"), oneValue},
        {QStringLiteral("max-recipients"), oneValue}, {QStringLiteral("max-connections"), oneValue},
        {QStringLiteral("idle"), oneValue}, {QStringLiteral("http"), oneValue},
        {QStringLiteral("pop3"), oneValue}, {QStringLiteral("webhook"), oneValue},
        {QStringLiteral("run-for-each"), oneValue}, {QStringLiteral("file-by"), oneValue},
        {QStringLiteral("keep-messages"), oneValue}, {QStringLiteral("keep-age"), oneValue},
        {QStringLiteral("keep-size"), oneValue}, {QStringLiteral("reject"), values},
        {QStringLiteral("discard"), values}, {QStringLiteral("allow"), values},
        {QStringLiteral("spamd"), oneValue}, {QStringLiteral("json"), nothing}};
}

QList<OptionSpec> sendOptions()
{
    return {{QStringLiteral("from"), oneValue}, {QStringLiteral("to"), values},
        {QStringLiteral("cc"), values}, {QStringLiteral("bcc"), values},
        {QStringLiteral("subject"), oneValue}, {QStringLiteral("text"), oneValue},
        {QStringLiteral("html"), oneValue}, {QStringLiteral("attach"), values},
        {QStringLiteral("message"), oneValue}, {QStringLiteral("via"), oneValue},
        {QStringLiteral("direct"), nothing}, {QStringLiteral("nameserver"), oneValue},
        {QStringLiteral("trust-anchor"), oneValue}, {QStringLiteral("mta-sts-port"), oneValue},
        {QStringLiteral("port"), oneValue}, {QStringLiteral("queue"), nothing},
        {QStringLiteral("transcript"), oneValue}, {QStringLiteral("tls"), oneValue},
        {QStringLiteral("verify"), nothing}, {QStringLiteral("ca"), oneValue},
        {QStringLiteral("fingerprint"), oneValue}, {QStringLiteral("client-cert"), oneValue},
        {QStringLiteral("client-key"), oneValue}, {QStringLiteral("without"), values},
        {QStringLiteral("auth"), values}, {QStringLiteral("auth-in-clear"), nothing},
        {QStringLiteral("proxy"), oneValue}, {QStringLiteral("xclient"), values},
        {QStringLiteral("requiretls"), nothing}, {QStringLiteral("deliver-by"), oneValue},
        {QStringLiteral("hold-until"), oneValue}, {QStringLiteral("priority"), oneValue},
        {QStringLiteral("envid"), oneValue}, {QStringLiteral("ret"), oneValue},
        {QStringLiteral("notify"), oneValue}};
}

/// Every command with its options; --data, --help and --version are everybody's.
const QList<CommandSpec> &commands()
{
    static const QList<CommandSpec> table = {
        {QStringLiteral("listen"), listenOptions(), parseListen},
        {QStringLiteral("send"), sendOptions(), parseSend},
        {QStringLiteral("queue"), {{QStringLiteral("json"), nothing}}, parseQueue},
        {QStringLiteral("search"), {{QStringLiteral("json"), nothing}, {QStringLiteral("limit"), oneValue}},
            parseSearch},
        {QStringLiteral("show"),
            {{QStringLiteral("json"), nothing}, {QStringLiteral("raw"), nothing},
                {QStringLiteral("part"), oneValue}, {QStringLiteral("mailbox"), oneValue}},
            parseShow},
        {QStringLiteral("check"),
            {{QStringLiteral("json"), nothing}, {QStringLiteral("mailbox"), oneValue},
                {QStringLiteral("spamd"), oneValue}},
            parseCheck},
        {QStringLiteral("wait"),
            {{QStringLiteral("to"), oneValue}, {QStringLiteral("from"), oneValue},
                {QStringLiteral("subject"), oneValue}, {QStringLiteral("body"), oneValue},
                {QStringLiteral("header"), values}, {QStringLiteral("mailbox"), oneValue},
                {QStringLiteral("count"), oneValue}, {QStringLiteral("since"), oneValue},
                {QStringLiteral("timeout"), oneValue}, {QStringLiteral("json"), nothing}},
            parseWait},
        {QStringLiteral("watch"),
            {{QStringLiteral("mailbox"), oneValue}, {QStringLiteral("since"), oneValue},
                {QStringLiteral("json"), nothing}},
            parseWatch},
        {QStringLiteral("delete"), {{QStringLiteral("mailbox"), oneValue}, {QStringLiteral("json"), nothing}},
            parseDelete},
        {QStringLiteral("mark"), {{QStringLiteral("mailbox"), oneValue}, {QStringLiteral("json"), nothing}},
            parseMark},
        {QStringLiteral("tag"), {{QStringLiteral("mailbox"), oneValue}, {QStringLiteral("json"), nothing}},
            parseTag, SingleDash::Operand},
        {QStringLiteral("import"),
            {{QStringLiteral("format"), oneValue}, {QStringLiteral("mailbox"), oneValue}}, parseImport},
        {QStringLiteral("export"),
            {{QStringLiteral("format"), oneValue}, {QStringLiteral("mailbox"), oneValue}}, parseExport},
        {QStringLiteral("transcript"), {{QStringLiteral("json"), nothing}}, parseTranscript},
        {QStringLiteral("mcp"), {}, parseMcp},
        {QStringLiteral("journey"),
            {{QStringLiteral("json"), nothing}, {QStringLiteral("html"), oneValue},
                {QStringLiteral("pdf"), oneValue}, {QStringLiteral("addresses"), nothing},
                {QStringLiteral("headers"), nothing}, {QStringLiteral("swaks"), nothing},
                {QStringLiteral("curl"), nothing}, {QStringLiteral("openssl"), nothing},
                {QStringLiteral("compare"), oneValue}, {QStringLiteral("delete"), nothing}},
            parseJourney},
        {QStringLiteral("rules"),
            {{QStringLiteral("rules"), oneValue}, {QStringLiteral("limit"), oneValue},
                {QStringLiteral("json"), nothing}},
            parseRules},
        {QStringLiteral("keep"),
            {{QStringLiteral("number"), oneValue}, {QStringLiteral("age"), oneValue},
                {QStringLiteral("size"), oneValue}, {QStringLiteral("color"), oneValue},
                {QStringLiteral("json"), nothing}},
            parseKeep},
    };
    return table;
}

const QList<OptionSpec> &commonOptions()
{
    static const QList<OptionSpec> options = {{QStringLiteral("data"), oneValue},
        {QStringLiteral("help"), nothing}, {QStringLiteral("version"), nothing}};
    return options;
}

const CommandSpec *find(const QString &name)
{
    const auto it = std::find_if(
        commands().begin(), commands().end(), [&name](const CommandSpec &spec) { return spec.name == name; });
    return it == commands().end() ? nullptr : &*it;
}

/// Where the command's name is: the first word that is neither an option nor the value of --data.
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

/// "sendmail" and what is behind it. Its options are Sendmail's, so that --data and the like are kept apart.
Parsed<Invocation> understandSendmail(QStringList words)
{
    Invocation invocation;
    if (words.contains(QStringLiteral("--help"))) {
        invocation.command = HelpInvocation{sendmailName};
        return invocation;
    }
    for (qsizetype i = 0; i < words.size() && words.at(i) != u"--";) {
        const bool isApart = words.at(i) == u"--data";
        if (!isApart && !words.at(i).startsWith(u"--data=")) {
            ++i;
            continue;
        }
        invocation.dataFolder = isApart ? words.value(i + 1) : words.at(i).section(u'=', 1);
        if (invocation.dataFolder.isEmpty())
            return refused(QStringLiteral("--data needs the name of a folder"));
        words.remove(i, isApart ? 2 : 1);
    }
    auto command = parseSendmail(words);
    if (!command)
        return refused(command.error());
    invocation.command = *std::move(command);
    return invocation;
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
    if (arguments.value(index) == sendmailName) {
        rest.removeAt(index);
        Parsed<Invocation> sendmail = understandSendmail(rest);
        if (!sendmail)
            return tl::unexpected(UsageError{sendmailName, sendmail.error()});
        return *std::move(sendmail);
    }
    const CommandSpec *spec = index < 0 ? nullptr : find(arguments.at(index));
    if (spec)
        rest.removeAt(index);
    const QString name = spec ? spec->name : QString();
    const SingleDash singleDash = spec ? spec->singleDash : SingleDash::Wrong;
    if (singleDash == SingleDash::Wrong || rest.size() == 1)
        std::replace(rest.begin(), rest.end(), QStringLiteral("-h"), QStringLiteral("--help"));
    const auto words
        = readWords(rest, commonOptions() + (spec ? spec->options : QList<OptionSpec>()), singleDash);
    if (!words)
        return tl::unexpected(UsageError{name, words.error()});
    Parsed<Invocation> invocation = understand(spec, *words);
    if (!invocation)
        return tl::unexpected(UsageError{name, invocation.error()});
    return *std::move(invocation);
}

} // namespace glasspost::app
