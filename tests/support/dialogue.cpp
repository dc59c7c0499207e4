#include "tests/support/dialogue.h"

#include <QDir>
#include <QFile>

#include <optional>

namespace glasspost::test {

namespace {

using Kind = DialogueStep::Kind;

struct Marker
{
    const char *text;
    Kind kind;
};

constexpr Marker markers[] = {{"S:", Kind::ServerLine}, {"C:", Kind::ClientLine}, {"S>", Kind::ServerRaw},
    {"C>", Kind::ClientRaw}, {"S!", Kind::ServerClose}, {"C!", Kind::ClientClose}, {"!", Kind::Assertion}};

QByteArray afterOneBlank(QByteArrayView text)
{
    return (text.startsWith(' ') ? text.sliced(1) : text).toByteArray();
}

/// Reads one file line by line.
class Reader
{
public:
    explicit Reader(QString name) { m_dialogue.name = std::move(name); }

    std::optional<QString> take(const QByteArray &line)
    {
        ++m_line;
        if (line.startsWith('#')) {
            if (m_dialogue.title.isEmpty())
                m_dialogue.title = line.mid(1).trimmed();
            return {};
        }
        if (line.trimmed().isEmpty())
            return {};
        if (line.startsWith('|'))
            return takeBody(afterOneBlank(QByteArrayView(line).sliced(1)));
        if (line.startsWith('@'))
            return takeSetting(line.mid(1).trimmed());
        return takeStep(line);
    }

    [[nodiscard]] const Dialogue &dialogue() const { return m_dialogue; }

private:
    QString fault(const char *what) const
    {
        return QStringLiteral("%1.txt:%2: %3").arg(m_dialogue.name).arg(m_line).arg(QLatin1String(what));
    }

    std::optional<QString> takeBody(const QByteArray &line)
    {
        if (m_body == nullptr)
            return fault("a \"|\" line needs a setting or an assertion above it");
        m_body->append(line);
        return {};
    }

    std::optional<QString> takeSetting(const QByteArray &text)
    {
        const qsizetype blank = text.indexOf(' ');
        const QByteArray key = blank < 0 ? text : text.first(blank);
        m_dialogue.settings.append({key, blank < 0 ? QByteArray() : text.mid(blank + 1).trimmed(), {}});
        m_body = &m_dialogue.settings.last().body;
        return {};
    }

    std::optional<QString> takeStep(const QByteArray &line)
    {
        for (const Marker &marker : markers) {
            if (!line.startsWith(marker.text))
                continue;
            DialogueStep step{
                marker.kind, afterOneBlank(QByteArrayView(line).sliced(qstrlen(marker.text))), {}, m_line};
            return add(std::move(step));
        }
        return fault("a line starts with S: C: S> C> S! C! ! @ | or #");
    }

    std::optional<QString> add(DialogueStep step)
    {
        m_body = nullptr;
        if (step.kind == Kind::ServerRaw || step.kind == Kind::ClientRaw) {
            const auto raw = unescape(step.bytes);
            if (!raw)
                return fault("an escape is \\r \\n \\t \\0 \\\\ or \\xNN");
            step.bytes = *raw;
        }
        const bool isClose = step.kind == Kind::ServerClose || step.kind == Kind::ClientClose;
        if (step.kind == Kind::ClientClose && step.bytes.trimmed() == "tls")
            step.kind = Kind::ClientTls;
        else if (isClose && step.bytes.trimmed() != "close")
            return fault("only \"close\" can follow S!, and \"tls\" too C!");
        const bool isAssertion = step.kind == Kind::Assertion;
        m_dialogue.steps.append(std::move(step));
        if (isAssertion)
            m_body = &m_dialogue.steps.last().body;
        return {};
    }

    Dialogue m_dialogue;
    QList<QByteArray> *m_body = nullptr;
    int m_line = 0;
};

} // namespace

QByteArray Dialogue::setting(QByteArrayView key, const QByteArray &otherwise) const
{
    const QList<QByteArray> values = settingsOf(key);
    return values.isEmpty() ? otherwise : values.last();
}

QList<QByteArray> Dialogue::settingsOf(QByteArrayView key) const
{
    QList<QByteArray> values;
    for (const DialogueSetting &setting : settings) {
        if (setting.key == key)
            values.append(setting.value);
    }
    return values;
}

QList<QByteArray> Dialogue::settingBody(QByteArrayView key) const
{
    QList<QByteArray> body;
    for (const DialogueSetting &setting : settings) {
        if (setting.key == key)
            body += setting.body;
    }
    return body;
}

tl::expected<Dialogue, QString> parseDialogue(const QString &name, const QByteArray &text)
{
    Reader reader(name);
    const QList<QByteArray> lines = text.split('\n');
    for (const QByteArray &line : lines) {
        if (const auto fault = reader.take(line))
            return tl::unexpected(*fault);
    }
    if (reader.dialogue().steps.isEmpty())
        return tl::unexpected(name + QStringLiteral(".txt: nothing is said"));
    return reader.dialogue();
}

tl::expected<QList<Dialogue>, QString> readDialogues(const QString &folder)
{
    QList<Dialogue> dialogues;
    const QDir dir(folder);
    const QStringList names = dir.entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name);
    for (const QString &name : names) {
        QFile file(dir.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return tl::unexpected(name + QStringLiteral(": ") + file.errorString());
        const auto dialogue = parseDialogue(name.chopped(4), file.readAll());
        if (!dialogue)
            return tl::unexpected(dialogue.error());
        dialogues.append(*dialogue);
    }
    return dialogues;
}

bool matchesPattern(QByteArrayView pattern, QByteArrayView text)
{
    // Greedy with one way back: the last "*" takes one octet more whenever what follows it does not fit.
    qsizetype p = 0;
    qsizetype t = 0;
    qsizetype star = -1;
    qsizetype starText = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            starText = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++starText;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

tl::expected<QByteArray, QString> unescape(QByteArrayView raw)
{
    QByteArray octets;
    for (qsizetype i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\') {
            octets += raw[i];
            continue;
        }
        const char kind = i + 1 < raw.size() ? raw[++i] : '\0';
        if (kind == 'r')
            octets += '\r';
        else if (kind == 'n')
            octets += '\n';
        else if (kind == 't')
            octets += '\t';
        else if (kind == '0')
            octets += '\0';
        else if (kind == '\\')
            octets += '\\';
        else if (kind == 'x' && i + 2 < raw.size()) {
            octets += QByteArray::fromHex(raw.sliced(i + 1, 2).toByteArray());
            i += 2;
        } else
            return tl::unexpected(QStringLiteral("malformed escape"));
    }
    return octets;
}

} // namespace glasspost::test
