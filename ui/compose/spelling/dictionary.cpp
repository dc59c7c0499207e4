#include "ui/compose/spelling/dictionary.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QStringDecoder>
#include <QStringEncoder>

#include <hunspell.hxx>

namespace glasspost::ui {

namespace {

constexpr int mostSuggestions = 6;

class HunspellDictionary : public Dictionary
{
public:
    explicit HunspellDictionary(const DictionaryFile &file)
        : m_speller(QFile::encodeName(file.affixes).constData(), QFile::encodeName(file.words).constData()),
          m_encode(m_speller.get_dict_encoding().c_str()), m_decode(m_speller.get_dict_encoding().c_str())
    { }

    [[nodiscard]] bool isGood() const { return m_encode.isValid() && m_decode.isValid(); }

    bool knows(const QString &word) override
    {
        const QByteArray octets = encoded(word);
        // A word that its letters cannot spell is none of this dictionary's.
        return octets.isEmpty() || m_speller.spell(octets.toStdString());
    }

    QStringList suggestions(const QString &word) override
    {
        QStringList words;
        for (const std::string &one : m_speller.suggest(encoded(word).toStdString())) {
            if (words.size() < mostSuggestions)
                words.append(m_decode.decode(QByteArrayView(one.data(), qsizetype(one.size()))));
        }
        return words;
    }

    void add(const QString &word) override { m_speller.add(encoded(word).toStdString()); }

private:
    QByteArray encoded(const QString &word)
    {
        QString plain = word;
        plain.replace(QChar(0x2019), QLatin1Char('\'')); // dictionaries know the straight apostrophe alone
        m_encode.resetState();
        const QByteArray octets = m_encode.encode(plain);
        return m_encode.hasError() ? QByteArray() : octets;
    }

    Hunspell m_speller;
    QStringEncoder m_encode;
    QStringDecoder m_decode;
};

} // namespace

QStringList dictionaryFolders()
{
    QStringList folders = QStandardPaths::locateAll(
        QStandardPaths::GenericDataLocation, QStringLiteral("hunspell"), QStandardPaths::LocateDirectory);
    folders += QStandardPaths::locateAll(QStandardPaths::GenericDataLocation, QStringLiteral("myspell/dicts"),
        QStandardPaths::LocateDirectory);
    return folders;
}

QList<DictionaryFile> installedDictionaries(const QStringList &folders)
{
    QMap<QString, DictionaryFile> found;
    for (const QString &path : folders) {
        const QDir folder(path);
        const QFileInfoList affixes
            = folder.entryInfoList({QStringLiteral("*.aff")}, QDir::Files | QDir::Readable);
        for (const QFileInfo &file : affixes) {
            const QString language = file.completeBaseName();
            const QString words = folder.filePath(language + QStringLiteral(".dic"));
            // Patterns of hyphenation lie in the same folders.
            if (!found.contains(language) && QFile::exists(words)
                && !language.startsWith(QLatin1String("hyph_")))
                found.insert(language, {language, file.filePath(), words});
        }
    }
    return found.values();
}

QString bestLanguage(const QStringList &languages, const QString &locale)
{
    if (languages.contains(locale))
        return locale;
    const QString tongue = locale.section(QLatin1Char('_'), 0, 0);
    if (tongue.isEmpty())
        return {};
    // "de_DE" before "de_AT": the country that is named like its tongue.
    for (const QString &wanted : {tongue, tongue + QLatin1Char('_') + tongue.toUpper()}) {
        if (languages.contains(wanted))
            return wanted;
    }
    for (const QString &language : languages) {
        if (language.section(QLatin1Char('_'), 0, 0) == tongue)
            return language;
    }
    return {};
}

std::unique_ptr<Dictionary> Dictionary::open(const DictionaryFile &file)
{
    auto dictionary = std::make_unique<HunspellDictionary>(file);
    return dictionary->isGood() ? std::unique_ptr<Dictionary>(std::move(dictionary)) : nullptr;
}

} // namespace glasspost::ui
