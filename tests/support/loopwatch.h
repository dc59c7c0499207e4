#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>

namespace glasspost::test {

/// Measures for how long one turn of this thread's event loop keeps all others waiting. What counts is the
/// processor time that the thread took, so that a busy machine is not taken for a slow program.
class LoopWatch : public QObject
{
public:
    LoopWatch();

    /// The longest turn so far.
    [[nodiscard]] std::chrono::microseconds longest() const { return m_longest; }
    /// What the program promises, times what sanitizers cost: 50 ms, under a sanitizer thrice that.
    [[nodiscard]] static std::chrono::milliseconds bound();

private:
    void look();

    QTimer m_timer;
    std::chrono::microseconds m_last{0};
    std::chrono::microseconds m_longest{0};
};

} // namespace glasspost::test
