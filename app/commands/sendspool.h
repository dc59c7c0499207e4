#pragma once

#include "mail/base/posix.h"

#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace glasspost::app {

/// A folder in the system's temporary one for the large messages of one "glasspost send" or "glasspost show",
/// mode 0700, gone with the value. What a send that was killed left behind goes when the next one begins:
/// each holds a lock on its folder for as long as it runs.
class SendSpool
{
public:
    SendSpool();
    /// The temporary folder itself where no folder can be made in it.
    [[nodiscard]] QString path() const;

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    mail::FileDescriptor m_lock;
};

} // namespace glasspost::app
