#include "mail/message/messagereader.h"
#include "mail/store/maildirname.h"
#include "mail/transfer/messagefiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace glasspost::mail {

namespace {

constexpr qint64 readAtOnce = 1024 * 1024;
constexpr int filesAtOnce = 64;
constexpr qint64 longestFile = qint64(512) * 1024 * 1024;

Error sourceError(const QFileDevice &file)
{
    const bool forbidden
        = file.error() == QFileDevice::OpenError || file.error() == QFileDevice::PermissionsError;
    return {
        forbidden ? ErrorCode::NotPermitted : ErrorCode::InputOutput, file.fileName(), file.errorString()};
}

class MboxSource : public MessageSource
{
public:
    explicit MboxSource(const QString &path) : m_file(path) { }

    Result<void> open()
    {
        if (!m_file.open(QIODevice::ReadOnly))
            return tl::unexpected(sourceError(m_file));
        return {};
    }

    Result<QList<CarriedMessage>> next() override
    {
        QList<CarriedMessage> messages;
        while (messages.isEmpty() && !m_ended) {
            const QByteArray octets = m_file.read(readAtOnce);
            if (octets.isEmpty() && m_file.error() != QFileDevice::NoError)
                return tl::unexpected(sourceError(m_file));
            m_ended = octets.isEmpty();
            messages = m_ended ? m_reader.finish() : m_reader.feed(octets);
            if (m_reader.hasForeignStart())
                return tl::unexpected(Error{ErrorCode::NotAMessage, m_file.fileName(), {}});
            messages.removeIf([this](const CarriedMessage &message) {
                ++m_count;
                const bool bad = !looksLikeMessage(message.octets);
                if (bad)
                    m_leftOut.append(QStringLiteral("%1, %2").arg(m_file.fileName()).arg(m_count));
                return bad;
            });
        }
        if (m_ended && m_reader.leftOut() > 0 && !m_toldLong) {
            m_toldLong = true;
            for (int i = 0; i < m_reader.leftOut(); ++i)
                m_leftOut.append(m_file.fileName());
        }
        return messages;
    }

    [[nodiscard]] int permille() const override
    {
        return m_file.size() > 0 ? int(m_file.pos() * 1000 / m_file.size()) : 1000;
    }

private:
    QFile m_file;
    MboxReader m_reader;
    bool m_ended = false;
    bool m_toldLong = false;
    int m_count = 0;
};

struct NamedFile
{
    QString path;
    MessageFlags flags;
};

class FilesSource : public MessageSource
{
public:
    explicit FilesSource(QList<NamedFile> files) : m_files(std::move(files)) { }

    Result<QList<CarriedMessage>> next() override
    {
        QList<CarriedMessage> messages;
        qint64 octets = 0;
        while (m_next < m_files.size() && messages.size() < filesAtOnce && octets < readAtOnce) {
            const NamedFile &named = m_files[m_next++];
            QFile file(named.path);
            if (!file.open(QIODevice::ReadOnly))
                return tl::unexpected(sourceError(file));
            const QByteArray message = file.size() <= longestFile ? file.readAll() : QByteArray();
            if (!looksLikeMessage(message)) {
                m_leftOut.append(named.path);
                continue;
            }
            octets += message.size();
            messages.append({message, named.flags});
        }
        return messages;
    }

    [[nodiscard]] int permille() const override
    {
        return m_files.isEmpty() ? 1000 : int(m_next * 1000 / m_files.size());
    }

private:
    QList<NamedFile> m_files;
    qsizetype m_next = 0;
};

QList<NamedFile> emlFiles(const QString &path)
{
    if (QFileInfo(path).isFile())
        return {{path, {}}};
    QList<NamedFile> files;
    const QFileInfoList found
        = QDir(path).entryInfoList({QStringLiteral("*.eml")}, QDir::Files | QDir::Readable, QDir::Name);
    for (const QFileInfo &info : found)
        files.append({info.filePath(), {}});
    return files;
}

QList<NamedFile> maildirFiles(const QString &path)
{
    QList<NamedFile> files;
    for (const QString &part : {QStringLiteral("cur"), QStringLiteral("new")}) {
        const QFileInfoList found
            = QDir(path + QLatin1Char('/') + part).entryInfoList(QDir::Files | QDir::Hidden, QDir::Name);
        for (const QFileInfo &info : found) {
            // What begins with a dot is no message (maildir(5)).
            if (!info.fileName().startsWith(QLatin1Char('.')))
                files.append({info.filePath(), flagsOf(QFile::encodeName(info.fileName()))});
        }
    }
    return files;
}

} // namespace

Result<TransferFormat> detectFormat(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return tl::unexpected(Error{ErrorCode::NotFound, path, {}});
    if (info.isDir()) {
        const QDir folder(path);
        return folder.exists(QStringLiteral("cur")) || folder.exists(QStringLiteral("new"))
            ? TransferFormat::Maildir
            : TransferFormat::Eml;
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(sourceError(file));
    return isMboxDivider(file.readLine(1000)) ? TransferFormat::Mbox : TransferFormat::Eml;
}

Result<std::unique_ptr<MessageSource>> MessageSource::open(const QString &path, TransferFormat format)
{
    const Result<TransferFormat> found = detectFormat(path);
    if (!found)
        return tl::unexpected(found.error());
    switch (format == TransferFormat::Detect ? *found : format) {
    case TransferFormat::Mbox: {
        auto source = std::make_unique<MboxSource>(path);
        if (const Result<void> opened = source->open(); !opened)
            return tl::unexpected(opened.error());
        return source;
    }
    case TransferFormat::Maildir:
        if (*found != TransferFormat::Maildir)
            return tl::unexpected(Error{ErrorCode::NotAMessage, path, {}});
        return std::make_unique<FilesSource>(maildirFiles(path));
    case TransferFormat::Eml:
    case TransferFormat::Detect:
        break;
    }
    return std::make_unique<FilesSource>(emlFiles(path));
}

} // namespace glasspost::mail
