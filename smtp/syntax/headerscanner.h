#pragma once

#include <QByteArrayView>

namespace glasspost::smtp {

/// Watches a message go by for what a server must know of its header: how many octets, and how many Received
/// fields (RFC 5321 6.3: the hop count). Streaming; lines end with CRLF, and the header with an empty one.
class HeaderScanner
{
public:
    void scan(QByteArrayView octets);
    [[nodiscard]] bool isDone() const { return m_done; }
    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] int receivedFields() const { return m_receivedFields; }
    void clear() { *this = {}; }

private:
    void scanNameOctet(char c);

    qint64 m_size = 0;
    int m_receivedFields = 0;
    int m_matched = 0; ///< octets of "received" that this line starts with; -1 when it is another field
    qsizetype m_column = 0;
    bool m_done = false;
};

} // namespace glasspost::smtp
