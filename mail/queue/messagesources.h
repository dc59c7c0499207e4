#pragma once

#include "mail/base/messageoctets.h"
#include "smtp/client/messagesource.h"

#include <QByteArray>
#include <QDir>
#include <QString>

#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace glasspost::mail {

/// A message in memory, LF or CRLF line ends.
std::shared_ptr<smtp::MessageSource> bytesSource(const QByteArray &message);

/// Makes a source for one destination: several deliveries of one message read at their own pace.
class SourceFactory
{
public:
    SourceFactory() = default;
    template <typename Open>
    SourceFactory(Open open, bool isLarge = false) : m_open(std::move(open)), m_isLarge(isLarge)
    { }

    /// Null, too, when the stop is requested before a large one is measured.
    [[nodiscard]] std::shared_ptr<smtp::MessageSource> operator()(const std::stop_token &stop = {}) const
    {
        return m_open(stop);
    }
    /// The first source is read whole, to be measured: it is made on another thread, and alone.
    [[nodiscard]] bool isLarge() const { return m_isLarge; }

private:
    std::function<std::shared_ptr<smtp::MessageSource>(const std::stop_token &stop)> m_open;
    bool m_isLarge = false;
};
/// Opens the file for each destination when its turn comes, and counts a large one's octets for the first
/// alone. A small one is read in one go; a large one as it is sent, never held in memory whole: where it must
/// be converted to 7 bits, that is written to a file in folder. size: the file's, in octets; -1 when not
/// known. Null when the file cannot be read.
SourceFactory fileSources(const QString &path, qint64 size, const QString &folder = QDir::tempPath());
/// The same for a message on its way; a file of ours lives as long as the factory.
SourceFactory sourcesOf(const MessageOctets &message);

} // namespace glasspost::mail
