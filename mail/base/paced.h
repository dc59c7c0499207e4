#pragma once

#include <QTimer>

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace glasspost::mail {

/// For what may come a thousand times a second and of which a person sees the last: tells the first at once
/// and, while more come, the latest of them ten times a second. On the thread that made it.
template <typename Value> class Paced
{
public:
    explicit Paced(std::function<void(const Value &)> tell) : m_tell(std::move(tell))
    {
        m_pause.setSingleShot(true);
        m_pause.setInterval(std::chrono::milliseconds(100));
        QObject::connect(&m_pause, &QTimer::timeout, &m_pause, [this] {
            if (const std::optional<Value> latest = std::exchange(m_latest, std::nullopt))
                take(*latest);
        });
    }

    void take(const Value &value)
    {
        if (m_pause.isActive()) {
            m_latest = value;
            return;
        }
        m_pause.start();
        m_tell(value);
    }

private:
    std::function<void(const Value &)> m_tell;
    std::optional<Value> m_latest;
    QTimer m_pause;
};

} // namespace glasspost::mail
