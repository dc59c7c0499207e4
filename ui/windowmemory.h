#pragma once

#include <QObject>
#include <QVariantMap>

namespace glasspost::ui {

/// Where the window stood and how it was divided, in a readable file (window.ini of the data folder). Read
/// and written on a pool thread: a slow disk never holds the window up. GUI thread.
class WindowMemory : public QObject
{
    Q_OBJECT
public:
    explicit WindowMemory(QString path, QObject *parent = nullptr);

    void read(); ///< remembered() comes, unless there is nothing to remember
    /// Written to its end even when the program closes at once.
    void write(const QVariantMap &values) const;

Q_SIGNALS:
    void remembered(const QVariantMap &values); ///< keys are "group/key"

private:
    QString m_path;
};

} // namespace glasspost::ui
