#include "mail/settings/inifields.h"

namespace glasspost::mail::ini {

namespace {

const Trouble fine;

Trouble readFlag(const QString &text, bool &value)
{
    const QString word = text.toLower();
    if (word == QLatin1String("yes") || word == QLatin1String("true") || word == QLatin1String("1"))
        value = true;
    else if (word == QLatin1String("no") || word == QLatin1String("false") || word == QLatin1String("0"))
        value = false;
    else
        return QStringLiteral("\"%1\" is neither yes nor no").arg(text);
    return fine;
}

Trouble readKeywords(const QString &text, smtp::CapabilityFlags &value)
{
    const auto flags = smtp::Capabilities::flagsOf(text.toLatin1());
    if (!flags)
        return QStringLiteral("\"%1\" names an extension that is not known").arg(text);
    value = *flags;
    return fine;
}

Trouble readAddress(const QString &text, QHostAddress &value)
{
    if (text.isEmpty()) {
        value = QHostAddress();
        return fine;
    }
    QHostAddress address;
    if (!address.setAddress(text))
        return QStringLiteral("\"%1\" is not an IPv4 or IPv6 address").arg(text);
    value = address;
    return fine;
}

Trouble readDuration(const QString &text, std::chrono::seconds &value)
{
    static constexpr qint64 longest = 366LL * 24 * 3600;
    qint64 unit = 1;
    QString digits = text;
    if (text.endsWith(u's') || text.endsWith(u'm') || text.endsWith(u'h') || text.endsWith(u'd')) {
        unit = text.endsWith(u's') ? 1 : text.endsWith(u'm') ? 60 : text.endsWith(u'h') ? 3600 : 86400;
        digits.chop(1);
    }
    qint64 number = 0;
    if (const Trouble trouble = readWhole(digits.trimmed(), number, 1, longest / unit); !trouble.isEmpty())
        return QStringLiteral("\"%1\" is not a time such as 30s, 5m, 2h or 5d").arg(text);
    value = std::chrono::seconds(number * unit);
    return fine;
}

QString durationText(std::chrono::seconds value)
{
    const qint64 seconds = value.count();
    for (const auto &[unit, letter] : {std::pair{86400, u'd'}, std::pair{3600, u'h'}, std::pair{60, u'm'}})
        if (seconds % unit == 0 && seconds > 0)
            return QString::number(seconds / unit) + QChar(letter);
    return QString::number(seconds) + u's';
}

QString flagText(bool value)
{
    return value ? QStringLiteral("yes") : QStringLiteral("no");
}

QString addressText(const QHostAddress &address)
{
    return address.isNull() ? QString() : address.toString();
}

} // namespace

Trouble readWhole(const QString &text, qint64 &value, qint64 least, qint64 most)
{
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    if (!ok || number < least || number > most)
        return QStringLiteral("\"%1\" is not a number from %2 to %3").arg(text).arg(least).arg(most);
    value = number;
    return fine;
}

Result<void> readSection(const IniSection &section, const Fields &fields)
{
    for (const IniSection::Entry &entry : section.entries) {
        const QString where = section.name + u'.' + entry.key;
        const auto found = std::find_if(
            fields.begin(), fields.end(), [&entry](const Field &field) { return field.key == entry.key; });
        const Trouble trouble
            = found == fields.end() ? QStringLiteral("no such key") : found->read(entry.value);
        if (!trouble.isEmpty())
            return tl::unexpected(Error{
                ErrorCode::BadSettings, where, QStringLiteral("line %1: %2").arg(entry.line).arg(trouble)});
    }
    return {};
}

void addSection(IniFile &file, const QString &name, const Fields &fields)
{
    IniSection section;
    section.name = name;
    for (const Field &field : fields) {
        const QStringList values = field.write();
        for (const QString &value : values)
            section.add(field.key, value);
    }
    file.append(section);
}

Field text(const char16_t *key, QString &value)
{
    return {QString::fromUtf16(key), [&value](const QString &t) { return value = t, fine; },
        [&value] { return QStringList{value}; }};
}

Field texts(const char16_t *key, QStringList &values)
{
    return {QString::fromUtf16(key), [&values](const QString &t) { return values += t, fine; },
        [&values] { return values; }};
}

Field flag(const char16_t *key, bool &value)
{
    return {QString::fromUtf16(key), [&value](const QString &t) { return readFlag(t, value); },
        [&value] { return QStringList{flagText(value)}; }};
}

Field hostAddress(const char16_t *key, QHostAddress &value)
{
    return {QString::fromUtf16(key), [&value](const QString &t) { return readAddress(t, value); },
        [&value] { return QStringList{addressText(value)}; }};
}

Field durationField(const char16_t *key, const std::function<void(std::chrono::seconds)> &set,
    const std::function<std::chrono::seconds()> &get, const QString &zero)
{
    const auto read = [set, zero](const QString &t) {
        std::chrono::seconds value{0};
        const bool isZero = !zero.isEmpty() && t == zero;
        const Trouble trouble = isZero ? fine : readDuration(t, value);
        if (trouble.isEmpty())
            set(value);
        return trouble;
    };
    const auto write = [get, zero] { return QStringList{get().count() == 0 ? zero : durationText(get())}; };
    return {QString::fromUtf16(key), read, write};
}

Field durations(const char16_t *key, QList<std::chrono::seconds> &values)
{
    const auto read = [&values, isFirst = true](const QString &t) mutable {
        std::chrono::seconds value{};
        const Trouble trouble = readDuration(t, value);
        if (!trouble.isEmpty())
            return trouble;
        if (std::exchange(isFirst, false)) // what the file has takes the place of the default
            values.clear();
        values += value;
        return fine;
    };
    const auto write = [&values] {
        QStringList lines;
        for (const std::chrono::seconds value : values)
            lines += durationText(value);
        return lines;
    };
    return {QString::fromUtf16(key), read, write};
}

Field keywords(const char16_t *key, smtp::CapabilityFlags &value)
{
    return {QString::fromUtf16(key), [&value](const QString &t) { return readKeywords(t, value); },
        [&value] { return QStringList{QString::fromLatin1(smtp::Capabilities::keywordsOf(value))}; }};
}

} // namespace glasspost::mail::ini
