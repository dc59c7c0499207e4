#pragma once

#include <QByteArray>
#include <QList>

#include <vector>

namespace glasspost::mail {

/// All files of a Maildir, "new/..." and "cur/...:2,S", to be compared with what the index has. One block of
/// octets, some 90 a file, since there may be a million.
class MaildirFiles
{
public:
    /// Relative to dataFolder, an open folder.
    MaildirFiles(int dataFolder, const QByteArray &maildir);

    /// One that has this unique name and was not taken yet, in new/ rather than in cur/; empty when there is
    /// none. The octets are this object's.
    QByteArrayView take(QByteArrayView unique);
    [[nodiscard]] QList<QByteArray> notTaken() const;

private:
    struct File
    {
        size_t hash; ///< of the unique name
        qsizetype begin; ///< in m_names
        quint16 size;
        bool isTaken;
    };
    void read(int dataFolder, const QByteArray &maildir, const char *part);
    [[nodiscard]] QByteArrayView name(const File &file) const;

    QByteArray m_names;
    std::vector<File> m_files; ///< by hash, then in the order in which they were read
};

} // namespace glasspost::mail
