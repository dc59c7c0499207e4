#pragma once

#include "mail/base/task.h"
#include "mail/settings/settings.h"

#include <QObject>

namespace glasspost::mail {

/// The settings in force. Any thread may call; every method returns at once. changed() is emitted on the
/// thread that made the mail system.
class CurrentSettings : public QObject
{
    Q_OBJECT
public:
    [[nodiscard]] virtual Settings value() const = 0; ///< empty until the mail system has started
    /// In force as soon as the mail thread takes them over, and value() follows then. The task says whether
    /// they could be saved.
    virtual Task<void> set(const Settings &settings) = 0;
    /// Changes Settings::folders alone, whatever others set meanwhile. What options have adjusted for this
    /// run is not saved with it.
    virtual Task<void> changeFolders(const KeepingChange &change) = 0;

Q_SIGNALS:
    void changed(const glasspost::mail::Settings &settings);
};

} // namespace glasspost::mail
