#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <memory>

namespace glasspost::ui {

/// A Hunspell dictionary that lies on this machine.
struct DictionaryFile
{
    QString language; ///< "en_GB", as its files are named
    QString affixes; ///< path of the .aff file
    QString words; ///< path of the .dic file

    friend bool operator==(const DictionaryFile &, const DictionaryFile &) = default;
};

/// Where systems keep them.
[[nodiscard]] QStringList dictionaryFolders();
/// Those in the folders, by language, each language once. Reads folders: not for the GUI thread.
[[nodiscard]] QList<DictionaryFile> installedDictionaries(const QStringList &folders);
/// The language of these that fits a locale's name best: the same, else another one of the same tongue; empty
/// when there is none.
[[nodiscard]] QString bestLanguage(const QStringList &languages, const QString &locale);

/// An open dictionary. Opening takes some tenths of a second, a suggestion up to as long. One thread at a
/// time.
class Dictionary
{
public:
    /// Null when it cannot be read.
    static std::unique_ptr<Dictionary> open(const DictionaryFile &file);
    virtual ~Dictionary() = default;

    [[nodiscard]] virtual bool knows(const QString &word) = 0;
    [[nodiscard]] virtual QStringList suggestions(const QString &word) = 0;
    virtual void add(const QString &word) = 0; ///< for as long as it is open
};

} // namespace glasspost::ui
