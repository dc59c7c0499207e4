#include "mail/checks/findings.h"

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestQuote = 120; // characters

} // namespace

void Findings::add(const Finding &finding)
{
    if (m_counts[finding.kind]++ < mostOfAKind)
        m_findings += finding;
}

void Findings::addAt(const CheckedPart &part, qint64 textLine, FindingKind kind, const QStringList &facts)
{
    add({kind, facts, part.index, part.sourceLine(textLine), textLine});
}

void Findings::addOf(const CheckedPart &part, FindingKind kind, const QStringList &facts)
{
    add({kind, facts, part.index, part.headerLine, 0});
}

QList<Finding> Findings::take()
{
    std::stable_sort(m_findings.begin(), m_findings.end(),
        [](const Finding &one, const Finding &other) { return one.line < other.line; });
    return std::exchange(m_findings, {});
}

QString quoted(const QString &text)
{
    const QString line = text.left(longestQuote * 4).simplified();
    return line.size() > longestQuote ? line.left(longestQuote) + QStringLiteral("…") : line;
}

QString quoted(QByteArrayView text)
{
    return quoted(QString::fromUtf8(text.first(std::min(text.size(), longestQuote * 4))));
}

} // namespace glasspost::mail
