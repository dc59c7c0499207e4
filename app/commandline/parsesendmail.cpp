// sendmail: the options of the program of that name, as Sendmail, Postfix and Exim know them.
#include "app/commandline/parsers.h"

#include <optional>

namespace glasspost::app {

namespace {

enum class Takes {
    Nothing,
    Value, ///< in the same word, or the next one
    Rest ///< of the same word, which may be empty
};

struct LetterSpec
{
    const char *letters;
    Takes takes;
};
constexpr LetterSpec letterSpecs[]
    = {{"cGiImnstTUvx", Takes::Nothing}, {"ABCDFfhLMNOpQrRVX", Takes::Value}, {"bdeoq", Takes::Rest}};

std::optional<Takes> takes(QChar letter)
{
    for (const LetterSpec &spec : letterSpecs) {
        if (QLatin1String(spec.letters).contains(letter))
            return spec.takes;
    }
    return {};
}

/// Takes the words one by one.
class SendmailParser
{
public:
    explicit SendmailParser(const QStringList &words) : m_words(words) { }

    Parsed<Command> run()
    {
        while (m_at < m_words.size()) {
            const QString word = m_words.at(m_at++);
            if (word == u"--") {
                m_sendmail.recipients += m_words.mid(m_at);
                break;
            }
            const auto read = word.startsWith(u"--")       ? readLong(word.mid(2))
                : word.startsWith(u'-') && word.size() > 1 ? readLetters(word.mid(1))
                                                           : readRecipient(word);
            if (!read)
                return refused(read.error());
        }
        return command();
    }

private:
    Parsed<void> readRecipient(const QString &word)
    {
        m_sendmail.recipients += word;
        return {};
    }

    Parsed<void> readLong(const QString &word)
    {
        if (word != u"via" && !word.startsWith(u"via="))
            return refused(QStringLiteral("there is no option --%1").arg(word.section(u'=', 0, 0)));
        const auto value = word == u"via" ? next(QStringLiteral("--via")) : Parsed<QString>(word.mid(4));
        if (!value)
            return refused(value.error());
        const auto route = parseVia(*value);
        if (!route)
            return refused(route.error());
        m_sendmail.via = *route;
        return {};
    }

    Parsed<void> readLetters(const QString &letters)
    {
        for (qsizetype i = 0; i < letters.size(); ++i) {
            const QChar letter = letters.at(i);
            const auto kind = takes(letter);
            if (!kind)
                return refused(QStringLiteral("there is no option -%1").arg(letter));
            QString value;
            if (*kind != Takes::Nothing)
                value = letters.mid(i + 1);
            if (*kind == Takes::Value && value.isEmpty()) {
                const auto following = next(QStringLiteral("-") + letter);
                if (!following)
                    return refused(following.error());
                value = *following;
            }
            if (const auto read = readOption(letter, value); !read)
                return read;
            if (*kind != Takes::Nothing)
                break;
        }
        return {};
    }

    Parsed<QString> next(const QString &option)
    {
        if (m_at >= m_words.size())
            return refused(QStringLiteral("%1 needs a value").arg(option));
        return m_words.at(m_at++);
    }

    /// What is not named here has no meaning in Glasspost, and is accepted as the others accept it.
    Parsed<void> readOption(QChar letter, const QString &value)
    {
        switch (letter.unicode()) {
        case 't':
            m_sendmail.readsRecipients = true;
            break;
        case 'i':
            m_sendmail.dotEnds = false;
            break;
        case 'o':
            m_sendmail.dotEnds = m_sendmail.dotEnds && value != u"i";
            break;
        case 'f':
        case 'r':
            m_sendmail.sender = value == u"<>" ? QString() : value;
            break;
        case 'F':
            m_sendmail.fullName = value;
            break;
        case 'I':
            m_sendmail.mode = SendmailInvocation::Mode::Aliases;
            break;
        case 'q':
            m_runsQueue = true;
            break;
        case 'b':
            return readMode(value);
        case 'N':
        case 'R':
        case 'V':
            return readReport(letter, value);
        default:
            break;
        }
        return {};
    }

    Parsed<void> readMode(const QString &value)
    {
        using Mode = SendmailInvocation::Mode;
        if (value == u"m")
            m_sendmail.mode = Mode::Message;
        else if (value == u"s")
            m_sendmail.mode = Mode::Dialogue;
        else if (value == u"i")
            m_sendmail.mode = Mode::Aliases;
        else if (value == u"p")
            m_listsQueue = true;
        else
            return refused(
                QStringLiteral("-b%1 is not available; glasspost listen is the server").arg(value));
        return {};
    }

    /// RFC 3461.
    Parsed<void> readReport(QChar letter, const QString &value)
    {
        if (letter == u'V') {
            const auto id = parseEnvelopeId(QStringLiteral("-V"), value);
            if (!id)
                return refused(id.error());
            m_sendmail.envelope.envelopeId = *id;
        } else if (letter == u'N') {
            const auto notify = parseNotify(QStringLiteral("-N"), value.toLower());
            if (!notify)
                return refused(notify.error());
            m_sendmail.notify = *notify;
        } else if (value.startsWith(u"hdrs", Qt::CaseInsensitive)
            || value.startsWith(u"head", Qt::CaseInsensitive)) {
            m_sendmail.envelope.dsnReturn = smtp::DsnReturn::Headers;
        } else if (value.compare(u"full", Qt::CaseInsensitive) == 0) {
            m_sendmail.envelope.dsnReturn = smtp::DsnReturn::Full;
        } else {
            return refused(QStringLiteral("-R takes full or hdrs, not \"%1\"").arg(value));
        }
        return {};
    }

    Parsed<Command> command()
    {
        if (m_listsQueue)
            return QueueInvocation();
        if (m_runsQueue && m_sendmail.recipients.isEmpty() && !m_sendmail.readsRecipients) {
            QueueInvocation queue;
            queue.request = mail::QueueRequest(mail::QueueAction::TryNow);
            return queue;
        }
        using Mode = SendmailInvocation::Mode;
        const bool hasReaders = m_sendmail.readsRecipients || !m_sendmail.recipients.isEmpty();
        if (m_sendmail.mode == Mode::Message && !hasReaders)
            return refused(QStringLiteral("recipients must be specified, or -t"));
        if (m_sendmail.mode == Mode::Dialogue && m_sendmail.via)
            return refused(QStringLiteral("-bs and --via cannot be used together: connect to that server"));
        return m_sendmail;
    }

    const QStringList m_words;
    qsizetype m_at = 0;
    SendmailInvocation m_sendmail;
    bool m_listsQueue = false;
    bool m_runsQueue = false;
};

} // namespace

Parsed<Command> parseSendmail(const QStringList &words)
{
    return SendmailParser(words).run();
}

} // namespace glasspost::app
