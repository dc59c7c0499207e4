#include "app/pop3/captureddrops.h"

#include "mail/accept/captureinboxes.h"
#include "mail/routing/capturefiling.h"

#include <QCryptographicHash>

#include <algorithm>
#include <memory>

namespace glasspost::app {

namespace {

constexpr int dropPageSize = 500; // messages

/// RFC 1939 7. The unique name nearly always is one; a host name may be too long for it.
QByteArray uidOf(const QByteArray &unique)
{
    constexpr qsizetype longestUid = 70;
    const bool isUid = !unique.isEmpty() && unique.size() <= longestUid
        && std::all_of(unique.cbegin(), unique.cend(), [](char c) { return c > ' ' && c < '\x7F'; });
    return isUid ? unique : QCryptographicHash::hash(unique, QCryptographicHash::Sha256).toHex();
}

} // namespace

mail::Task<mail::FolderId> CapturedDrops::inboxOf(const QByteArray &user)
{
    const mail::Settings settings = m_mail.settings().value();
    if (const auto bound = mail::bindingInbox(settings, QString::fromUtf8(user)))
        return bound;
    if (settings.listener.captureRule.by == mail::CaptureRule::By::Binding)
        return mail::bindingInbox(settings);
    return m_mail.lookups().captureInbox(mail::captureInboxName(user));
}

mail::Task<mail::Maildrop> CapturedDrops::open(const QByteArray &user)
{
    return m_mail.mailboxes()
        .settle()
        .andThen(this, [this, user](quint64) { return inboxOf(user); })
        .andThen(this, [this](const mail::FolderId &folder) { return list(folder); });
}

/// Page by page, each where the last one ended, whatever comes or goes meanwhile.
mail::Task<mail::Maildrop> CapturedDrops::list(const mail::FolderId &folder)
{
    struct Listing
    {
        mail::Maildrop drop;
        mail::ArrivalQuery next;
        quint64 generation = 0;
    };
    const auto listing = std::make_shared<Listing>();
    listing->next.folder = folder;
    listing->next.limit = dropPageSize;
    const auto take = [listing](const mail::RowPage &page) -> mail::Result<bool> {
        const bool isOther = listing->generation != 0 && listing->generation != page.generation;
        if (page.isMissing || isOther)
            return tl::unexpected(mail::Error{mail::ErrorCode::IndexIncomplete, {}, {}});
        listing->generation = page.generation;
        for (const mail::MessageRow &row : page.rows) {
            listing->drop.append({row.id, row.size, uidOf(row.id.unique)});
            listing->next.after = row.number;
        }
        return page.rows.size() == dropPageSize;
    };
    const mail::Promise<mail::Maildrop> promise;
    mail::repeat(this, [this, listing, take] {
        return m_mail.lookups().arrivals(listing->next).andThen(this, take);
    }).then(this, [listing, promise](const mail::Result<void> &listed) {
        promise.answer(listed.map([&listing] { return listing->drop; }));
    });
    return promise.task();
}

mail::Task<mail::MessageOctets> CapturedDrops::octets(const mail::MessageId &id)
{
    return m_mail.mailboxes().octets(id);
}

mail::Task<void> CapturedDrops::remove(const QList<mail::MessageId> &ids)
{
    const mail::Promise<void> promise;
    m_mail.mailboxes().remove(ids).then(this, [promise](const mail::Result<void> &removed) {
        const bool isDone = removed || removed.error().code == mail::ErrorCode::NotFound;
        promise.answer(isDone ? mail::Result<void>() : removed);
    });
    return promise.task();
}

} // namespace glasspost::app
