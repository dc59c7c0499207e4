#include "ui/widgets/backgroundwrite.h"

#include "mail/base/worker.h"

#include <QSaveFile>

namespace glasspost::ui {

namespace {

mail::Result<void> write(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    const mail::ErrorCode code = file.error() == QFileDevice::PermissionsError ? mail::ErrorCode::NotPermitted
        : file.error() == QFileDevice::ResourceError                           ? mail::ErrorCode::NoSpace
                                                                               : mail::ErrorCode::InputOutput;
    return tl::make_unexpected(mail::Error{code, path, file.errorString()});
}

} // namespace

mail::Task<void> writeInBackground(const QString &path, const QByteArray &bytes)
{
    return mail::runInPool([path, bytes] { return write(path, bytes); });
}

} // namespace glasspost::ui
