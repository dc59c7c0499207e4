#include "mail/maildir/maildirname.h"

#include <QSysInfo>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <unistd.h>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestFolderName = 200;
constexpr const char *base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

constexpr std::array<std::pair<char, MessageFlag>, 6> flagLetters
    = {{{'D', MessageFlag::Draft}, {'F', MessageFlag::Flagged}, {'P', MessageFlag::Passed},
        {'R', MessageFlag::Replied}, {'S', MessageFlag::Seen}, {'T', MessageFlag::Trashed}}};

bool isSafe(char c, bool first)
{
    if (quint8(c) >= 0x80)
        return true;
    if (quint8(c) < 0x20 || quint8(c) == 0x7F)
        return false;
    return !(c == '/' || c == '%' || c == '\\' || c == ':' || c == '*' || c == '?' || c == '"' || c == '<'
        || c == '>' || c == '|' || c == ' ' || c == '~' || (first && (c == '.' || c == '-')));
}

void appendShifted(QByteArray &to, QStringView run)
{
    to.append('&');
    quint32 bits = 0;
    int count = 0;
    for (const QChar c : run) {
        bits = (bits << 16) | c.unicode();
        count += 16;
        while (count >= 6) {
            count -= 6;
            to.append(base64[(bits >> count) & 63]);
        }
        bits &= (1U << count) - 1;
    }
    if (count > 0)
        to.append(base64[(bits << (6 - count)) & 63]);
    to.append('-');
}

/// RFC 3501 5.1.3.
QByteArray toModifiedUtf7(const QString &text)
{
    QByteArray result;
    for (qsizetype at = 0; at < text.size();) {
        const auto isPlain = [](QChar c) { return c.unicode() >= 0x20 && c.unicode() < 0x7F; };
        if (isPlain(text[at])) {
            result.append(text[at].toLatin1());
            if (text[at] == QLatin1Char('&'))
                result.append('-');
            ++at;
            continue;
        }
        qsizetype end = at;
        while (end < text.size() && !isPlain(text[end]))
            ++end;
        appendShifted(result, QStringView(text).sliced(at, end - at));
        at = end;
    }
    return result;
}

QString shiftedText(QByteArrayView run)
{
    QString text;
    quint32 bits = 0;
    int count = 0;
    for (const char c : run) {
        const qsizetype value = QByteArrayView(base64).indexOf(c);
        bits = ((bits << 6) | quint32(value < 0 ? 0 : value)) & 0x3FFFFF;
        count += 6;
        if (count >= 16) {
            count -= 16;
            text.append(QChar(ushort((bits >> count) & 0xFFFF)));
        }
    }
    return text;
}

QString fromModifiedUtf7(QByteArrayView bytes)
{
    QString text;
    for (qsizetype at = 0; at < bytes.size();) {
        const qsizetype end = bytes[at] == '&' ? bytes.indexOf('-', at) : -1;
        if (end < 0) {
            text.append(QLatin1Char(bytes[at++]));
            continue;
        }
        text.append(end == at + 1 ? QStringLiteral("&") : shiftedText(bytes.sliced(at + 1, end - at - 1)));
        at = end + 1;
    }
    return text;
}

const QByteArray &hostPart()
{
    // ':' and '/' in a host name would end the unique name or the path (the Maildir specification: \072,
    // \057).
    static const QByteArray host = [] {
        QByteArray name = QSysInfo::machineHostName().toUtf8().left(64);
        for (char &c : name) {
            if (!isSafe(c, false) || c == ',')
                c = '_';
        }
        return name.isEmpty() ? QByteArray("localhost") : name;
    }();
    return host;
}

QByteArrayView valueOf(QByteArrayView uniqueName, QByteArrayView key)
{
    const qsizetype at = uniqueName.indexOf(key);
    if (at < 0)
        return {};
    const QByteArrayView rest = uniqueName.sliced(at + key.size());
    const qsizetype end = rest.indexOf(',');
    return end < 0 ? rest : rest.first(end);
}

} // namespace

std::optional<QByteArray> userPath(const QString &user)
{
    const QByteArray name = user.toUtf8();
    QByteArray path("mail/");
    for (qsizetype i = 0; i < name.size(); ++i) {
        if (isSafe(name[i], i == 0))
            path.append(name[i]);
        else
            path.append('%').append(QByteArray(1, name[i]).toHex().toUpper());
    }
    if (name.isEmpty() || path.size() > longestFolderName)
        return {};
    return path;
}

QString userOfPath(QByteArrayView folderName)
{
    return QString::fromUtf8(QByteArray::fromPercentEncoding(folderName.toByteArray()));
}

std::optional<QByteArray> folderPath(const FolderId &folder)
{
    auto path = userPath(folder.user);
    if (!path || folder.folder.isEmpty())
        return path;
    const QString &name = folder.folder;
    for (const QChar c : name) {
        if (c == QLatin1Char('/') || c == QLatin1Char('\\') || c.unicode() < 0x20 || c.unicode() == 0x7F)
            return {};
    }
    const bool emptyLevel = name.startsWith(QLatin1Char('.')) || name.endsWith(QLatin1Char('.'))
        || name.contains(QLatin1String(".."));
    const QByteArray encoded = toModifiedUtf7(name);
    if (emptyLevel || encoded.size() > longestFolderName)
        return {};
    return *path + "/." + encoded;
}

QString folderOfName(QByteArrayView name)
{
    return name.startsWith('.') ? fromModifiedUtf7(name.sliced(1)) : QString();
}

QByteArray newUniqueName(qint64 fileSize, qint64 wireSize, const QByteArray &queueId)
{
    static std::atomic<quint64> counter = 0;
    static const QByteArray process = QByteArray::number(qint64(::getpid()));
    using namespace std::chrono;
    const qint64 micros = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
    QByteArray name;
    name.reserve(120);
    name.append(QByteArray::number(micros / 1'000'000)).append(".M");
    name.append(QByteArray::number(micros % 1'000'000)).append('P');
    name.append(process).append('Q');
    name.append(QByteArray::number(++counter)).append('.').append(hostPart());
    name.append(",S=")
        .append(QByteArray::number(fileSize))
        .append(",W=")
        .append(QByteArray::number(wireSize));
    const bool plain = std::all_of(queueId.begin(), queueId.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    });
    if (!queueId.isEmpty() && queueId.size() <= 64 && plain)
        name += ",Q=" + queueId;
    return name;
}

QByteArrayView uniqueOf(QByteArrayView fileName)
{
    const qsizetype colon = fileName.indexOf(':');
    return colon < 0 ? fileName : fileName.first(colon);
}

QByteArray queueIdOf(QByteArrayView uniqueName)
{
    return valueOf(uniqueOf(uniqueName), ",Q=").toByteArray();
}

qint64 wireSizeOf(QByteArrayView uniqueName)
{
    bool good = false;
    const qint64 size = valueOf(uniqueOf(uniqueName), ",W=").toLongLong(&good);
    return good && size >= 0 ? size : -1;
}

qint64 arrivalOf(QByteArrayView uniqueName)
{
    const qsizetype dot = uniqueName.indexOf('.');
    bool good = false;
    const qint64 seconds = dot <= 0 ? 0 : uniqueName.first(dot).toLongLong(&good);
    return good && seconds > 0 ? seconds : 0;
}

qint64 momentOf(QByteArrayView uniqueName)
{
    constexpr qint64 microsecondsOfSecond = 1'000'000;
    const qsizetype from = uniqueName.indexOf('.') + 2; // behind ".M"
    const qsizetype to = from < 2 ? -1 : uniqueName.indexOf('P', from);
    if (to < 0 || uniqueName[from - 1] != 'M')
        return 0;
    bool good = false;
    const qint64 fraction = uniqueName.sliced(from, to - from).toLongLong(&good);
    const qint64 seconds = arrivalOf(uniqueName);
    const bool isMoment = good && fraction >= 0 && fraction < microsecondsOfSecond && seconds > 0;
    return isMoment ? seconds * microsecondsOfSecond + fraction : 0;
}

MessageFlags flagsOf(QByteArrayView fileName)
{
    const qsizetype info = fileName.indexOf(":2,");
    MessageFlags flags;
    if (info < 0)
        return flags;
    for (const auto &[letter, flag] : flagLetters) {
        if (fileName.sliced(info + 3).contains(letter))
            flags |= flag;
    }
    return flags;
}

QByteArray infoFor(MessageFlags flags, QByteArrayView oldFileName)
{
    QByteArray info(":2,");
    for (const auto &[letter, flag] : flagLetters) {
        if (flags.testFlag(flag))
            info.append(letter);
    }
    const qsizetype old = oldFileName.indexOf(":2,");
    for (const char c : old < 0 ? QByteArrayView() : oldFileName.sliced(old + 3)) {
        if (c >= 'a' && c <= 'z' && !info.sliced(3).contains(c))
            info.append(c);
    }
    return info;
}

std::optional<MaildirPath> maildirPath(const QByteArray &path)
{
    const QList<QByteArray> levels = path.split('/');
    const bool inSub = levels.size() == 5 && levels[2].startsWith('.');
    if (levels.first() != "mail" || (levels.size() != 4 && !inSub))
        return {};
    const QByteArray &part = levels[levels.size() - 2];
    if (part != "new" && part != "cur")
        return {};
    const QByteArray user = "mail/" + levels[1];
    return MaildirPath{user, inSub ? user + '/' + levels[2] : user, part, levels.last()};
}

} // namespace glasspost::mail
