#include "mail/checks/messagechecks.h"

#include "mail/base/worker.h"
#include "mail/checks/formatcheck.h"
#include "mail/checks/headercheck.h"
#include "mail/checks/htmlcheck.h"
#include "mail/checks/references.h"
#include "mail/checks/spamcheck.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

QList<Reference> checkHtmlPart(const CheckedPart &part, Findings &findings)
{
    const HtmlDocument document(part.text);
    const CheckedHtml html{part, document};
    checkMarkup(html, findings);
    checkClients(html, findings);
    checkAccessibility(html, findings);
    checkEmptyLinks(html, findings);
    return referencesOf(html);
}

void checkAlternatives(const CheckedMessage &message, Findings &findings)
{
    const auto hasText = [&message](QByteArrayView type) {
        return std::any_of(message.parts.cbegin(), message.parts.cend(),
            [type](const CheckedPart &part) { return !part.isAttachment && part.contentType == type; });
    };
    if (hasText("text/html") && !hasText("text/plain"))
        findings.add(FindingKind::TextAlternativeMissing);
}

} // namespace

int MessageChecks::count(Severity severity) const
{
    return int(std::count_if(findings.cbegin(), findings.cend(),
        [severity](const Finding &finding) { return severityOf(finding.kind) == severity; }));
}

Result<MessageChecks> checkMessage(const OctetsReader &message)
{
    const Result<CheckedMessage> checked = readForChecks(message);
    if (!checked)
        return tl::unexpected(checked.error());
    Findings findings;
    MessageChecks checks;
    checkHeader(*checked, findings);
    checkUnsubscribe(*checked, findings);
    checkFormat(*checked, findings);
    checkSize(*checked, findings);
    checkAlternatives(*checked, findings);
    for (const CheckedPart &part : checked->parts) {
        if (part.isHtml())
            checks.references += checkHtmlPart(part, findings);
        else if (!part.text.isNull())
            checks.references += referencesOfText(part);
        checks.references.resize(std::min(checks.references.size(), mostReferencesListed));
    }
    checkReferences(*checked, checks.references, findings);
    checks.findings = findings.take();
    checks.isCut = checked->isCut;
    return checks;
}

Task<MessageChecks> checkMessage(const MessageOctets &octets)
{
    return runLongWork([octets] {
        return OctetsReader::open(octets).and_then(
            [](const OctetsReader &message) { return checkMessage(message); });
    });
}

Task<MessageChecks> checkMessage(const MessageOctets &octets, const QString &spamd, QObject *context)
{
    const Task<MessageChecks> checked = checkMessage(octets);
    if (spamd.isEmpty())
        return checked;
    return checked.andThen(context, [octets, spamd, context](const MessageChecks &checks) {
        return askSpamd(spamd, octets, context).andThen(context, [checks](const SpamReport &report) {
            MessageChecks all = checks;
            all.findings = spamFindings(report) + checks.findings;
            return all;
        });
    });
}

Result<HtmlSupport> checkHtmlSupport(const OctetsReader &message)
{
    return readForChecks(message).map([](const CheckedMessage &checked) {
        HtmlSupport support;
        const auto part = std::find_if(checked.parts.cbegin(), checked.parts.cend(),
            [](const CheckedPart &one) { return one.isHtml(); });
        if (part == checked.parts.cend())
            return support;
        const HtmlDocument document(part->text);
        support.hasHtml = true;
        support.elements = int(std::count_if(
            document.elements().cbegin(), document.elements().cend(), [](const HtmlElement &element) {
                return element.name != u"html" && element.name != u"head" && element.name != u"meta";
            }));
        support.features = ClientSupport::shipped().usedIn(featureMarks(document));
        return support;
    });
}

} // namespace glasspost::mail
