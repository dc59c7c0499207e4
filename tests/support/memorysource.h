#pragma once

#include "smtp/client/messagesource.h"

namespace glasspost::test {

/// A message that is one text so and so many times over; nothing larger than the text is held.
class MemorySource final : public smtp::MessageSource
{
public:
    explicit MemorySource(QByteArray text, qint64 times = 1) : m_text(std::move(text)), m_times(times) { }

    [[nodiscard]] qint64 wireSize() const override { return -1; }
    [[nodiscard]] bool hasEightBit() const override { return false; }
    bool rewind() override
    {
        m_said = 0;
        return true;
    }
    QByteArray read(qint64) override { return m_said++ < m_times ? m_text : QByteArray(); }
    [[nodiscard]] bool failed() const override { return false; }
    [[nodiscard]] smtp::MessageConverter toSevenBit() const override
    {
        return [](const std::stop_token &) { return tl::unexpected(smtp::ConversionFault::Forbidden); };
    }

private:
    QByteArray m_text;
    qint64 m_times;
    qint64 m_said = 0;
};

} // namespace glasspost::test
