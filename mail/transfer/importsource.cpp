#include "mail/base/lineends.h"
#include "mail/base/posix.h"
#include "mail/maildir/maildirname.h"
#include "mail/message/messagereader.h"
#include "mail/transfer/emlreader.h"
#include "mail/transfer/messagefiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

constexpr qint64 readAtOnce = 1024 * 1024;
constexpr int filesAtOnce = 64;
constexpr qint64 frontSize = 4096; // octets in which an mbox is told from a message

/// A regular file alone, open for reading: no device, FIFO or socket. The path that a person names may be a
/// link.
enum class Links { Followed, Refused };
Result<std::unique_ptr<QFile>> openRegular(const QString &path, Links links)
{
    const QString target = links == Links::Followed ? QFileInfo(path).canonicalFilePath() : path;
    Result<FileDescriptor> opened = openFileAt(AT_FDCWD, QFile::encodeName(target));
    if (!opened)
        return tl::unexpected(opened.error());
    auto file = std::make_unique<QFile>(path);
    if (!file->open(::dup(opened->get()), QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
        return tl::unexpected(Error{ErrorCode::InputOutput, path, file->errorString()});
    return file;
}

/// Whether a message begins at the offset, perhaps behind an empty line, or the file ends there.
bool beginsMessage(QFile &file, qint64 offset)
{
    if (offset > file.size() || !file.seek(offset))
        return false;
    QByteArray octets = file.read(frontSize);
    const qsizetype skipped = octets.startsWith("\r\n") ? 2 : octets.startsWith('\n') ? 1 : 0;
    octets.remove(0, skipped);
    const DividerShape shape = dividerShape(octets.left(octets.indexOf('\n')));
    return octets.isEmpty() || shape == DividerShape::Dated || shape == DividerShape::Bare;
}

class MboxSource : public ImportSource
{
public:
    MboxSource(std::unique_ptr<QFile> file, std::unique_ptr<QFile> ahead, const QString &spoolFolder)
        : m_file(std::move(file)), m_ahead(std::move(ahead)),
          m_reader(spoolFolder, [this](qint64 offset) { return beginsMessage(*m_ahead, offset); })
    { }

    Result<QList<CarriedMessage>> next() override
    {
        while (!m_ended) {
            const QByteArray octets = m_file->read(readAtOnce);
            if (octets.isEmpty() && m_file->error() != QFileDevice::NoError)
                return tl::unexpected(
                    Error{ErrorCode::InputOutput, m_file->fileName(), m_file->errorString()});
            m_ended = octets.isEmpty();
            Result<QList<CarriedMessage>> messages = m_ended ? m_reader.finish() : m_reader.feed(octets);
            if (m_reader.hasForeignStart())
                return tl::unexpected(Error{ErrorCode::NotAMessage, m_file->fileName(), {}});
            m_doubtful = m_reader.doubtful();
            if (messages)
                messages->removeIf([this](const CarriedMessage &message) { return leaveOut(message); });
            if (!messages || !messages->isEmpty())
                return messages;
        }
        return QList<CarriedMessage>();
    }
    [[nodiscard]] int permille() const override
    {
        return m_file->size() > 0 ? int(m_file->pos() * 1000 / m_file->size()) : 1000;
    }

private:
    bool leaveOut(const CarriedMessage &message)
    {
        ++m_count;
        const bool isBad = !looksLikeMessage(message.octets.front(readAtOnce).value_or(QByteArray()));
        if (isBad)
            m_leftOut.append(QStringLiteral("%1, %2").arg(m_file->fileName()).arg(m_count));
        return isBad;
    }

    std::unique_ptr<QFile> m_file;
    std::unique_ptr<QFile> m_ahead; ///< the same file, to look where Content-Length leads
    MboxReader m_reader;
    bool m_ended = false;
    int m_count = 0;
};

struct NamedFile
{
    QString path;
    MessageFlags flags;
    Links links = Links::Refused;
};

class FilesSource : public ImportSource
{
public:
    FilesSource(QList<NamedFile> files, QString spoolFolder)
        : m_files(std::move(files)), m_spoolFolder(std::move(spoolFolder))
    { }

    Result<QList<CarriedMessage>> next() override
    {
        QList<CarriedMessage> messages;
        qint64 octets = 0;
        while (m_next < m_files.size() && messages.size() < filesAtOnce && octets < readAtOnce) {
            const NamedFile &named = m_files[m_next++];
            const auto file = openRegular(named.path, named.links);
            auto single = file ? readSingleMessage(**file, m_spoolFolder) : tl::unexpected(file.error());
            if (!single && isFatal(single.error()))
                return tl::unexpected(single.error());
            if (!single) {
                m_leftOut.append(named.path);
                continue;
            }
            octets += single->message.octets.size();
            m_doubtful += single->isDoubtful ? 1 : 0;
            single->message.flags |= named.flags;
            messages.append(single->message);
        }
        return messages;
    }
    [[nodiscard]] int permille() const override
    {
        return m_files.isEmpty() ? 1000 : int(m_next * 1000 / m_files.size());
    }

private:
    /// A full disk ends it all; a file that cannot be read is left out.
    static bool isFatal(const Error &error) { return error.code == ErrorCode::NoSpace; }

    QList<NamedFile> m_files;
    QString m_spoolFolder;
    qsizetype m_next = 0;
};

constexpr QDir::Filters everyFile = QDir::Files | QDir::System | QDir::Hidden;

QList<NamedFile> emlFiles(const QString &path)
{
    if (!QFileInfo(path).isDir())
        return {{path, {}, Links::Followed}};
    QList<NamedFile> files;
    const QFileInfoList found = QDir(path).entryInfoList(
        {QStringLiteral("*.eml"), QStringLiteral("*.emlx")}, everyFile, QDir::Name);
    for (const QFileInfo &info : found)
        files.append({info.filePath(), {}});
    return files;
}

QList<NamedFile> maildirFiles(const QString &path)
{
    QList<NamedFile> files;
    for (const QString &part : {QStringLiteral("cur"), QStringLiteral("new")}) {
        const QString folder = path + QLatin1Char('/') + part;
        if (QFileInfo(folder).isSymLink()) { // it leads out of what was named
            files.append({folder, {}});
            continue;
        }
        const QFileInfoList found = QDir(folder).entryInfoList(everyFile, QDir::Name);
        for (const QFileInfo &info : found) {
            // What begins with a dot is no message (maildir(5)).
            if (!info.fileName().startsWith(QLatin1Char('.')))
                files.append({info.filePath(), flagsOf(QFile::encodeName(info.fileName()))});
        }
    }
    return files;
}

/// The first line of a file that is not empty, without a byte order mark, and the one behind it.
bool isMbox(const QByteArray &front)
{
    QByteArray text = withLf(front);
    if (text.startsWith("\xEF\xBB\xBF"))
        text.remove(0, 3);
    qsizetype begin = 0;
    while (begin < text.size() && text.at(begin) == '\n')
        ++begin;
    const qsizetype end = text.indexOf('\n', begin);
    const DividerShape shape = dividerShape(text.mid(begin, end < 0 ? -1 : end - begin));
    const QByteArray next = end < 0 ? QByteArray() : text.mid(end + 1, 1000);
    return shape == DividerShape::Dated
        || (shape != DividerShape::None && looksLikeField(next.left(next.indexOf('\n') + 1)));
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
    const auto file = openRegular(path, Links::Followed);
    if (!file)
        return tl::unexpected(file.error());
    return isMbox((*file)->peek(frontSize)) ? TransferFormat::Mbox : TransferFormat::Eml;
}

Result<std::unique_ptr<ImportSource>> ImportSource::open(
    const QString &path, TransferFormat format, const QString &spoolFolder)
{
    const Result<TransferFormat> found = detectFormat(path);
    if (!found)
        return tl::unexpected(found.error());
    switch (format == TransferFormat::Detect ? *found : format) {
    case TransferFormat::Mbox: {
        auto file = openRegular(path, Links::Followed);
        auto ahead = openRegular(path, Links::Followed);
        if (!file || !ahead)
            return tl::unexpected(file ? ahead.error() : file.error());
        return std::make_unique<MboxSource>(std::move(*file), std::move(*ahead), spoolFolder);
    }
    case TransferFormat::Maildir:
        if (*found != TransferFormat::Maildir)
            return tl::unexpected(Error{ErrorCode::NotAMessage, path, {}});
        return std::make_unique<FilesSource>(maildirFiles(path), spoolFolder);
    case TransferFormat::Eml:
    case TransferFormat::Detect:
        break;
    }
    return std::make_unique<FilesSource>(emlFiles(path), spoolFolder);
}

} // namespace glasspost::mail
