#include "mail/rules/wildcardpattern.h"

namespace glasspost::mail {

namespace {

constexpr qsizetype bitsPerWord = 64;

} // namespace

WildcardPattern::WildcardPattern(const QString &text)
{
    Run run;
    const QList<uint> characters = text.toUcs4();
    for (qsizetype at = 0; at < characters.size(); ++at) {
        uint c = characters.at(at);
        if (c == U'*') {
            m_runs.append(run);
            run = {};
        } else if (c == U'?') {
            run.append(std::nullopt);
        } else {
            if (c == U'\\' && at + 1 < characters.size())
                c = characters.at(++at);
            run.append(c);
        }
    }
    m_runs.append(run);
}

/// The first run stands at the front, the last at the end, and of each between them the first that follows:
/// what is found earlier leaves more to the others.
bool WildcardPattern::matches(const QList<uint> &value) const
{
    const Run &first = m_runs.constFirst(), &last = m_runs.constLast();
    if (m_runs.size() == 1)
        return value.size() == first.size() && first.endOfFirst(value, 0, value.size()) >= 0;
    const qsizetype end = value.size() - last.size();
    if (first.size() > end || first.endOfFirst(value, 0, first.size()) < 0)
        return false;
    qsizetype at = first.size();
    for (qsizetype run = 1; run + 1 < m_runs.size(); ++run) {
        at = m_runs.at(run).endOfFirst(value, at, end);
        if (at < 0)
            return false;
    }
    return last.endOfFirst(value, end, value.size()) >= 0;
}

void WildcardPattern::Run::set(Mask &mask, qsizetype place)
{
    const qsizetype word = place / bitsPerWord;
    if (mask.size() <= word)
        mask.resize(word + 1);
    mask[word] |= quint64(1) << (place % bitsPerWord);
}

void WildcardPattern::Run::append(std::optional<uint> character)
{
    const qsizetype place = m_size++;
    if (character) {
        const auto known = m_masks.find(*character);
        set(known == m_masks.end() ? *m_masks.insert(*character, m_any) : *known, place);
        return;
    }
    set(m_any, place);
    for (Mask &mask : m_masks)
        set(mask, place);
}

/// Shift-And (Baeza-Yates and Gonnet 1992): bit I of the state says that the last I + 1 characters are the
/// first I + 1 places of the run.
qsizetype WildcardPattern::Run::endOfFirst(const QList<uint> &value, qsizetype from, qsizetype end) const
{
    if (m_size == 0)
        return from;
    if (end - from < m_size)
        return -1;
    const qsizetype words = (m_size + bitsPerWord - 1) / bitsPerWord;
    const quint64 whole = quint64(1) << ((m_size - 1) % bitsPerWord);
    Mask state(words, 0);
    quint64 *const bits = state.data();
    for (qsizetype at = from; at < end; ++at) {
        const auto named = m_masks.constFind(value.at(at));
        const Mask &mask = named == m_masks.cend() ? m_any : *named;
        quint64 carry = 1;
        for (qsizetype word = 0; word < words; ++word) {
            const quint64 before = bits[word];
            bits[word] = ((before << 1) | carry) & mask.value(word);
            carry = before >> (bitsPerWord - 1);
        }
        if ((bits[words - 1] & whole) != 0)
            return at + 1;
    }
    return -1;
}

} // namespace glasspost::mail
