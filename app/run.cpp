#include "app/run.h"

#include "app/commandline/commandline.h"
#include "app/commands/keepcommand.h"
#include "app/commands/listencommand.h"
#include "app/commands/mcpcommand.h"
#include "app/commands/messagecommands.h"
#include "app/commands/querycommands.h"
#include "app/commands/rulescommand.h"
#include "app/commands/sendcommand.h"
#include "app/commands/sendmailcommand.h"
#include "app/commands/transfercommand.h"
#include "app/commands/waitcommand.h"
#include "app/console/output.h"
#include "app/windowcommand.h"
#include "ui/words/plurals.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QStandardPaths>

#include <clocale>
#include <csignal>
#include <langinfo.h>

namespace glasspost::app {

namespace {

const char *const version = GLASSPOST_VERSION;

template <typename... Ts> struct Overloaded : Ts...
{
    using Ts::operator()...;
};
template <typename... Ts> Overloaded(Ts...) -> Overloaded<Ts...>;

/// Qt reads and writes UTF-8 and warns on every start where the locale says otherwise.
void useUtf8()
{
    std::setlocale(LC_CTYPE, "");
    if (qstrcmp(nl_langinfo(CODESET), "UTF-8") == 0)
        return;
    qunsetenv("LC_ALL");
    qputenv("LC_CTYPE", "C.UTF-8");
}

QString defaultDataFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
}

/// What the program's name says of it: cron and others call it as sendmail.
QStringList calledAs(const char *program)
{
    const QString name = QString::fromLocal8Bit(program).section(u'/', -1);
    if (name == u"sendmail")
        return {name};
    if (name == u"newaliases" || name == u"mailq")
        return {QStringLiteral("sendmail"), name == u"mailq" ? QStringLiteral("-bp") : QStringLiteral("-bi")};
    return {};
}

ExitCode print(const QString &text)
{
    QByteArray lines = text.toUtf8();
    if (lines.endsWith('\n'))
        lines.chop(1);
    printLine(lines);
    return ExitCode::Ok;
}

ExitCode refuse(const UsageError &error)
{
    const QString help = error.command.isEmpty() ? QStringLiteral("glasspost --help")
                                                 : QStringLiteral("glasspost %1 --help").arg(error.command);
    complain(QStringLiteral("%1 (see %2)").arg(error.sentence, help));
    return ExitCode::Usage;
}

std::unique_ptr<RunningCommand> makeCommand(const Invocation &invocation, const QString &folder)
{
    using Made = std::unique_ptr<RunningCommand>;
    return std::visit(
        Overloaded{
            [&](const ListenInvocation &listen) -> Made {
                return std::make_unique<ListenCommand>(listen, folder);
            },
            [&](const SendInvocation &send) -> Made { return std::make_unique<SendCommand>(send, folder); },
            [&](const SendmailInvocation &sendmail) { return makeSendmail(sendmail, folder); },
            [&](const QueueInvocation &queue) { return makeQueue(queue, folder); },
            [&](const SearchInvocation &search) { return makeSearch(search, folder); },
            [&](const ShowInvocation &show) { return makeShow(show, folder); },
            [&](const CheckInvocation &check) { return makeCheck(check, folder); },
            [&](const WaitInvocation &wait) -> Made { return std::make_unique<WaitCommand>(wait, folder); },
            [&](const ChangeInvocation &change) { return makeChange(change, folder); },
            [&](const TranscriptInvocation &transcript) { return makeTranscript(transcript, folder); },
            [&](const JourneyInvocation &journey) { return makeJourney(journey, folder); },
            [&](const RulesInvocation &rules) { return makeRules(rules, folder); },
            [&](const KeepInvocation &keep) { return makeKeep(keep, folder); },
            [&](const TransferInvocation &transfer) { return makeTransfer(transfer, folder); },
            [&](const McpInvocation &) -> Made { return std::make_unique<McpCommand>(folder); },
            [&](const WindowInvocation &) -> Made { return nullptr; },
            [&](const HelpInvocation &) -> Made { return nullptr; },
            [&](const VersionInvocation &) -> Made { return nullptr; },
        },
        invocation.command);
}

/// Paper needs fonts, which Qt Gui has: with the platform that needs no display, and no theme that would.
std::unique_ptr<QCoreApplication> makeApplication(int &argc, char *argv[], const Invocation &invocation)
{
    const auto *journey = std::get_if<JourneyInvocation>(&invocation.command);
    if (journey == nullptr || journey->form != JourneyInvocation::Form::Paper)
        return std::make_unique<QCoreApplication>(argc, argv);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qunsetenv("QT_QPA_PLATFORMTHEME");
    qunsetenv("QT_IM_MODULE");
    return std::make_unique<QGuiApplication>(argc, argv);
}

ExitCode runHeadless(int &argc, char *argv[], const Invocation &invocation)
{
    const std::unique_ptr<QCoreApplication> application = makeApplication(argc, argv, invocation);
    QCoreApplication::setApplicationName(QStringLiteral("glasspost"));
    ui::EnglishPlurals english; // a report has words of the window
    QCoreApplication::installTranslator(&english);
    const QString folder = invocation.dataFolder.isEmpty() ? defaultDataFolder() : invocation.dataFolder;
    const std::unique_ptr<RunningCommand> command = makeCommand(invocation, folder);
    QObject::connect(
        command.get(), &RunningCommand::finished, application.get(),
        [](ExitCode code) { QCoreApplication::exit(int(code)); }, Qt::QueuedConnection);
    QMetaObject::invokeMethod(command.get(), &RunningCommand::start, Qt::QueuedConnection);
    return ExitCode(QCoreApplication::exec());
}

} // namespace

int run(int argc, char *argv[])
{
    useUtf8();
    // GLib's event loop wakes itself through the kernel whenever a socket's notifier is switched: 12 writes a
    // message in the mail thread in place of 4. The GUI thread keeps it, for what GTK brings there.
    qputenv("QT_NO_THREADED_GLIB", "1");
    std::signal(SIGPIPE, SIG_IGN); // a reader or a peer that went away is met where it is written to
    QStringList arguments = calledAs(argv[0]);
    for (int i = 1; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    const auto invocation = parseCommandLine(arguments);
    if (!invocation)
        return int(refuse(invocation.error()));
    if (const auto *help = std::get_if<HelpInvocation>(&invocation->command))
        return int(print(helpText(help->command)));
    if (std::holds_alternative<VersionInvocation>(invocation->command))
        return int(print(QStringLiteral("glasspost %1").arg(QLatin1String(version))));
    if (const auto *window = std::get_if<WindowInvocation>(&invocation->command))
        return int(runWindow(argc, argv, *window, invocation->dataFolder));
    return int(runHeadless(argc, argv, *invocation));
}

} // namespace glasspost::app
