#pragma once

#include "mail/base/task.h"

#include <QObject>
#include <QTest>

#include <optional>

namespace glasspost::test {

/// What the task is answered with, or an error when that does not come in time.
template <typename T> mail::Result<T> awaited(const mail::Task<T> &task, int milliseconds = 20000)
{
    QObject context;
    std::optional<mail::Result<T>> answer;
    task.then(&context, [&answer](mail::Result<T> result) { answer = std::move(result); });
    if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, milliseconds))
        return tl::unexpected(
            mail::Error{mail::ErrorCode::InputOutput, {}, QStringLiteral("no answer in time")});
    return *answer;
}

} // namespace glasspost::test
