#pragma once

#include "mail/base/error.h"
#include "mail/transfer/mboxreader.h"

#include <QString>
#include <QStringList>

#include <memory>

namespace glasspost::mail {

/// How other programs keep messages. Detect: by what lies at the path.
enum class TransferFormat { Detect, Eml, Mbox, Maildir };

/// The format of what lies at the path; NotFound when nothing does.
Result<TransferFormat> detectFormat(const QString &path);

/// Messages read from files, a few at a time; large ones are written to files in a spool folder. Reads
/// regular files alone, and follows no link but the path itself. Blocks on the disk; one thread at a time.
class ImportSource
{
public:
    virtual ~ImportSource() = default;
    static Result<std::unique_ptr<ImportSource>> open(
        const QString &path, TransferFormat format, const QString &spoolFolder);

    /// At least one message, up to some megaoctets of them; empty at the end.
    virtual Result<QList<CarriedMessage>> next() = 0;
    /// How much has been read, 0 to 1000.
    [[nodiscard]] virtual int permille() const = 0;
    /// What was no message, or no file that may be read, by name, so far.
    [[nodiscard]] const QStringList &leftOut() const { return m_leftOut; }
    /// Places where it was not certain that a message begins or ends, so far.
    [[nodiscard]] int doubtful() const { return m_doubtful; }

protected:
    int m_doubtful = 0;
    QStringList m_leftOut;
};

/// Facts for the name and the dividing line of a message that is written.
struct CarriedFacts
{
    QString subject;
    QByteArray sender;
    qint64 date = 0; ///< seconds since the Unix epoch
};

/// Messages written to files. An mbox appears under its name when finish() has succeeded and not before; the
/// files of the other formats appear one by one. Blocks on the disk; one thread at a time.
class ExportSink
{
public:
    virtual ~ExportSink() = default;
    /// Never over anything that is there already: NotPermitted.
    static Result<std::unique_ptr<ExportSink>> open(const QString &path, TransferFormat format);

    virtual Result<void> write(const CarriedMessage &message, const CarriedFacts &facts) = 0;
    virtual Result<void> finish() = 0;
};

} // namespace glasspost::mail
