#pragma once

#include "mail/journal/journalapplier.h"

#include <thread>

namespace glasspost::mail {

/// The journal's threads: the appender makes durable what was put, the applier does its steps, and the line
/// stands between them.
class JournalWriter
{
public:
    JournalWriter(const JournalSettings &settings, JournalFolders folders, quint64 firstNumber,
        std::function<void(const Error &)> troubled)
        : m_settings(settings), m_folders(std::move(folders)),
          m_appender(m_settings, m_folders, firstNumber, m_line),
          m_applier(m_settings, m_folders, m_line, std::move(troubled)),
          m_appending([this] { m_appender.run(); }), m_applying([this] { m_applier.run(); })
    { }
    /// All that was put is durable, applied and checkpointed; waits for the disk.
    ~JournalWriter()
    {
        m_line.stop();
        m_appending.join();
        m_applying.join();
    }
    JournalWriter(const JournalWriter &) = delete;
    JournalWriter &operator=(const JournalWriter &) = delete;

    void put(PendingTransaction pending) { m_line.put(std::move(pending)); } ///< any thread

private:
    const JournalSettings m_settings;
    const JournalFolders m_folders;
    JournalLine m_line;
    JournalAppender m_appender;
    JournalApplier m_applier;
    std::thread m_appending;
    std::thread m_applying;
};

} // namespace glasspost::mail
