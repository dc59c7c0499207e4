#pragma once

#include "mail/message/mime.h"

#include <QByteArray>
#include <QList>

namespace glasspost::mail {

/// The MIME structure of a message: what GMime read and its parts in depth-first order, capped at 100 levels
/// and 10,000 parts. The source must outlive it.
class PartTree
{
public:
    struct Node
    {
        GMimeObject *object = nullptr; ///< owned by the tree
        int depth = 0;
        int parent = -1; ///< index of the part it lies in; -1 at the top
        int messages = 0; ///< how many message/rfc822 parts it lies in
    };

    explicit PartTree(const QByteArray &source);

    [[nodiscard]] const QList<Node> &nodes() const { return m_nodes; }
    /// The message of a message/rfc822 part as it lies, or the decoded octets of any other leaf.
    [[nodiscard]] static QByteArray content(GMimeObject *object, qint64 limit);

private:
    void walk();

    GRef<GMimeMessage> m_message;
    QList<Node> m_nodes;
};

} // namespace glasspost::mail
