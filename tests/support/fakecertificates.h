#pragma once

// The certificates of servers without a mail system, for a window's test.

#include "mail/system/servercertificates.h"

namespace glasspost::test {

/// All of them verify: nothing is asked.
class FakeCertificates : public mail::ServerCertificates
{
public:
    mail::Task<QList<mail::CertificateQuestion>> questions() override
    {
        return mail::Result<QList<mail::CertificateQuestion>>();
    }
    void decide(const mail::AcceptedCertificate &, mail::CertificateDecision) override { }
};

} // namespace glasspost::test
