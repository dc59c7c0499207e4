#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <string>

namespace glasspost::mail {

/// JSON put straight into octets, for what is written thousands of times a second: a QJsonObject with thirty
/// members takes 320,000 instructions to make and to write. Keys are plain ASCII words of at most 32 letters;
/// the caller opens and closes in pairs.
class JsonText
{
public:
    /// Goes on after what is begun already.
    explicit JsonText(std::string begun = {}) : m_text(std::move(begun)) { }

    void openObject(QByteArrayView key = {});
    void closeObject();
    void openArray(QByteArrayView key);
    void closeArray();

    /// A string; text is UTF-8. Without a key where an array holds it.
    void text(QByteArrayView key, QByteArrayView text);
    void number(QByteArrayView key, qint64 number);
    /// A value that is JSON already.
    void raw(QByteArrayView key, QByteArrayView json);
    void flag(QByteArrayView key, bool flag);

    [[nodiscard]] QByteArray toOctets() const { return {m_text.data(), qsizetype(m_text.size())}; }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    void member(QByteArrayView key, QByteArrayView opening = {});
    void appendEscaped(QByteArrayView text);

    std::string m_text; ///< whose append() costs a fraction of a QByteArray's
    bool m_isFirst = true; ///< in the object or array that is open
};

} // namespace glasspost::mail
