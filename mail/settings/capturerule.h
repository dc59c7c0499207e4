#pragma once

#include <QString>

#include <optional>

namespace glasspost::mail {

/// By what a capturing listener tells its inboxes apart: one for each project, say. Where a message does not
/// say, the mailbox of its binding takes it.
struct CaptureRule
{
    enum class By {
        Binding, ///< ListenerBinding::captureMailbox alone
        SignIn, ///< the name that the client signed in with
        Domain, ///< of each recipient
        Tag, ///< "shop" of each recipient "bob+shop@example.org"
        Client, ///< its IP address
        Header ///< the value of a field of the message
    };
    By by = By::Binding;
    QString field; ///< Header: the field's name, "X-Project"

    friend bool operator==(const CaptureRule &, const CaptureRule &) = default;
};

/// "binding", "sign-in", "domain", "tag", "client" or "header:X-Project", as settings and command line have
/// it; nothing for any other text.
std::optional<CaptureRule> captureRuleFrom(const QString &words);
QString wordsOf(const CaptureRule &rule);
/// A field's name by RFC 5322 3.6.8.
bool isFieldName(const QString &name);

} // namespace glasspost::mail
