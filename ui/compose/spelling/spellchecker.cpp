#include "ui/compose/spelling/spellchecker.h"

#include "mail/contextlink.h"

#include <QFile>

namespace glasspost::ui {

struct SpellChecker::Desk
{
    QList<DictionaryFile> files;
    std::unique_ptr<Dictionary> dictionary;

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
};

SpellChecker::SpellChecker(QString personalWords, QStringList folders, QObject *parent)
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
    m_worker.run([this, link = mail::ContextLink::to(this), desk = m_desk, folders = m_folders, locale] {
        desk->files = installedDictionaries(folders);
        QStringList languages;
        for (const DictionaryFile &file : std::as_const(desk->files))
            languages += file.language;
        link->run([this, languages, locale] {
            m_languages = languages;
            setLanguage(bestLanguage(languages, locale));
        });
    });
}

void SpellChecker::setLanguage(const QString &language)
{
    m_language = language;
    m_isOpen = false;
    m_known.clear();
    m_pending.clear();
    ++m_turn;
    m_worker.run([this, link = mail::ContextLink::to(this), desk = m_desk, language, turn = m_turn,
                     personal = m_personalWords] {
        desk->open(language, personal);
        link->run([this, turn, isOpen = desk->dictionary != nullptr] {
            if (turn != m_turn)
                return;
            m_isOpen = isOpen;
            Q_EMIT ready();
        });
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
    m_worker.run([this, link = mail::ContextLink::to(this), desk = m_desk, words, turn = m_turn] {
        QHash<QString, bool> known;
        for (const QString &word : words)
            known.insert(word, !desk->dictionary || desk->dictionary->knows(word));
        link->run([this, known, turn] {
            if (turn != m_turn)
                return;
            m_known.insert(known);
            Q_EMIT checked();
        });
    });
}

void SpellChecker::suggest(
    const QString &word, QObject *context, std::function<void(const QStringList &)> done)
{
    m_worker.run([link = mail::ContextLink::to(context), desk = m_desk, word, done = std::move(done)] {
        const QStringList words = desk->dictionary ? desk->dictionary->suggestions(word) : QStringList();
        link->run([words, done] { done(words); });
    });
}

void SpellChecker::add(const QString &word)
{
    m_known.insert(word, true);
    Q_EMIT checked();
    m_worker.run([desk = m_desk, word, personal = m_personalWords] {
        if (desk->dictionary)
            desk->dictionary->add(word);
        QFile words(personal);
        if (!personal.isEmpty() && words.open(QIODevice::Append))
            words.write(word.toUtf8() + '\n');
    });
}

} // namespace glasspost::ui
