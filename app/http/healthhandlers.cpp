// How the server is: what Mailpit calls info and webui, and what watches over it ask.
#include "app/http/handlers.h"

#include <QFile>
#include <QFileInfo>

#include <unistd.h>

namespace glasspost::app {

namespace {

using mail::Task;

/// Octets of this process in memory.
qint64 memoryUsed()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE);
}

qint64 databaseSize(const mail::MailSystem &mail)
{
    return QFileInfo(mail.dataFolder() + QStringLiteral("/index.sqlite")).size();
}

QJsonObject infoJson(
    const CapturedMail &captured, const mail::FolderInfo &folder, const QList<mail::TagCount> &tags)
{
    QJsonObject counts;
    for (const mail::TagCount &one : tags)
        counts[one.name] = one.messages;
    const CapturedMail::Totals totals = captured.totals();
    const QJsonObject runtime{{QStringLiteral("Uptime"), totals.seconds},
        {QStringLiteral("Memory"), memoryUsed()}, {QStringLiteral("MessagesDeleted"), totals.removed},
        {QStringLiteral("SMTPAccepted"), totals.accepted},
        {QStringLiteral("SMTPAcceptedSize"), totals.acceptedOctets},
        {QStringLiteral("SMTPRejected"), totals.refused}, {QStringLiteral("SMTPIgnored"), 0}};
    return {{QStringLiteral("Version"), QStringLiteral("Glasspost " GLASSPOST_VERSION)},
        {QStringLiteral("LatestVersion"), QStringLiteral("disabled")},
        {QStringLiteral("Database"), captured.mail().dataFolder()},
        {QStringLiteral("DatabaseSize"), databaseSize(captured.mail())},
        {QStringLiteral("Messages"), folder.total}, {QStringLiteral("Unread"), folder.unread},
        {QStringLiteral("Tags"), counts}, {QStringLiteral("RuntimeStats"), runtime}};
}

/// What is released goes into the queue, which knows the way.
QJsonObject webuiJson(const mail::Settings &settings)
{
    const QJsonObject relay{{QStringLiteral("Enabled"), true},
        {QStringLiteral("SMTPServer"), QStringLiteral("queue, held")},
        {QStringLiteral("ReturnPath"), QString()}, {QStringLiteral("AllowedRecipients"), QString()},
        {QStringLiteral("BlockedRecipients"), QString()}, {QStringLiteral("OverrideFrom"), QString()},
        {QStringLiteral("PreserveMessageIDs"), true}, {QStringLiteral("RecipientAllowlist"), QString()}};
    return {{QStringLiteral("Label"), QStringLiteral("Glasspost")}, {QStringLiteral("MessageRelay"), relay},
        {QStringLiteral("SpamAssassin"), !settings.spamd.isEmpty()}, {QStringLiteral("ChaosEnabled"), false},
        {QStringLiteral("DuplicatesIgnored"), false}, {QStringLiteral("HideDeleteAllButton"), false}};
}

/// Prometheus' text format, under the names that Mailpit has for them.
QByteArray metricsText(const CapturedMail &captured, const mail::FolderInfo &folder)
{
    const CapturedMail::Totals totals = captured.totals();
    const struct
    {
        const char *name, *type, *help;
        qint64 value;
    } metrics[] = {
        {"mailpit_messages", "gauge", "Messages in the mailbox", folder.total},
        {"mailpit_messages_unread", "gauge", "Unread messages in the mailbox", folder.unread},
        {"mailpit_database_size_bytes", "gauge", "Size of the index", databaseSize(captured.mail())},
        {"mailpit_messages_deleted_total", "counter", "Messages asked to be deleted over HTTP",
            totals.removed},
        {"mailpit_smtp_accepted_total", "counter", "Messages accepted over SMTP", totals.accepted},
        {"mailpit_smtp_rejected_total", "counter", "Recipients and messages refused", totals.refused},
        {"mailpit_smtp_ignored_total", "counter", "Messages ignored: never any", 0},
        {"mailpit_smtp_accepted_size_bytes_total", "counter", "Octets accepted over SMTP",
            totals.acceptedOctets},
        {"mailpit_uptime_seconds", "gauge", "Seconds since the start", totals.seconds},
        {"mailpit_memory_usage_bytes", "gauge", "Memory of the process", memoryUsed()},
    };
    QByteArray text;
    for (const auto &metric : metrics) {
        const QByteArray name(metric.name);
        text += "# HELP " + name + ' ' + metric.help + "\n# TYPE " + name + ' ' + metric.type + '\n' + name
            + ' ' + QByteArray::number(metric.value) + '\n';
    }
    return text;
}

HttpHandler alive()
{
    return [](const HttpRequest &, QObject *) -> Task<HttpResponse> { return answered(textResponse({})); };
}

/// Ready is who can say what is in the mailbox.
HttpHandler ready(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        return captured.counts(request.mailbox, context).andThen(context, [](const mail::FolderInfo &) {
            return textResponse({});
        });
    };
}

HttpHandler info(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        const QString mailbox = request.mailbox;
        return captured.counts(mailbox, context)
            .andThen(context, [&captured, mailbox, context](const mail::FolderInfo &folder) {
                const bool isCaptured = !folder.id.user.isEmpty();
                const Task<QList<mail::TagCount>> counts = isCaptured
                    ? captured.tagCounts(mailbox, context)
                    : Task<QList<mail::TagCount>>(mail::Result<QList<mail::TagCount>>());
                return counts.andThen(context, [&captured, folder](const QList<mail::TagCount> &tags) {
                    return jsonResponse(infoJson(captured, folder, tags));
                });
            });
    };
}

HttpHandler webui(CapturedMail &captured)
{
    return [&captured](const HttpRequest &, QObject *) -> Task<HttpResponse> {
        return answered(jsonResponse(webuiJson(captured.mail().settings().value())));
    };
}

HttpHandler metrics(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        return captured.counts(request.mailbox, context)
            .andThen(context, [&captured](const mail::FolderInfo &folder) {
                HttpResponse response = textResponse(metricsText(captured, folder));
                response.contentType = "text/plain; version=0.0.4; charset=utf-8";
                return response;
            });
    };
}

} // namespace

QList<HttpRoute> healthRoutes(CapturedMail &captured)
{
    HttpRoute live{"GET", "/livez", alive()};
    HttpRoute readyz{"GET", "/readyz", ready(captured)};
    live.isOpen = readyz.isOpen = true;
    return {live, readyz, {"GET", "/api/v1/info", info(captured)}, {"GET", "/api/v1/webui", webui(captured)},
        {"GET", "/metrics", metrics(captured)}};
}

} // namespace glasspost::app
