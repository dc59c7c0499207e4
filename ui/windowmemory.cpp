#include "ui/windowmemory.h"

#include "mail/base/worker.h"

#include <QSettings>

namespace glasspost::ui {

WindowMemory::WindowMemory(QString path, QObject *parent) : QObject(parent), m_path(std::move(path)) { }

void WindowMemory::read()
{
    const auto readAll = [path = m_path] {
        QVariantMap values;
        const QSettings file(path, QSettings::IniFormat);
        const QStringList keys = file.allKeys();
        for (const QString &key : keys)
            values.insert(key, file.value(key));
        return values;
    };
    mail::runInPool(readAll).andThen(this, [this](const QVariantMap &values) {
        if (!values.isEmpty())
            Q_EMIT remembered(values);
    });
}

void WindowMemory::write(const QVariantMap &values) const
{
    mail::runInPool([path = m_path, values] {
        QSettings file(path, QSettings::IniFormat);
        for (auto value = values.cbegin(); value != values.cend(); ++value)
            file.setValue(value.key(), value.value());
    });
}

} // namespace glasspost::ui
