// How many messages of 1 KiB a second the journal and the store keep, with 32 that wait at a time, as 32
// sessions would. bench_store [FOLDER [MESSAGES]]: FOLDER lies on the disk that is to be measured.

#include "mail/base/lineends.h"
#include "mail/journal/journal.h"
#include "mail/store/store.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTextStream>

#include <algorithm>

using namespace glasspost::mail;

namespace {

constexpr int Outstanding = 32;
constexpr int DefaultMessages = 20'000;

QByteArray message(int number)
{
    QByteArray content = "From: Ann Example <ann@example.org>\r\nTo: alice@example.test\r\nSubject: message "
        + QByteArray::number(number) + "\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\n";
    while (content.size() < 1024)
        content += "A line of forty octets, with its ends.\r\n";
    return content;
}

/// Keeps the messages, some at a time, and ends the event loop when all stand in their files.
class Run : public QObject
{
public:
    Run(Store &store, int messages) : m_store(store), m_messages(messages) { }

    void start()
    {
        m_clock.start();
        for (int i = 0; i < std::min(Outstanding, m_messages); ++i)
            next();
    }
    [[nodiscard]] double durableSeconds() const { return double(m_durableAt) / 1e9; }
    [[nodiscard]] double filedSeconds() const { return double(m_filedAt) / 1e9; }
    [[nodiscard]] double longestWait() const { return double(m_longest) / 1e6; } ///< milliseconds

private:
    void next()
    {
        MailboxTransaction transaction;
        const QByteArray text = "Return-Path: <ann@example.org>\r\n" + message(m_begun++);
        if (!transaction.add(withLf(text), {{QStringLiteral("alice"), {}}}, {}, {}, {}))
            return QCoreApplication::exit(1);
        const qint64 begun = m_clock.nsecsElapsed();
        const Committed committed = m_store.commit(std::move(transaction));
        committed.durable.then(this, [this, begun](const Result<void> &kept) {
            if (!kept)
                return QCoreApplication::exit(1);
            m_longest = std::max(m_longest, m_clock.nsecsElapsed() - begun);
            if (++m_durable == m_messages)
                m_durableAt = m_clock.nsecsElapsed();
            if (m_begun < m_messages)
                next();
        });
        committed.applied.then(this, [this](const Result<void> &) {
            if (++m_filed < m_messages)
                return;
            m_filedAt = m_clock.nsecsElapsed();
            QCoreApplication::exit(0);
        });
    }

    Store &m_store;
    const int m_messages;
    QElapsedTimer m_clock;
    int m_begun = 0;
    int m_durable = 0;
    int m_filed = 0;
    qint64 m_longest = 0;
    qint64 m_durableAt = 0;
    qint64 m_filedAt = 0;
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const int messages = arguments.size() > 2 ? arguments.at(2).toInt() : DefaultMessages;
    const QTemporaryDir folder(
        arguments.size() > 1 ? arguments.at(1) + QStringLiteral("/storebench-XXXXXX") : QString());
    QTextStream out(stdout);
    auto journal = Journal::open(folder.path());
    auto store = journal ? Store::open(folder.path(), **journal) : tl::unexpected(journal.error());
    if (!store || messages < 1) {
        out << "cannot be opened: " << (store ? QString() : store.error().systemText) << '\n';
        return 1;
    }
    Run run(**store, messages);
    run.start();
    const int outcome = QCoreApplication::exec();
    out << messages << " messages, " << Outstanding << " at a time\n"
        << "durable: " << qRound64(messages / run.durableSeconds()) << " a second, longest wait "
        << run.longestWait() << " ms\n"
        << "in their files: " << qRound64(messages / run.filedSeconds()) << " a second\n";
    return outcome;
}
