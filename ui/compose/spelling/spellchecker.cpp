#include "ui/compose/spelling/spellchecker.h"

#include "mail/base/mutex.h"
#include "mail/base/worker.h"

#include <QFile>

namespace glasspost::ui {

/// Does one thing after another on the thread pool: a composer that is closed never waits for its dictionary.
class SpellChecker::Desk : public std::enable_shared_from_this<SpellChecker::Desk>
{
public:
    using Work = std::function<void(Desk &)>;

    QList<DictionaryFile> files;
    std::unique_ptr<Dictionary> dictionary;

    /// Answers with what work(Desk &) returns.
    template <typename Ask> mail::TaskFor<Ask, Desk &> run(Ask work)
    {
        const mail::PromiseFor<Ask, Desk &> promise;
        const mail::MutexLock lock(m_mutex);
        m_queue.append([promise, work](Desk &desk) { promise.answerWith([&] { return work(desk); }); });
        if (!std::exchange(m_busy, true))
            mail::runInPool([self = shared_from_this()] { self->drain(); });
        return promise.task();
    }

    void open(const QString &language, const QString &personalWords)
    {
        dictionary.reset();
        for (const DictionaryFile &file : std::as_const(files)) {
            if (file.language == language)
                dictionary = Dictionary::open(file);
        }
        QFile words(personalWords);
        if (!dictionary || personalWords.isEmpty() || !words.open(QIODevice::ReadOnly))
            return;
        while (!words.atEnd())
            dictionary->add(QString::fromUtf8(words.readLine()).trimmed());
    }

private:
    void drain()
    {
        while (const Work work = next())
            work(*this);
    }
    Work next()
    {
        const mail::MutexLock lock(m_mutex);
        m_busy = !m_queue.isEmpty();
        return m_busy ? m_queue.takeFirst() : Work();
    }

    mail::Mutex m_mutex;
    QList<Work> m_queue GUARDED_BY(m_mutex);
    bool m_busy GUARDED_BY(m_mutex) = false;
};

SpellChecker::SpellChecker(QString personalWords, std::function<QStringList()> folders, QObject *parent)
    : QObject(parent), m_personalWords(std::move(personalWords)), m_folders(std::move(folders)),
      m_desk(std::make_shared<Desk>())
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &SpellChecker::askPending);
}

SpellChecker::~SpellChecker() = default;

void SpellChecker::start(const QString &locale)
{
    const auto findAll = [folders = m_folders](Desk &desk) {
        desk.files = installedDictionaries(folders());
        QStringList languages;
        for (const DictionaryFile &file : std::as_const(desk.files))
            languages += file.language;
        return languages;
    };
    m_desk->run(findAll).andThen(this, [this, locale](const QStringList &languages) {
        m_languages = languages;
        setLanguage(bestLanguage(languages, locale));
    });
}

void SpellChecker::setLanguage(const QString &language)
{
    m_language = language;
    m_isOpen = false;
    m_known.clear();
    m_pending.clear();
    ++m_turn;
    const auto open = [language, personal = m_personalWords](Desk &desk) {
        desk.open(language, personal);
        return desk.dictionary != nullptr;
    };
    m_desk->run(open).andThen(this, [this, turn = m_turn](bool isOpen) {
        if (turn != m_turn)
            return;
        m_isOpen = isOpen;
        Q_EMIT ready();
    });
}

SpellChecker::Verdict SpellChecker::verdict(const QString &word)
{
    if (!m_isOpen)
        return Verdict::Right;
    if (const auto known = m_known.constFind(word); known != m_known.cend())
        return *known ? Verdict::Right : Verdict::Wrong;
    m_pending.insert(word);
    if (!m_soon.isActive())
        m_soon.start();
    return Verdict::NotYet;
}

void SpellChecker::askPending()
{
    const QSet<QString> words = std::exchange(m_pending, {});
    const auto lookUp = [words](Desk &desk) {
        QHash<QString, bool> known;
        for (const QString &word : words)
            known.insert(word, !desk.dictionary || desk.dictionary->knows(word));
        return known;
    };
    m_desk->run(lookUp).andThen(this, [this, turn = m_turn](const QHash<QString, bool> &known) {
        if (turn != m_turn)
            return;
        m_known.insert(known);
        Q_EMIT checked();
    });
}

mail::Task<QStringList> SpellChecker::suggest(const QString &word)
{
    return m_desk->run(
        [word](Desk &desk) { return desk.dictionary ? desk.dictionary->suggestions(word) : QStringList(); });
}

void SpellChecker::add(const QString &word)
{
    m_known.insert(word, true);
    Q_EMIT checked();
    m_desk->run([word, personal = m_personalWords](Desk &desk) {
        if (desk.dictionary)
            desk.dictionary->add(word);
        constexpr QFileDevice::Permissions own = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
        QFile words(personal);
        if (!personal.isEmpty() && words.open(QIODevice::Append, own)) {
            words.setPermissions(own); // an older version made it with the umask's
            words.write(word.toUtf8() + '\n');
        }
    });
}

} // namespace glasspost::ui
