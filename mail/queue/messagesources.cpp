#include "mail/queue/messagesources.h"

#include "mail/base/posix.h"
#include "mail/message/sevenbit.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <fcntl.h>
#include <optional>

namespace glasspost::mail {

namespace {

constexpr qint64 block = 256 * 1024;
constexpr qint64 mostInMemory = 64 * 1024; // a message up to this is read in one go
constexpr qint64 mostMeasuredAtOnce = 1024 * 1024; // by a thread that others wait for

// What the client will have to know before it begins: counted once, block by block.
struct Measure
{
    qint64 wireSize = 0;
    qint64 line = 0; // octets of it so far
    bool eightBit = false;
    bool longLine = false;
    bool nul = false;
    char last = 0;

    // Every line end will be CRLF on the wire, a bare CR's and a bare LF's too.
    void add(const QByteArray &octets)
    {
        unsigned int bits = 0; // of all octets; in a variable of its own, not in memory that they may lie in
        char before = last;
        qint64 zeros = 0;
        qint64 ends = 0; // one octet of them
        qsizetype begin = 0; // of the line
        for (qsizetype at = 0; at < octets.size(); ++at) {
            const char c = octets.at(at);
            bits |= static_cast<unsigned char>(c);
            zeros += c == 0 ? 1 : 0;
            ends += (c == '\n') != (before == '\r') ? 1 : 0;
            before = c;
            if (c == '\n' || c == '\r') {
                endLine(at - begin);
                begin = at + 1;
            }
        }
        last = before;
        wireSize += octets.size() + ends;
        nul = nul || zeros > 0;
        eightBit = eightBit || (bits & 0x80U) != 0;
        grow(octets.size() - begin);
    }

private:
    void grow(qint64 octets) // RFC 5321 4.5.3.1.6
    {
        line += octets;
        longLine = longLine || line > 998;
    }
    void endLine(qint64 octets)
    {
        grow(octets);
        line = 0;
    }
};

smtp::ConvertedMessage sourceOf(const Result<MessageOctets> &sevenBit, const std::stop_token &stop)
{
    const auto source = sevenBit ? sourcesOf(*sevenBit)(stop) : nullptr;
    if (source)
        return source;
    const bool isForbidden = !sevenBit && sevenBit.error().code == ErrorCode::NotAMessage;
    return tl::unexpected(isForbidden ? smtp::ConversionFault::Forbidden : smtp::ConversionFault::NotNow);
}

class MeasuredSource : public smtp::MessageSource
{
public:
    [[nodiscard]] const Measure &measure() const { return m_measure; }
    [[nodiscard]] qint64 wireSize() const override { return m_measure.wireSize; }
    [[nodiscard]] bool hasEightBit() const override { return m_measure.eightBit; }
    [[nodiscard]] bool hasLongLine() const override { return m_measure.longLine; }
    [[nodiscard]] bool hasNul() const override { return m_measure.nul; }

protected:
    Measure m_measure;
};

class BytesSource : public MeasuredSource
{
public:
    explicit BytesSource(QByteArray message) : m_message(std::move(message)) { m_measure.add(m_message); }

    bool rewind() override
    {
        m_at = 0;
        return true;
    }
    [[nodiscard]] bool failed() const override { return false; }

    QByteArray read(qint64 maximum) override
    {
        const QByteArray octets = m_message.mid(m_at, maximum);
        m_at += octets.size();
        return octets;
    }
    [[nodiscard]] smtp::MessageConverter toSevenBit() const override
    {
        return [message = m_message](
                   const std::stop_token &stop) { return sourceOf(mail::toSevenBit(message), stop); };
    }

private:
    const QByteArray m_message;
    qsizetype m_at = 0;
};

class FileSource : public MeasuredSource
{
public:
    // Without a measure that is known already, it is read once for that.
    FileSource(std::unique_ptr<QFile> file, QString folder, const std::optional<Measure> &known,
        const std::stop_token &stop)
        : m_file(std::move(file)), m_folder(std::move(folder))
    {
        if (known) {
            m_measure = *known;
            return;
        }
        for (QByteArray octets = read(block); !octets.isEmpty(); octets = read(block)) {
            m_measure.add(octets);
            m_failed = m_failed || stop.stop_requested();
            if (m_failed)
                return;
        }
        rewind();
    }

    bool rewind() override { return m_file->seek(0); }
    [[nodiscard]] bool failed() const override { return m_failed; }

    QByteArray read(qint64 maximum) override
    {
        QByteArray octets(maximum, Qt::Uninitialized);
        const qint64 count = m_file->read(octets.data(), maximum);
        m_failed = m_failed || count < 0;
        octets.truncate(std::max<qint64>(0, count));
        return octets;
    }
    [[nodiscard]] smtp::MessageConverter toSevenBit() const override
    {
        return [path = m_file->fileName(), folder = m_folder](const std::stop_token &stop) {
            return sourceOf(fileToSevenBit(path, folder, stop), stop);
        };
    }

private:
    std::unique_ptr<QFile> m_file;
    QString m_folder;
    bool m_failed = false;
};

// Null when the file could not be read to its end.
std::shared_ptr<smtp::MessageSource> fileSource(
    const QString &path, const QString &folder, std::optional<Measure> &known, const std::stop_token &stop)
{
    auto file = std::make_unique<QFile>(path);
    if (!file->open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return nullptr;
    auto source = std::make_shared<FileSource>(std::move(file), folder, known, stop);
    if (source->failed())
        return nullptr;
    known = source->measure();
    return source;
}

} // namespace

std::shared_ptr<smtp::MessageSource> bytesSource(const QByteArray &message)
{
    return std::make_shared<BytesSource>(message);
}

SourceFactory fileSources(const QString &path, qint64 size, const QString &folder)
{
    auto known = std::make_shared<std::optional<Measure>>();
    const auto open
        = [path, folder, known](const std::stop_token &stop) -> std::shared_ptr<smtp::MessageSource> {
        const auto front = readFileAt(AT_FDCWD, QFile::encodeName(path), mostInMemory + 1);
        if (!front) // a link, say, which might lead to a file that is nobody's mail
            return nullptr;
        if (front->size() <= mostInMemory)
            return bytesSource(*front);
        return fileSource(path, folder, *known, stop);
    };
    return {open, (size < 0 ? QFileInfo(path).size() : size) > mostMeasuredAtOnce};
}

SourceFactory sourcesOf(const MessageOctets &message)
{
    if (!message.isSpooled())
        return [octets = message.inMemory()](const std::stop_token &) { return bytesSource(octets); };
    const QString path = message.file()->path();
    // The factory's copy of the value keeps the file; a source keeps it open.
    const SourceFactory sources = fileSources(path, message.size(), QFileInfo(path).path());
    return {[message, sources](const std::stop_token &stop) { return sources(stop); }, sources.isLarge()};
}

} // namespace glasspost::mail
