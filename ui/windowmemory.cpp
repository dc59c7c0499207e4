#include "ui/windowmemory.h"

#include "mail/base/contextlink.h"

#include <QSettings>
#include <QThreadPool>

namespace glasspost::ui {

WindowMemory::WindowMemory(QString path, QObject *parent) : QObject(parent), m_path(std::move(path)) { }

void WindowMemory::read()
{
    QThreadPool::globalInstance()->start([this, link = mail::ContextLink::to(this), path = m_path] {
        QVariantMap values;
        const QSettings file(path, QSettings::IniFormat);
        const QStringList keys = file.allKeys();
        for (const QString &key : keys)
            values.insert(key, file.value(key));
        link->run([this, values] {
            if (!values.isEmpty())
                Q_EMIT remembered(values);
        });
    });
}

void WindowMemory::write(const QVariantMap &values) const
{
    QThreadPool::globalInstance()->start([path = m_path, values] {
        QSettings file(path, QSettings::IniFormat);
        for (auto value = values.cbegin(); value != values.cend(); ++value)
            file.setValue(value.key(), value.value());
    });
}

} // namespace glasspost::ui
