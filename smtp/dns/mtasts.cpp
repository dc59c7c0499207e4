#include "smtp/dns/mtasts.h"

#include "smtp/syntax/octets.h"

#include <algorithm>

namespace glasspost::smtp {

namespace {

constexpr qint64 longestAge = 31557600; // RFC 8461 3.2: a year
constexpr qsizetype ageDigits = 10;
constexpr qsizetype idLimit = 32;
constexpr qsizetype patternLimit = 1000;

bool isAll(const QByteArray &text, bool (*is)(char))
{
    return !text.isEmpty() && std::all_of(text.cbegin(), text.cend(), is);
}

bool isHostName(const QByteArray &name)
{
    const QList<QByteArray> labels = name.split('.');
    return std::all_of(labels.cbegin(), labels.cend(), [](const QByteArray &label) {
        return isAll(label, [](char c) { return isLetterOrDigit(c) || c == '-' || c == '_'; });
    });
}

/// One policy while its lines are read; the first of a repeated key counts, but for mx.
struct Draft
{
    std::optional<QByteArray> version;
    std::optional<QByteArray> mode;
    std::optional<QByteArray> maxAge;
    QList<QByteArray> patterns;
};

tl::expected<Draft, QByteArray> readLines(const QByteArray &text)
{
    Draft draft;
    for (QByteArray line : text.split('\n')) {
        if (line.endsWith('\r'))
            line.chop(1);
        if (line.isEmpty())
            continue;
        const qsizetype colon = line.indexOf(':');
        if (colon < 0)
            return tl::unexpected(QByteArray("a line without a colon"));
        const QByteArray key = line.first(colon).trimmed();
        const QByteArray value = line.sliced(colon + 1).trimmed();
        if (key == "version" && !draft.version)
            draft.version = value;
        else if (key == "mode" && !draft.mode)
            draft.mode = value;
        else if (key == "max_age" && !draft.maxAge)
            draft.maxAge = value;
        else if (key == "mx" && draft.patterns.size() < patternLimit)
            draft.patterns.append(value.toLower());
    }
    return draft;
}

std::optional<StsPolicy::Mode> modeOf(const QByteArray &word)
{
    if (word == "enforce")
        return StsPolicy::Mode::Enforce;
    if (word == "testing")
        return StsPolicy::Mode::Testing;
    if (word == "none")
        return StsPolicy::Mode::None;
    return std::nullopt;
}

} // namespace

bool StsPolicy::lists(const QByteArray &host) const
{
    const QByteArray name = host.toLower();
    return std::any_of(patterns.cbegin(), patterns.cend(), [&name](const QByteArray &pattern) {
        if (!pattern.startsWith("*."))
            return name == pattern;
        const qsizetype dot = name.indexOf('.'); // one label, and there must be one (RFC 6125 6.4.3)
        return dot > 0 && name.sliced(dot) == pattern.sliced(1);
    });
}

tl::expected<StsPolicy, QByteArray> parseStsPolicy(const QByteArray &text)
{
    const auto draft = readLines(text);
    if (!draft)
        return tl::unexpected(draft.error());
    if (draft->version != QByteArray("STSv1"))
        return tl::unexpected(QByteArray("no version STSv1"));
    StsPolicy policy;
    const auto mode = modeOf(draft->mode.value_or(QByteArray()));
    if (!mode)
        return tl::unexpected(QByteArray("no mode enforce, testing or none"));
    policy.mode = *mode;
    const QByteArray age = draft->maxAge.value_or(QByteArray());
    if (!isAll(age, [](char c) { return isDigit(c); }) || age.size() > ageDigits)
        return tl::unexpected(QByteArray("no max_age in seconds"));
    policy.maxAge = std::chrono::seconds(std::min(age.toLongLong(), longestAge));
    for (const QByteArray &pattern : draft->patterns) {
        if (!isHostName(pattern.startsWith("*.") ? pattern.sliced(2) : pattern))
            return tl::unexpected(QByteArray("an mx that is not a host name"));
    }
    policy.patterns = draft->patterns;
    if (policy.mode != StsPolicy::Mode::None && policy.patterns.isEmpty())
        return tl::unexpected(QByteArray("no mx"));
    return policy;
}

std::optional<QByteArray> stsPolicyId(const QList<QByteArray> &texts)
{
    QList<QByteArray> records;
    std::copy_if(texts.cbegin(), texts.cend(), std::back_inserter(records), [](const QByteArray &text) {
        return text == "v=STSv1" || text.startsWith("v=STSv1;") || text.startsWith("v=STSv1 ");
    });
    if (records.size() != 1)
        return std::nullopt;
    for (const QByteArray &field : records.constFirst().split(';').mid(1)) {
        const QByteArray text = field.trimmed();
        if (!text.startsWith("id="))
            continue;
        const QByteArray id = text.sliced(3);
        const bool isFit = isAll(id, [](char c) { return isLetterOrDigit(c); }) && id.size() <= idLimit;
        return isFit ? std::optional(id) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace glasspost::smtp
