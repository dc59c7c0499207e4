#pragma once

#include <QByteArray>

#include <memory>
#include <sys/stat.h>
#include <tl/expected.hpp>

namespace glasspost::smtp {

/// A Unix socket that listens at a path. Who may connect is whoever may write to that file: its owner, unless
/// the umask says more. The file that it made goes with the listener.
class UnixListener
{
public:
    /// What an earlier process left at path is replaced; what somebody listens at, or is no socket, is not:
    /// EADDRINUSE. The error is an errno.
    static tl::expected<std::unique_ptr<UnixListener>, int> listen(const QByteArray &path, int backlog);
    /// At a socket that listens already, somebody else's, which stays open, and so does its file. The error
    /// is an errno.
    static tl::expected<std::unique_ptr<UnixListener>, int> adopt(int descriptor);
    ~UnixListener();
    UnixListener(const UnixListener &) = delete;
    UnixListener &operator=(const UnixListener &) = delete;

    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    UnixListener(int descriptor, QByteArray path) : m_descriptor(descriptor), m_path(std::move(path)) { }

    const int m_descriptor;
    const QByteArray m_path;
    struct stat m_made = {}; ///< the file as it was made: another's in its place is left alone
};

} // namespace glasspost::smtp
