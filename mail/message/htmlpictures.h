#pragma once

#include "mail/message/messageview.h"

#include <QHash>
#include <QSet>

namespace glasspost::mail {

/// Gives the pictures that HTML refers to their names in what is cleaned, so that nothing which could be
/// fetched is left in it: "cid:ID" for one that came with the message, "data:N" for one that the HTML itself
/// holds, "remote:N" for one on a server, where N counts HtmlPage's lists.
class HtmlPictures
{
public:
    enum class Kept {
        OfMessage, ///< those of the message alone
        All
    };

    HtmlPictures(HtmlPage &page, const QSet<QString> &contentIds, Kept kept);

    /// The name; empty for what is no picture that may be shown.
    QString name(const QString &reference);

private:
    QString numbered(const QString &url);
    QString embedded(QStringView data);

    HtmlPage &m_page;
    const QSet<QString> &m_contentIds;
    const Kept m_kept;
    QHash<QString, qsizetype> m_numbers; ///< of the remote ones
    qsizetype m_embedded = 0; ///< octets
};

/// The Content-IDs that HTML or a style in it refers to as pictures.
QSet<QString> contentIdsIn(const QString &html);

} // namespace glasspost::mail
