#pragma once

#include "smtp/server/transactionhandler.h"
#include "smtp/session/credentials.h"

#include <QByteArray>
#include <QHash>
#include <QList>

#include <functional>
#include <memory>

namespace glasspost::test {

/// A reply from "550 5.1.1 No such user".
smtp::Reply replyFrom(const QByteArray &text);

/// A message as the stub took it.
struct StubMessage
{
    smtp::Envelope envelope;
    QByteArray body;
};

/// A mail system in memory for tests of the server: takes everything but what it was told to answer
/// otherwise.
class StubMail final : public smtp::TransactionHandlerFactory, public smtp::CredentialStore
{
public:
    enum class Question { Connect, Mail, Rcpt, Data, End, Verify, Expand };
    /// Replies by question and what was asked ("bill@foo.com", "*" for all the rest).
    QHash<Question, QHash<QByteArray, smtp::Reply>> answers;
    QHash<QByteArray, QByteArray> passwords;
    QHash<QByteArray, smtp::ScramKeys> sha1Keys;
    QHash<QByteArray, QByteArray> certificates; ///< user by SHA-256 of the certificate
    QHash<QByteArray, QByteArray> tokens; ///< by user
    QList<QByteArray> furtherMechanisms; ///< beside SCRAM-SHA-256, PLAIN and LOGIN
    QList<StubMessage> messages;
    QList<smtp::SessionFacts> closed;
    int resets = 0;
    /// Answers wait for release() when set.
    bool holdAnswers = false;
    /// dataChunk asks for a pause when set.
    bool pauseData = false;
    /// Bodies are forgotten when not set: for messages larger than memory should be.
    bool keepBodies = true;
    qint64 octetsTaken = 0;

    std::unique_ptr<smtp::TransactionHandler> create(
        smtp::Responder &responder, const QByteArray &bindingName) override;
    QList<QByteArray> mechanisms() override { return CredentialStore::mechanisms() + furtherMechanisms; }
    std::optional<smtp::ScramKeys> keysFor(const QByteArray &user) override;
    std::optional<smtp::ScramKeys> sha1KeysFor(const QByteArray &user) override;
    QByteArray userOf(const QSslCertificate &certificate) override;
    bool tokenFits(const QByteArray &user, const QByteArray &token) override;

    [[nodiscard]] smtp::Reply answerTo(Question question, const QByteArray &what) const;
    void answer(smtp::Responder &responder, const smtp::Reply &reply);
    void release();

private:
    QHash<QByteArray, smtp::ScramKeys> m_keys;
    QList<std::function<void()>> m_held;
};

/// Keeps what sessions said.
class StubTranscripts final : public smtp::TranscriptSink
{
public:
    QList<smtp::TranscriptEntry> entries;
    QList<smtp::SessionFacts> sessions; ///< closed ones
    int open = 0;

    void opened(const smtp::SessionFacts &) override { ++open; }
    void recorded(const QByteArray &, smtp::TranscriptEntry entry) override
    {
        entries.append(std::move(entry));
    }
    void changed(const smtp::SessionFacts &) override { }
    void closed(const smtp::SessionFacts &session) override
    {
        --open;
        sessions.append(session);
    }

    /// "C: line", "S: line", "-: line" for each entry, data as "C= size".
    [[nodiscard]] QList<QByteArray> lines() const;
};

} // namespace glasspost::test
