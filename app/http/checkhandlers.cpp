// What is wrong with a message: Mailpit's checks of its HTML and its links, and what a spam filter says.
#include "app/http/handlers.h"

#include "app/http/htmlcheckjson.h"
#include "mail/base/worker.h"
#include "mail/checks/spamcheck.h"
#include "mail/pictures/linkprobes.h"

#include <QJsonArray>
#include <QUrl>

namespace glasspost::app {

namespace {

using mail::Result;
using mail::Task;

Task<mail::MessageOctets> octetsOf(CapturedMail &captured, const HttpRequest &request, QObject *context)
{
    return captured.named(request, context).andThen(context, [&captured](const mail::MessageId &id) {
        return captured.mail().mailboxes().octets(id);
    });
}

HttpHandler htmlCheck(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        const auto check = [](const mail::MessageOctets &octets) {
            return mail::runLongWork(
                [octets] { return mail::OctetsReader::open(octets).and_then(mail::checkHtmlSupport); });
        };
        return octetsOf(captured, request, context)
            .andThen(context, check)
            .andThen(context, [](const mail::HtmlSupport &support) {
                return support.hasHtml ? jsonResponse(htmlCheckJson(support))
                                       : refusal(400, QStringLiteral("message does not contain HTML"));
            });
    };
}

/// Those that a server can be asked for.
QStringList webTargets(const mail::MessageChecks &checks)
{
    QStringList targets;
    for (const mail::Reference &reference : checks.references) {
        const QString scheme = QUrl(reference.target).scheme();
        if (scheme == u"http" || scheme == u"https")
            targets += reference.target;
    }
    return targets;
}

/// Mailpit's LinkCheckResponse.
QJsonObject linkCheckJson(const QList<mail::LinkStatus> &links)
{
    QJsonArray array;
    int errors = 0;
    for (const mail::LinkStatus &link : links) {
        errors += link.isBroken() ? 1 : 0;
        array += QJsonObject{{QStringLiteral("URL"), link.target},
            {QStringLiteral("StatusCode"), link.status}, {QStringLiteral("Status"), link.words}};
    }
    return {{QStringLiteral("Errors"), errors}, {QStringLiteral("Links"), array}};
}

/// No server of this network is asked: whoever may call this may not reach all that this machine does.
HttpHandler linkCheck(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        const QString follow = request.argument(QStringLiteral("follow"));
        const auto redirects
            = follow == u"true" || follow == u"1" ? mail::Redirects::Followed : mail::Redirects::Told;
        const auto check = [](const mail::MessageOctets &octets) { return mail::checkMessage(octets); };
        const auto ask = [redirects, context](const mail::MessageChecks &checks) {
            auto *probes = new mail::LinkProbes(mail::PictureServers::Public, context);
            return probes->ask(webTargets(checks), redirects);
        };
        return octetsOf(captured, request, context)
            .andThen(context, check)
            .andThen(context, ask)
            .andThen(context,
                [](const QList<mail::LinkStatus> &links) { return jsonResponse(linkCheckJson(links)); });
    };
}

/// Mailpit's SpamAssassinResponse.
QJsonObject spamCheckJson(const mail::SpamReport &report)
{
    QJsonArray rules;
    for (const mail::SpamRule &rule : report.rules)
        rules += QJsonObject{{QStringLiteral("Score"), rule.score.value_or(0)},
            {QStringLiteral("Name"), rule.name}, {QStringLiteral("Description"), rule.words}};
    return {{QStringLiteral("Error"), report.failure}, {QStringLiteral("IsSpam"), report.isSpam},
        {QStringLiteral("Score"), report.score}, {QStringLiteral("Rules"), rules}};
}

HttpHandler spamCheck(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const QString spamd = captured.mail().settings().value().spamd;
        if (spamd.isEmpty())
            return answered(refusal(501, QStringLiteral("No spamd is set")));
        return octetsOf(captured, request, context)
            .andThen(context,
                [spamd, context](
                    const mail::MessageOctets &octets) { return mail::askSpamd(spamd, octets, context); })
            .andThen(
                context, [](const mail::SpamReport &report) { return jsonResponse(spamCheckJson(report)); });
    };
}

} // namespace

QList<HttpRoute> checkRoutes(CapturedMail &captured)
{
    return {{"GET", "/api/v1/message/{}/html-check", htmlCheck(captured)},
        {"GET", "/api/v1/message/{}/link-check", linkCheck(captured)},
        {"GET", "/api/v1/message/{}/sa-check", spamCheck(captured)}};
}

} // namespace glasspost::app
