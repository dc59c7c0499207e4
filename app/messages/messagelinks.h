#pragma once

#include <QList>
#include <QString>

namespace glasspost::app {

/// A link that a message offers: where it goes, and the words that a person presses.
struct MessageLink
{
    QString url;
    QString words; ///< empty where the address alone is written

    friend bool operator==(const MessageLink &, const MessageLink &) = default;
};

/// The links of a message in their order, each address once, at most 1,000: those of the HTML as its sender
/// wrote it, whatever their scheme (but for what only the page itself uses: "#place", data:, cid:,
/// javascript:), then addresses of the web that are written out in the text. Nothing is fetched. Linear in
/// the size of its input.
QList<MessageLink> messageLinks(const QString &html, const QString &text);

} // namespace glasspost::app
