#pragma once

// A listener's switch without a listener, for a window's test.

#include "mail/system/listenerswitch.h"

namespace glasspost::test {

/// On the ports that it is given, at once; opens none.
class FakeListener : public mail::ListenerSwitch
{
public:
    void start(const mail::ListenerSettings &settings) override
    {
        mail::ListenerState state;
        state.kind = mail::ListenerState::Kind::Listening;
        state.bindings = settings.bindings;
        state.policy = settings.policy;
        Q_EMIT changed(state);
    }
    void stop() override { Q_EMIT changed({}); }
    mail::Task<mail::CertificateFacts> certificate() override
    {
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, {}, {}});
    }
};

} // namespace glasspost::test
