#include "mail/maildir/maildirname.h"
#include "mail/message/messageview.h"
#include "mail/transfer/mboxwriter.h"
#include "mail/transfer/messagefiles.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace glasspost::mail {

namespace {

Error sinkError(const QFileDevice &file)
{
    ErrorCode code = ErrorCode::InputOutput;
    if (file.error() == QFileDevice::ResourceError)
        code = ErrorCode::NoSpace;
    else if (file.error() == QFileDevice::OpenError || file.error() == QFileDevice::PermissionsError)
        code = ErrorCode::NotPermitted;
    return {code, file.fileName(), file.errorString()};
}

Result<void> writeFile(const QString &path, const MessageOctets &octets)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return tl::unexpected(sinkError(file));
    const auto read
        = forEachPiece(octets, [&file](QByteArrayView piece) { file.write(piece.data(), piece.size()); });
    if (!read)
        return read;
    if (!file.commit()) // says what any write before it met
        return tl::unexpected(sinkError(file));
    return {};
}

Result<void> makeFolder(const QString &path)
{
    if (QDir().mkpath(path))
        return {};
    return tl::unexpected(Error{ErrorCode::NotPermitted, path, {}});
}

class MboxSink : public ExportSink
{
public:
    explicit MboxSink(const QString &path) : m_file(path) { }

    Result<void> open()
    {
        if (!m_file.open(QIODevice::WriteOnly))
            return tl::unexpected(sinkError(m_file));
        return {};
    }

    Result<void> write(const CarriedMessage &message, const CarriedFacts &facts) override
    {
        const auto put = [this](QByteArrayView octets) { m_file.write(octets.data(), octets.size()); };
        const auto read = writeMboxEntry(message, facts.sender, facts.date, put);
        if (read && m_file.error() != QFileDevice::NoError)
            return tl::unexpected(sinkError(m_file));
        return read;
    }

    Result<void> finish() override
    {
        if (!m_file.commit())
            return tl::unexpected(sinkError(m_file));
        return {};
    }

private:
    QSaveFile m_file;
};

/// "00012 Minutes of Thursday.eml", in the mailbox's order.
class EmlSink : public ExportSink
{
public:
    explicit EmlSink(QString path) : m_path(std::move(path)) { }

    Result<void> write(const CarriedMessage &message, const CarriedFacts &facts) override
    {
        const QString subject
            = facts.subject.isEmpty() ? QString() : safeFileName(facts.subject).left(80).trimmed();
        const QString name
            = QStringLiteral("%1 %2").arg(++m_count, 5, 10, QLatin1Char('0')).arg(subject).trimmed();
        return writeFile(m_path + QLatin1Char('/') + name + QStringLiteral(".eml"), message.octets);
    }
    Result<void> finish() override { return {}; }

private:
    QString m_path;
    int m_count = 0;
};

class MaildirSink : public ExportSink
{
public:
    explicit MaildirSink(QString path) : m_path(std::move(path)) { }

    Result<void> open()
    {
        for (const QString &part : {QStringLiteral("tmp"), QStringLiteral("new"), QStringLiteral("cur")}) {
            if (const Result<void> made = makeFolder(m_path + QLatin1Char('/') + part); !made)
                return made;
        }
        return {};
    }

    Result<void> write(const CarriedMessage &message, const CarriedFacts &) override
    {
        qint64 size = 0;
        qint64 onTheWire = 0;
        const auto counted = forEachPiece(message.octets, [&](QByteArrayView piece) {
            size += piece.size();
            onTheWire += piece.size() + std::count(piece.begin(), piece.end(), '\n');
        });
        if (!counted)
            return counted;
        const QByteArray unique = newUniqueName(size, onTheWire);
        const QByteArray name
            = message.flags ? "cur/" + unique + infoFor(message.flags) : QByteArray("new/" + unique);
        return writeFile(m_path + QLatin1Char('/') + QString::fromUtf8(name), message.octets);
    }
    Result<void> finish() override { return {}; }

private:
    QString m_path;
};

template <typename Sink> Result<std::unique_ptr<ExportSink>> opened(std::unique_ptr<Sink> sink)
{
    if (const Result<void> done = sink->open(); !done)
        return tl::unexpected(done.error());
    return sink;
}

} // namespace

Result<std::unique_ptr<ExportSink>> ExportSink::open(const QString &path, TransferFormat format)
{
    const QFileInfo info(path);
    const bool isEmptyFolder = info.isDir() && QDir(path).isEmpty();
    const bool takesFolder = format == TransferFormat::Eml || format == TransferFormat::Maildir;
    if (info.exists() && !(isEmptyFolder && takesFolder))
        return tl::unexpected(Error{ErrorCode::NotPermitted, path, QStringLiteral("it already exists")});
    switch (format) {
    case TransferFormat::Maildir:
        return opened(std::make_unique<MaildirSink>(path));
    case TransferFormat::Eml:
        if (const Result<void> made = makeFolder(path); !made)
            return tl::unexpected(made.error());
        return std::make_unique<EmlSink>(path);
    case TransferFormat::Mbox:
    case TransferFormat::Detect:
        break;
    }
    return opened(std::make_unique<MboxSink>(path));
}

} // namespace glasspost::mail
