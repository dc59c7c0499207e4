#pragma once

#include "mail/base/error.h"
#include "mail/base/octetsreader.h"
#include "mail/message/mime.h"
#include "mail/message/outline.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace glasspost::mail {

/// The MIME structure of a message: what GMime read and its parts in depth-first order, capped at 100 levels
/// and 10,000 parts. What the parts hold stays where it is until it is asked for. Blocks on the disk.
class PartTree
{
public:
    struct Node
    {
        GMimeObject *object = nullptr; ///< owned by the tree
        int depth = 0;
        int parent = -1; ///< index of the part it lies in; -1 at the top
        int messages = 0; ///< how many message/rfc822 parts it lies in
        PartPlace place; ///< in the message
    };

    static Result<PartTree> read(const OctetsReader &message)
    {
        return readWith(message, Interruption::Ignored);
    }
    /// Obeyed, interruption counts for content() and size() too.
    static Result<PartTree> readWith(const OctetsReader &message, Interruption interruption);

    [[nodiscard]] const QList<Node> &nodes() const { return m_nodes; }
    [[nodiscard]] bool isCut() const { return m_isCut; } ///< there are more parts
    /// The message of a message/rfc822 part as it lies, or the decoded octets of any other leaf.
    [[nodiscard]] Result<OctetPieces> pieces(int node) const;
    /// At most limit octets of it, none of what cannot be read: failure() has the reason.
    [[nodiscard]] QByteArray content(int node, qint64 limit) const;
    /// At most limit octets of the part as it lies, its transfer encoding with it; likewise.
    [[nodiscard]] QByteArray raw(int node, qint64 limit) const;
    /// At most limit octets of its header; likewise.
    [[nodiscard]] QByteArray header(int node, qint64 limit) const;
    [[nodiscard]] qint64 size(int node) const;
    /// The first reason why one of these could not read.
    [[nodiscard]] const std::optional<Error> &failure() const { return m_failure; }

private:
    PartTree(const OctetsReader &message, Interruption interruption)
        : m_octets(message), m_interruption(interruption)
    { }
    void walk(GMimeObject *top, const QList<PartPlace> &places);
    /// Gives what a part holds to take, until it says that it has enough.
    template <typename Take> void each(int node, const Take &take) const;
    [[nodiscard]] QByteArray octetsOf(const Span &span, qint64 limit) const;

    OctetsReader m_octets;
    Interruption m_interruption;
    GRef<GMimeMessage> m_message;
    QList<Node> m_nodes;
    bool m_isCut = false;
    mutable std::optional<Error> m_failure;
};

} // namespace glasspost::mail
