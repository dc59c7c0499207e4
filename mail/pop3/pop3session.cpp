#include "mail/pop3/pop3session.h"

#include "smtp/session/wallclock.h"

#include <QScopedValueRollback>

#include <algorithm>
#include <array>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype readAtOnce = 16 * 1024;
constexpr qint64 mostUnsent = 256 * 1024; // octets of what a client does not read
constexpr int piecesInATurn = 8; // of a message, then the other clients have theirs
constexpr std::chrono::seconds closeGrace{10};

QByteArray failureOf(const Error &error)
{
    return error.code == ErrorCode::NotFound ? QByteArray("No such message any more")
                                             : QByteArray("[SYS/TEMP] It cannot be read now");
}

} // namespace

Pop3Session::Pop3Session(std::unique_ptr<smtp::ServerSocket> socket, Pop3Context &context, QObject *parent)
    : QObject(parent), m_context(context), m_socket(std::move(socket)),
      m_engine(m_context.offer, *m_context.credentials)
{
    connect(m_socket.get(), &smtp::ServerSocket::readyRead, this, &Pop3Session::readSocket);
    connect(m_socket.get(), &smtp::ServerSocket::wrote, this, &Pop3Session::goOn);
    connect(m_socket.get(), &smtp::ServerSocket::finished, this, &Pop3Session::clientFinished);
    connect(m_socket.get(), &smtp::ServerSocket::closed, this, &Pop3Session::over);
    connect(m_socket.get(), &smtp::ServerSocket::encrypted, this, [this](const smtp::TlsEstablished &tls) {
        m_engine.secured(tls);
        goOn();
    });
    m_nextTurn.setSingleShot(true);
    m_nextTurn.setInterval(1); // one of 0 would come before the others' turns
    connect(&m_nextTurn, &QTimer::timeout, this, &Pop3Session::readSocket);
    m_idle.setSingleShot(true);
    connect(&m_idle, &QTimer::timeout, this, &Pop3Session::over);
}

Pop3Session::~Pop3Session()
{
    m_socket->disconnect(this);
}

void Pop3Session::start()
{
    m_idle.start(idle);
    m_engine.start();
    goOn();
}

bool Pop3Session::isFull() const
{
    return m_socket->bytesToWrite() > mostUnsent;
}

/// One turn.
void Pop3Session::readSocket()
{
    std::array<char, readAtOnce> buffer; // NOLINT: filled by read()
    if (m_isClosing) {
        m_socket->read(buffer.data(), readAtOnce); // into nothing, until the client closes
        if (m_socket->holdsMore())
            m_nextTurn.start();
        return;
    }
    if (m_engine.isReading() && !isFull()) {
        const qint64 count = m_engine.holdsInput() ? 0 : m_socket->read(buffer.data(), readAtOnce);
        if (count > 0)
            m_idle.start(idle);
        m_engine.receive(QByteArrayView(buffer.data(), std::max<qint64>(0, count)), smtp::microsecondsNow());
    }
    goOn();
}

/// What the engine has said and asked for, and what is to be read next.
void Pop3Session::goOn()
{
    if (m_isOver || m_isGoingOn)
        return;
    const QScopedValueRollback going(m_isGoingOn, true);
    sendSome();
    perform();
    if (m_isClosing)
        endWhenSent();
    else if (!m_isOver)
        readOn();
}

void Pop3Session::readOn()
{
    const bool reads = m_engine.isReading() && !isFull();
    if (reads && !m_engine.holdsInput())
        m_socket->resumeReading();
    else
        m_socket->pauseReading();
    const bool sends = m_engine.state() == Pop3State::Sending && !isFull();
    const bool hasMore = m_engine.holdsInput() || m_socket->holdsMore(); // TLS tells once what it decrypted
    if (sends || (reads && hasMore))
        m_nextTurn.start();
}

void Pop3Session::sendSome()
{
    for (int i = 0; i < piecesInATurn && m_engine.state() == Pop3State::Sending && m_pieces && !isFull();
         ++i) {
        const Result<QByteArray> piece = m_pieces();
        if (!piece)
            return over(); // amid a message nothing else can be said
        if (piece->isEmpty())
            m_engine.endOctets();
        else
            m_engine.takeOctets(*piece);
        m_idle.start(idle);
        m_socket->write(m_engine.takeOutput());
    }
    if (m_engine.state() != Pop3State::Sending)
        m_pieces = nullptr; // its file is not held until the next message
}

struct Pop3Session::Owner
{
    Pop3Session &session;

    void operator()(const pop3::HandshakeNeeded &) const { session.startHandshake(); }
    void operator()(const pop3::KeysNeeded &asked) const
    {
        session.m_context.derivation.derive(session.m_socket->ends().peerAddress, asked.request, &session,
            [&self = session](const std::optional<smtp::ScramKeys> &keys) {
                self.m_engine.keysDerived(keys);
                self.goOn();
            });
    }
    void operator()(const pop3::DropNeeded &asked) const { session.openDrop(asked.user); }
    void operator()(const pop3::MessageNeeded &asked) const { session.fetch(asked.index); }
    void operator()(const pop3::RemovalNeeded &asked) const { session.remove(asked.indexes); }
    void operator()(const pop3::CloseNeeded &) const { session.closeWhenSent(); }
};

void Pop3Session::perform()
{
    if (const QByteArray output = m_engine.takeOutput(); !output.isEmpty())
        m_socket->write(output);
    for (const Pop3Event &event : m_engine.takeEvents())
        std::visit(Owner{*this}, event);
}

void Pop3Session::startHandshake()
{
    const smtp::Binding binding; // whose clients need no certificate
    m_socket->startTls(smtp::serverTlsConfiguration(m_context.tls, binding),
        smtp::ClientCertificateDemands::of(m_context.tls, binding));
}

void Pop3Session::openDrop(const QByteArray &user)
{
    m_context.drops.open(user).then(this, [this](const Result<Maildrop> &drop) {
        m_drop = drop.value_or(Maildrop());
        if (drop)
            m_engine.opened(m_drop);
        else if (drop.error().code == ErrorCode::BadSettings)
            m_engine.notOpened("[AUTH] Nothing is captured for that user");
        else
            m_engine.notOpened("[SYS/TEMP] The messages cannot be listed now");
        goOn();
    });
}

void Pop3Session::fetch(qsizetype index)
{
    m_context.drops.octets(m_drop.at(index).id).then(this, [this](const Result<MessageOctets> &octets) {
        const auto reader
            = octets.and_then([](const MessageOctets &message) { return OctetsReader::open(message); });
        if (reader) {
            m_pieces = reader->pieces(0, reader->size());
            m_engine.fetched();
        } else {
            m_engine.notFetched(failureOf(reader.error()));
        }
        goOn();
    });
}

void Pop3Session::remove(const QList<qsizetype> &indexes)
{
    QList<MessageId> ids;
    for (const qsizetype index : indexes)
        ids.append(m_drop.at(index).id);
    m_context.drops.remove(ids).then(this, [this](const Result<void> &removed) {
        if (removed)
            m_engine.removed();
        else
            m_engine.notRemoved("[SYS/TEMP] The marked messages cannot be removed now");
        goOn();
    });
}

void Pop3Session::closeWhenSent()
{
    m_isClosing = true;
    m_idle.start(closeGrace);
    m_socket->endWriting();
    m_socket->resumeReading();
}

/// Half a close is none: the engine has answered all that came, since it is not read while it is busy.
void Pop3Session::clientFinished()
{
    m_isClientFinished = true;
    if (!m_isClosing)
        closeWhenSent();
    endWhenSent();
}

void Pop3Session::endWhenSent()
{
    if (m_isClientFinished && m_socket->bytesToWrite() == 0)
        over();
}

void Pop3Session::over()
{
    if (std::exchange(m_isOver, true))
        return;
    m_nextTurn.stop();
    m_idle.stop();
    Q_EMIT finished();
}

} // namespace glasspost::mail
