#include "ui/transcript/backgroundwrite.h"

#include <QCoreApplication>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>

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

void writeInBackground(
    const QString &path, const QByteArray &bytes, QObject *context, mail::Completion<void> done)
{
    // The guard is looked at on the GUI thread alone, where the context dies too.
    QThreadPool::globalInstance()->start(
        [path, bytes, guard = QPointer<QObject>(context), done = std::move(done)] {
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [guard, done, result = write(path, bytes)] {
                    if (guard)
                        done(result);
                },
                Qt::QueuedConnection);
        });
}

} // namespace glasspost::ui
