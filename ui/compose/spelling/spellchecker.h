#pragma once

#include "mail/base/task.h"
#include "ui/compose/spelling/dictionary.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <functional>
#include <memory>

namespace glasspost::ui {

/// Tells which words are spelt right, without ever waiting: what is not known yet is asked on the thread pool
/// and reported by checked(). GUI thread.
class SpellChecker : public QObject
{
    Q_OBJECT
public:
    enum class Verdict { NotYet, Right, Wrong };

    /// personalWords: a file of the words one added, a line each; made when the first is added.
    /// folders: where dictionaries lie; asked on the thread pool, since it reads the disk.
    explicit SpellChecker(QString personalWords, std::function<QStringList()> folders = dictionaryFolders,
        QObject *parent = nullptr);
    ~SpellChecker() override;

    /// Finds the dictionaries and opens the one that fits; ready() comes, and changes nothing when there is
    /// none.
    void start(const QString &locale);
    void setLanguage(const QString &language); ///< empty: nothing is checked
    [[nodiscard]] const QString &language() const { return m_language; }
    [[nodiscard]] const QStringList &languages() const { return m_languages; }

    /// Right for every word while no dictionary is open.
    [[nodiscard]] Verdict verdict(const QString &word);
    mail::Task<QStringList> suggest(const QString &word);
    void add(const QString &word); ///< right from now on, in this and later windows

Q_SIGNALS:
    void ready(); ///< another dictionary is open, or none: every verdict is new
    void checked(); ///< verdicts that were NotYet are there

private:
    class Desk; ///< the dictionary, used on the thread pool alone

    void askPending();

    QString m_personalWords;
    std::function<QStringList()> m_folders;
    QString m_language;
    QStringList m_languages;
    bool m_isOpen = false;
    int m_turn = 0; ///< answers about an earlier dictionary are dropped
    QHash<QString, bool> m_known;
    QSet<QString> m_pending;
    QTimer m_soon;
    std::shared_ptr<Desk> m_desk;
};

} // namespace glasspost::ui
