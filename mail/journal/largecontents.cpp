#include "mail/journal/largecontents.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace glasspost::mail {

Result<void> LargeContents::spool(FileTransaction &steps, quint64 number)
{
    const qsizetype before = m_spooled.size();
    bool named = false;
    Result<void> good;
    for (FileStep &step : steps) {
        named = named || !step.contentFile.isEmpty();
        const bool isLarge = step.shared != nullptr || step.content.size() > m_inlineBytes;
        if (step.kind != FileStep::Kind::Create || !isLarge)
            continue;
        good = spoolStep(step, number);
        if (!good)
            break;
        named = true;
    }
    if (good && named && m_calls.fsync(m_folder) != 0)
        good = systemFailure(errno, QStringLiteral("spool"));
    if (!good)
        dropFrom(before);
    return good;
}

Result<void> LargeContents::spoolStep(FileStep &step, quint64 number)
{
    const QByteArray name = "large-" + QByteArray::number(number) + '-' + QByteArray::number(++m_count);
    m_spooled.append(name);
    if (const auto made = step.shared ? linkShared(step, name) : writeContent(step, name); !made)
        return made;
    step.content.clear();
    step.shared.reset();
    step.contentFile = QStringLiteral("spool/") + QString::fromLatin1(name);
    return {};
}

Result<void> LargeContents::linkShared(const FileStep &step, const QByteArray &name)
{
    const QByteArray path = QFile::encodeName(step.shared->path());
    if (m_calls.linkAt(AT_FDCWD, path.constData(), m_folder, name.constData()) == 0)
        return {};
    const int failed = errno;
    const bool cannotLink = failed == EXDEV || failed == EPERM || failed == EMLINK || failed == ENOTSUP;
    return cannotLink ? writeContent(step, name) : systemFailure(failed, step.shared->path());
}

Result<void> LargeContents::writeContent(const FileStep &step, const QByteArray &name)
{
    const QString path = QStringLiteral("spool/") + QString::fromLatin1(name);
    const FileDescriptor file(
        m_calls.openAt(m_folder, name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
    if (!file.isOpen())
        return systemFailure(errno, path);
    int failed = 0;
    const auto write = [&](QByteArrayView octets) {
        if (failed == 0)
            failed = writeAll(m_calls, file.get(), octets);
    };
    if (step.shared) {
        if (const auto read = forEachPiece(MessageOctets(step.shared, -1, -1), write); !read)
            return read;
    } else {
        write(step.content);
    }
    if (failed == 0 && m_calls.fsync(file.get()) != 0)
        failed = errno;
    return failed == 0 ? Result<void>() : systemFailure(failed, path);
}

void LargeContents::dropFrom(qsizetype from)
{
    while (m_spooled.size() > from)
        m_calls.unlinkAt(m_folder, m_spooled.takeLast().constData());
}

} // namespace glasspost::mail
