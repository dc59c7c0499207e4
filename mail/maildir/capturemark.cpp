#include "mail/maildir/capturemark.h"

#include "mail/maildir/maildirname.h"

#include <fcntl.h>
#include <unistd.h>

namespace glasspost::mail {

bool isCaptureMailbox(int dataFolder, const QString &user)
{
    if (user == QStringView(usualCaptureMailbox))
        return true;
    const auto path = userPath(user);
    return path && ::faccessat(dataFolder, (*path + '/' + captureMark).constData(), F_OK, 0) == 0;
}

} // namespace glasspost::mail
