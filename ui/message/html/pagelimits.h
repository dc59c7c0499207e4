#pragma once

#include <QtGlobal>

#include <chrono>

namespace glasspost::ui {

// What laying one page out may take. A message that needs more is shown as text.

constexpr std::chrono::seconds pageTime(5); ///< of the processor
constexpr std::chrono::seconds pageWait(20); ///< by the clock, where others have the processor
constexpr qint64 pageMemory = 256 * 1024 * 1024; ///< octets, beyond what the process has at its start
constexpr qint64 engineMemory = 768 * 1024 * 1024; ///< octets, in each process of Qt WebEngine
constexpr qint64 pageOctets = 64 * 1024 * 1024; ///< of a request, and of a page as it comes back

/// The status with which the process ends when its memory does not suffice.
constexpr int outOfMemoryStatus = 3;

/// What the process that lays out could reach, had it a mind to: nothing, where the system knows how to take
/// it away.
struct PageReach
{
    bool network = false;
    bool files = false; ///< of the user

    friend bool operator==(const PageReach &, const PageReach &) = default;
};

/// Why a page was not laid out.
enum class PageFailure {
    NotStarted, ///< the program that lays out is not where it should be, or cannot be run
    TookTooLong,
    TookTooMuch, ///< more than a Page may hold, or than memory is there for
    Stopped, ///< the process crashed, was killed, or answered with what is no page
};

} // namespace glasspost::ui
