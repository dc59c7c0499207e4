#pragma once

#include <QMetaType>
#include <QString>

#include <tl/expected.hpp>

namespace glasspost::mail {

/// The numbers pass between two starts of the program: a new one goes to the end
/// (app/console/jsonvalues.cpp).
enum class ErrorCode {
    NotFound, ///< no such file, message, queue entry, session
    NotPermitted, ///< the system forbids it
    NoSpace, ///< disk or quota full
    InUse, ///< another Glasspost works on this data folder
    Damaged, ///< a file is not what it should be
    NotAMessage, ///< the file given is no message
    BadAddress,
    BadSettings,
    ReportNotSent, ///< a report to the sender that subject names; the postmaster here has it
    IndexIncomplete, ///< the index cannot be completed: an answer from it would leave mail out
    InputOutput, ///< any other failure of disk or system
    NoMailbox, ///< nobody has a mailbox of that name
    StillQueued ///< the queue entry that subject names still waits
};

/// A failure as a value. Words for people are made from it in ui and app alone.
struct Error
{
    ErrorCode code = ErrorCode::InputOutput;
    QString subject; ///< what it happened to: a path, an address, an id
    QString systemText; ///< what the system or library said, may be empty

    friend bool operator==(const Error &, const Error &) = default;
};

template <typename T> using Result = tl::expected<T, Error>;

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::Error)
