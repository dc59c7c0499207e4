#pragma once

namespace glasspost::app {

/// How the program ends, with the numbers of sysexits.h where it has one. Scripts rely on them; README.md and
/// --help list them.
enum class ExitCode {
    Ok = 0,
    Findings = 1, ///< check: the message has errors
    Usage = 64, ///< the command line is invalid
    BadMessage = 65, ///< a file that is no message, or cannot be read to make one
    NoMessage = 66, ///< there is no such message
    NoUser = 67, ///< sendmail: nobody has a mailbox of that name here
    UnknownHost = 68, ///< the recipient's domain does not exist
    Unavailable = 69, ///< one or more recipients refused permanently; a port in use; no display
    Internal = 70, ///< disk or system failed in a way no other code names
    CannotCreate = 73, ///< the data folder cannot be made, read or written
    IndexIncomplete = 74, ///< a search could not look through all mail
    TryLater = 75, ///< one or more recipients deferred; another Glasspost has the data folder
    Protocol = 76, ///< the server does not speak SMTP
    SignIn = 77, ///< the sign-in was refused, or not tried: no password, a certificate that does not verify
    Settings = 78, ///< settings.ini, a certificate or the sign-in file is invalid
    TimedOut = 124 ///< as timeout(1) ends: what was waited for did not come
};

} // namespace glasspost::app
