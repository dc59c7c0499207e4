#pragma once

#include "mail/checks/findings.h"
#include "mail/checks/htmldocument.h"

namespace glasspost::mail {

/// HTML of a message with its part.
struct CheckedHtml
{
    const CheckedPart &part;
    const HtmlDocument &document;

    void add(Findings &findings, qsizetype begin, FindingKind kind, const QStringList &facts = {}) const
    {
        if (findings.wants(kind))
            findings.addAt(part, document.lineAt(begin), kind, facts);
    }
};

/// Whether the markup is as it should be.
void checkMarkup(const CheckedHtml &html, Findings &findings);
/// Which clients do not have what it uses, by the table of clientsupport.h.
void checkClients(const CheckedHtml &html, Findings &findings);
/// Whether people who do not see, or not well, can read it (WCAG 2.1): alt texts, language, contrast, links,
/// tables.
void checkAccessibility(const CheckedHtml &html, Findings &findings);
void checkContrast(const CheckedHtml &html, Findings &findings);

} // namespace glasspost::mail
