#pragma once

#include "mail/base/error.h"
#include "mail/settings/inifile.h"
#include "smtp/syntax/capabilities.h"

#include <QHostAddress>
#include <QList>
#include <QString>
#include <QStringList>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <limits>

/// The keys of a section of settings.ini, each bound to the place of its value; a Field refers to that place:
/// it lives no longer.
namespace glasspost::mail::ini {

/// Why a value makes no sense; empty when it does.
using Trouble = QString;

/// Which key of a section goes into which place, and back.
struct Field
{
    QString key;
    std::function<Trouble(const QString &)> read;
    std::function<QStringList()> write; ///< one line for each value
};
using Fields = QList<Field>;

/// Reads every entry into the place of its key. The error names section, key and line.
Result<void> readSection(const IniSection &section, const Fields &fields);
void addSection(IniFile &file, const QString &name, const Fields &fields);

Field text(const char16_t *key, QString &value);
Field texts(const char16_t *key, QStringList &values); ///< one entry for each
Field flag(const char16_t *key, bool &value); ///< yes or no
Field hostAddress(const char16_t *key, QHostAddress &value); ///< empty: none

/// "5m", "2h", "5d", "90s" or plain seconds; 0 has a word where there is one ("never").
Field durationField(const char16_t *key, const std::function<void(std::chrono::seconds)> &set,
    const std::function<std::chrono::seconds()> &get, const QString &zero);
template <typename Duration> Field duration(const char16_t *key, Duration &value, const QString &zero = {})
{
    return durationField(
        key, [&value](std::chrono::seconds read) { value = read; },
        [&value] { return std::chrono::duration_cast<std::chrono::seconds>(value); }, zero);
}
Field durations(const char16_t *key, QList<std::chrono::seconds> &values);
Field keywords(const char16_t *key, smtp::CapabilityFlags &value); ///< EHLO keywords

Trouble readWhole(const QString &text, qint64 &value, qint64 least, qint64 most);

template <typename Number>
Field number(
    const char16_t *key, Number &value, qint64 least, qint64 most = std::numeric_limits<Number>::max())
{
    return {QString::fromUtf16(key),
        [&value, least, most](const QString &t) {
            qint64 whole = 0;
            const Trouble trouble = readWhole(t, whole, least, most);
            if (trouble.isEmpty())
                value = Number(whole);
            return trouble;
        },
        [&value] { return QStringList{QString::number(value)}; }};
}

template <typename Enum> struct Word
{
    Enum value;
    QLatin1String word;
};

template <typename Enum, size_t n> QString wordFor(Enum value, const std::array<Word<Enum>, n> &words)
{
    const auto found
        = std::find_if(words.begin(), words.end(), [value](const auto &word) { return word.value == value; });
    return found == words.end() ? QString() : QString(found->word);
}

template <typename Enum, size_t n>
Trouble readWord(const QString &text, Enum &value, const std::array<Word<Enum>, n> &words)
{
    QStringList known;
    for (const auto &word : words) {
        if (text.compare(word.word, Qt::CaseInsensitive) == 0) {
            value = word.value;
            return {};
        }
        known += word.word;
    }
    return QStringLiteral("\"%1\" is not one of %2").arg(text, known.join(QLatin1String(", ")));
}

template <typename Enum, size_t n>
Field word(const char16_t *key, Enum &value, const std::array<Word<Enum>, n> &words)
{
    return {QString::fromUtf16(key), [&value, &words](const QString &t) { return readWord(t, value, words); },
        [&value, &words] { return QStringList{wordFor(value, words)}; }};
}

} // namespace glasspost::mail::ini
