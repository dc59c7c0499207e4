#include "app/commands/sendmaildialogue.h"

#include "app/console/jsonvalues.h"
#include "app/console/output.h"
#include "app/control/requests.h"
#include "mail/accept/receptionreplies.h"
#include "mail/settings/settings.h"
#include "mail/settings/settingsfile.h"
#include "smtp/session/wallclock.h"
#include "smtp/syntax/path.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace glasspost::app {

namespace {

smtp::Reply replyTo(const mail::Error &error)
{
    if (error.code == mail::ErrorCode::NoMailbox)
        return mail::replyOf(550, 1, 1, "No such user here: <" + error.subject.toUtf8() + '>');
    if (error.code == mail::ErrorCode::NotAMessage)
        return mail::replyOf(554, 6, 0, "This is not a message: " + error.systemText.toUtf8());
    return mail::errorReply(error);
}

/// Collects one message after another, and has them queued.
class DialogueHandler : public smtp::TransactionHandler
{
public:
    DialogueHandler(SendmailDialogue &dialogue, smtp::Responder &responder)
        : m_dialogue(dialogue), m_responder(responder)
    { }

    void connected(const smtp::SessionFacts &) override { m_responder.reply({}); }
    void identified(const smtp::SessionFacts &) override { }
    void mailFrom(const smtp::SessionFacts &, const smtp::Envelope &) override { m_responder.reply({}); }
    void rcptTo(const smtp::Envelope &, const smtp::EnvelopeRecipient &) override { m_responder.reply({}); }
    void dataBegin(const smtp::Envelope &envelope) override
    {
        m_envelope = envelope;
        m_writer = std::make_unique<mail::OctetsWriter>(m_dialogue.spoolFolder());
        m_responder.reply({});
    }
    smtp::DataFlow dataChunk(QByteArrayView octets) override
    {
        m_writer->write(octets);
        return smtp::DataFlow::Continue;
    }
    void dataEnd() override
    {
        const auto message = m_writer->finish();
        if (!message)
            return m_responder.reply(mail::errorReply(message.error()));
        m_dialogue.submit(
            m_envelope, *message, [this](const smtp::Reply &reply) { m_responder.reply(reply); });
    }
    void reset() override { m_writer.reset(); }
    void closed(const smtp::SessionFacts &) override { }
    void verify(const smtp::SessionFacts &, const QByteArray &) override { m_responder.reply({}); }
    void expand(const smtp::SessionFacts &, const QByteArray &) override { m_responder.reply({}); }

private:
    SendmailDialogue &m_dialogue;
    smtp::Responder &m_responder;
    smtp::Envelope m_envelope;
    std::unique_ptr<mail::OctetsWriter> m_writer;
};

smtp::SessionFacts dialogueFacts()
{
    smtp::SessionFacts facts;
    facts.id = smtp::newSessionId();
    facts.startedAt = smtp::microsecondsNow();
    facts.peerAddress = QHostAddress(QHostAddress::LocalHost);
    return facts;
}

/// A name without a domain is of this host, as it is for every sendmail.
smtp::Mailbox ofThisHost(const smtp::Mailbox &mailbox, const QByteArray &hostName)
{
    const QByteArray octets = mailbox.toBytes();
    if (octets.isEmpty() || octets.contains('@'))
        return mailbox;
    return smtp::parseMailbox(octets + '@' + hostName).value_or(mailbox);
}

} // namespace

SendmailDialogue::SendmailDialogue(const QString &dataFolder, QObject *parent)
    : RunningCommand(parent), m_dataFolder(dataFolder), m_access(dataFolder),
      m_input(STDIN_FILENO, QSocketNotifier::Read)
{
    m_input.setEnabled(false);
    connect(&m_input, &QSocketNotifier::activated, this, &SendmailDialogue::readInput);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_conversation->timeoutPassed(smtp::Moment::now());
        armTimer();
    });
    connect(&m_access, &Access::answered, this, [this](const QJsonObject &answer) {
        const QByteArray id = answer[QStringLiteral("queueId")].toString().toUtf8();
        const QByteArray text = id.isEmpty() ? QByteArray("Ok: delivered here") : "Ok: queued as " + id;
        std::exchange(m_taken, {})(mail::replyOf(250, 0, 0, text));
    });
    connect(&m_access, &Access::failed, this,
        [this](const mail::Error &error) { std::exchange(m_taken, {})(replyTo(error)); });
}

SendmailDialogue::~SendmailDialogue() = default;

void SendmailDialogue::start()
{
    const auto settings = mail::loadSettings(m_dataFolder);
    if (!settings && settings.error().code != mail::ErrorCode::NotFound) {
        Q_EMIT finished(complain(settings.error()));
        return;
    }
    const mail::Settings known = settings.value_or(mail::Settings::forFirstStart());
    m_settings.hostName = known.hostName.toUtf8();
    m_settings.limits.messageSize = known.listener.limits.messageSize;
    m_settings.paths = smtp::PathStyle::Tolerant;
    smtp::Binding binding;
    binding.tls = smtp::TlsMode::None;
    const smtp::ServerConversation::Services services{*this, *this, nullptr};
    smtp::ServerTransport &transport = *this;
    m_conversation = std::make_unique<smtp::ServerConversation>(
        m_settings, binding, dialogueFacts(), services, transport);
    m_conversation->start();
    rested();
}

void SendmailDialogue::readInput()
{
    std::array<char, 64 * 1024> buffer; // NOLINT: filled by read()
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count > 0) {
        m_conversation->receive(QByteArrayView(buffer.data(), count));
    } else {
        m_input.setEnabled(false);
        m_conversation->end(smtp::ServerEnding::PeerClosed);
        close();
    }
}

void SendmailDialogue::submit(const smtp::Envelope &envelope, const mail::MessageOctets &message, Taken taken)
{
    m_taken = std::move(taken);
    m_message = message;
    smtp::Envelope whole = envelope;
    whole.reversePath = ofThisHost(whole.reversePath, m_settings.hostName);
    for (smtp::EnvelopeRecipient &recipient : whole.recipients)
        recipient.forwardPath = ofThisHost(recipient.forwardPath, m_settings.hostName);
    m_access.ask(submitRequest(whole, m_message, std::nullopt));
}

void SendmailDialogue::send(const QByteArray &octets)
{
    std::fwrite(octets.constData(), 1, size_t(octets.size()), stdout);
    std::fflush(stdout);
}

void SendmailDialogue::close()
{
    if (!std::exchange(m_isClosed, true))
        Q_EMIT finished(ExitCode::Ok);
}

void SendmailDialogue::rested()
{
    if (!m_conversation)
        return;
    m_input.setEnabled(!m_isClosed && m_conversation->isReading());
    armTimer();
}

void SendmailDialogue::armTimer()
{
    const auto next = m_conversation->nextTimeout();
    if (!next || m_isClosed)
        return m_timer.stop();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - std::chrono::steady_clock::now());
    m_timer.start(std::max(left, std::chrono::milliseconds(0)));
}

std::unique_ptr<smtp::TransactionHandler> SendmailDialogue::create(
    smtp::Responder &responder, const QByteArray &)
{
    return std::make_unique<DialogueHandler>(*this, responder);
}

} // namespace glasspost::app
