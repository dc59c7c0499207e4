#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <tl/expected.hpp>

namespace glasspost::test {

/// One line of a scripted session.
struct DialogueStep
{
    enum class Kind {
        ServerLine, ///< "S: text", a whole line; CRLF is not in bytes
        ClientLine, ///< "C: text"
        ServerRaw, ///< "S> raw", escapes resolved
        ClientRaw, ///< "C> raw"
        ServerClose, ///< "S! close"
        ClientClose, ///< "C! close"
        ClientTls, ///< "C! tls": the client begins the handshake
        Assertion ///< "! words", the "| line" lines below it in body
    };
    Kind kind = Kind::Assertion;
    QByteArray bytes;
    QList<QByteArray> body;
    int line = 0; ///< in the file, from 1
};

/// "@ key value", the "| line" lines below it in body.
struct DialogueSetting
{
    QByteArray key;
    QByteArray value;
    QList<QByteArray> body;
};

/// A dialogue file: a scripted session that reads like an appendix of RFC 5321. See
/// tests/dialogues/README.md.
struct Dialogue
{
    QString name; ///< file name without its ending
    QByteArray title;
    QList<DialogueSetting> settings;
    QList<DialogueStep> steps;

    /// Value of the last setting with this key.
    [[nodiscard]] QByteArray setting(QByteArrayView key, const QByteArray &otherwise = {}) const;
    /// Values of every setting with this key.
    [[nodiscard]] QList<QByteArray> settingsOf(QByteArrayView key) const;
    [[nodiscard]] QList<QByteArray> settingBody(QByteArrayView key) const;
};

/// The error is one line that names the place.
tl::expected<Dialogue, QString> parseDialogue(const QString &name, const QByteArray &text);
/// Every *.txt file of a folder, sorted by name.
tl::expected<QList<Dialogue>, QString> readDialogues(const QString &folder);

/// Whole match; "*" in the pattern stands for any octets, none among them.
bool matchesPattern(QByteArrayView pattern, QByteArrayView text);
/// \r \n \t \\ \0 and \xNN resolved; nothing else is an escape.
tl::expected<QByteArray, QString> unescape(QByteArrayView raw);

} // namespace glasspost::test
