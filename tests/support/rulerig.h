#pragma once

// Rules on arrival, without the rest of a mail system.

#include "mail/accept/acceptor.h"
#include "mail/rules/sieve.h"
#include "tests/support/awaited.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <memory>

namespace glasspost::test {

inline const QString alice = QStringLiteral("alice");
inline const QByteArray text = "From: <ann@far.example>\nSubject: One\nMessage-ID: <1@far.example>\n\nbody\n";

inline mail::Settings sampleSettings()
{
    mail::Settings settings;
    settings.hostName = QStringLiteral("here.example");
    settings.users = {{alice, {}}, {QStringLiteral("bob"), {}}};
    return settings;
}

inline mail::IncomingMessage messageTo(
    const QList<QByteArray> &users, const mail::MessageOctets &octets = text)
{
    mail::IncomingMessage message;
    message.origin = mail::IncomingMessage::Origin::Session;
    message.envelope.reversePath = {"ann", "far.example"};
    for (const QByteArray &user : users)
        message.envelope.recipients += smtp::EnvelopeRecipient{{user, "here.example"}, {}, {}};
    message.content = octets;
    message.session.id = "S1";
    return message;
}

/// A data folder that is opened and closed as the mail system does.
struct RuleRig
{
    QTemporaryDir folder;
    std::unique_ptr<mail::Journal> journal;
    std::unique_ptr<mail::Store> store;
    std::unique_ptr<mail::Queue> queue;
    std::unique_ptr<mail::RuleLog> log;
    std::unique_ptr<mail::ArrivalRules> arrival;
    std::unique_ptr<mail::RuleErrands> errands;
    std::unique_ptr<mail::Acceptor> acceptor;
    std::chrono::milliseconds longestProgram;

    explicit RuleRig(
        const QByteArray &script = {}, std::chrono::milliseconds longest = std::chrono::minutes(1))
        : longestProgram(longest)
    {
        open(script);
    }
    ~RuleRig() { close(); }
    void open(const QByteArray &script)
    {
        journal = std::move(*mail::Journal::open(folder.path()));
        store = std::move(*mail::Store::open(folder.path(), *journal));
        queue = std::move(*mail::Queue::open(folder.path(), *journal));
        log = std::make_unique<mail::RuleLog>(folder.path());
        arrival = std::make_unique<mail::ArrivalRules>(*store);
        arrival->setTerms({"here.example", 50});
        arrival->setRules(mail::readSieve(script).value_or(QList<mail::Rule>()));
        errands = std::make_unique<mail::RuleErrands>(
            mail::RuleErrands::Parts{folder.path(), *store, *journal, *log},
            mail::ProgramLimits{2, longestProgram});
        acceptor = std::make_unique<mail::Acceptor>(*store, *queue,
            mail::AcceptanceRules{
                mail::Router(sampleSettings()), mail::RecipientPolicy::Mailboxes, "here.example"});
        acceptor->pass({*arrival, *errands});
    }
    void close()
    {
        acceptor.reset();
        errands.reset();
        arrival.reset();
        log.reset();
        queue.reset();
        store.reset();
        journal.reset();
    }

    mail::Result<mail::Accepted> accept(const mail::IncomingMessage &message)
    {
        const mail::Promised promised = acceptor->accept(message, acceptor->planFor(message), {});
        const mail::Result<mail::Accepted> durable = awaited(promised.durable);
        return durable ? awaited(promised.filed) : durable;
    }
    /// "alice/cur 1": the folders of mail/ that hold files.
    [[nodiscard]] QStringList files() const
    {
        QStringList found;
        QDirIterator each(folder.filePath(QStringLiteral("mail")), QDir::Files | QDir::Hidden,
            QDirIterator::Subdirectories);
        while (each.hasNext()) {
            each.next();
            const QString place
                = QDir(folder.filePath(QStringLiteral("mail"))).relativeFilePath(each.fileInfo().path());
            if (place.endsWith(u"/cur") || place.endsWith(u"/new"))
                found += place + each.fileName().section(QStringLiteral(":2,"), 1).prepend(u' ');
        }
        found.sort();
        return found;
    }
    /// The actions in the log, oldest first, once there are so many.
    QList<mail::RuleLogLine> logged(int count)
    {
        QList<mail::RuleLogLine> lines;
        for (int tries = 0; lines.size() < count && tries < 2000; ++tries) {
            lines = awaited(log->newest(100)).value_or(QList<mail::RuleLogLine>());
            if (lines.size() < count)
                QTest::qWait(5);
        }
        std::reverse(lines.begin(), lines.end());
        return lines;
    }
    /// The files of what is owed, below rules/pending.
    [[nodiscard]] QStringList owed() const
    {
        const QDir pending(folder.filePath(QStringLiteral("rules/pending")));
        QStringList found;
        QDirIterator each(pending.path(), QDir::Files, QDirIterator::Subdirectories);
        while (each.hasNext())
            found += pending.relativeFilePath(each.next());
        return found;
    }
    QStringList tagsOf(const mail::FolderId &place)
    {
        mail::RowQuery query;
        query.folder = place;
        QStringList tags;
        for (const mail::MessageRow &row : awaited(store->rows(query)).value_or(mail::RowPage()).rows)
            tags += row.tags;
        return tags;
    }
};

} // namespace glasspost::test
