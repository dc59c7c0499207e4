#include "mail/queue/messagesources.h"

#include "mail/message/sevenbit.h"

#include <QBuffer>
#include <QFile>

#include <algorithm>
#include <optional>

namespace glasspost::mail {

namespace {

constexpr qint64 block = 256 * 1024;

// What the client will have to know before it begins: counted once, block by block.
struct Measure
{
    qint64 wireSize = 0;
    qint64 line = 0; // octets of it so far
    bool eightBit = false;
    bool longLine = false; // RFC 5321 4.5.3.1.6
    char last = 0;

    // Every line end will be CRLF on the wire, a bare CR's and a bare LF's too.
    void add(const QByteArray &octets)
    {
        for (const char c : octets) {
            ++wireSize;
            if (c == '\n' && last != '\r')
                ++wireSize;
            if (last == '\r' && c != '\n')
                ++wireSize;
            line = c == '\n' || c == '\r' ? 0 : line + 1;
            longLine = longLine || line > 998;
            eightBit = eightBit || (static_cast<unsigned char>(c) & 0x80U) != 0;
            last = c;
        }
    }
};

class DeviceSource : public smtp::MessageSource
{
public:
    explicit DeviceSource(std::unique_ptr<QIODevice> device) : m_device(std::move(device))
    {
        for (QByteArray octets = read(block); !octets.isEmpty(); octets = read(block))
            m_measure.add(octets);
        m_device->seek(0);
    }
    DeviceSource(std::unique_ptr<QIODevice> device, const Measure &known)
        : m_device(std::move(device)), m_measure(known)
    { }

    [[nodiscard]] const Measure &measure() const { return m_measure; }

    [[nodiscard]] qint64 wireSize() const override { return m_measure.wireSize; }
    [[nodiscard]] bool hasEightBit() const override { return m_measure.eightBit; }
    [[nodiscard]] bool hasLongLine() const override { return m_measure.longLine; }
    bool rewind() override { return m_device->seek(0); }
    [[nodiscard]] bool failed() const override { return m_failed; }

    QByteArray read(qint64 maximum) override
    {
        QByteArray octets(maximum, Qt::Uninitialized);
        const qint64 count = m_device->read(octets.data(), maximum);
        m_failed = m_failed || count < 0;
        octets.truncate(std::max<qint64>(0, count));
        return octets;
    }

    [[nodiscard]] smtp::MessageSource *sevenBit() override
    {
        if (!m_sevenBit) {
            m_device->seek(0);
            const std::optional<QByteArray> converted = toSevenBit(m_device->readAll());
            m_device->seek(0);
            m_sevenBit = converted ? bytesSource(*converted) : nullptr;
        }
        return m_sevenBit.get();
    }

private:
    std::unique_ptr<QIODevice> m_device;
    Measure m_measure;
    bool m_failed = false;
    std::shared_ptr<smtp::MessageSource> m_sevenBit;
};

std::unique_ptr<QIODevice> openFile(const QString &path)
{
    auto file = std::make_unique<QFile>(path);
    if (!file->open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return nullptr;
    return file;
}

// Null when the file could not be read to its end.
std::shared_ptr<DeviceSource> measured(std::unique_ptr<QIODevice> device)
{
    if (!device)
        return nullptr;
    auto source = std::make_shared<DeviceSource>(std::move(device));
    return source->failed() ? nullptr : source;
}

} // namespace

std::shared_ptr<smtp::MessageSource> bytesSource(const QByteArray &message)
{
    auto buffer = std::make_unique<QBuffer>();
    buffer->setData(message);
    buffer->open(QIODevice::ReadOnly);
    return std::make_shared<DeviceSource>(std::move(buffer));
}

std::shared_ptr<smtp::MessageSource> fileSource(const QString &path)
{
    return measured(openFile(path));
}

SourceFactory fileSources(const QString &path)
{
    auto known = std::make_shared<std::optional<Measure>>();
    return [path, known]() -> std::shared_ptr<smtp::MessageSource> {
        std::unique_ptr<QIODevice> file = openFile(path);
        if (file && *known)
            return std::make_shared<DeviceSource>(std::move(file), **known);
        const std::shared_ptr<DeviceSource> source = measured(std::move(file));
        if (source)
            *known = source->measure();
        return source;
    };
}

} // namespace glasspost::mail
