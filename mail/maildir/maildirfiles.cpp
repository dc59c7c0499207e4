#include "mail/maildir/maildirfiles.h"

#include "mail/maildir/maildirlisting.h"
#include "mail/maildir/maildirname.h"

#include <QHash>

#include <algorithm>
#include <tuple>

namespace glasspost::mail {

namespace {

constexpr qsizetype partSize = 4; // "new/", "cur/"

/// With a seed of this run: whoever makes names cannot make them meet.
size_t hashOf(QByteArrayView unique)
{
    return qHash(unique, QHashSeed::globalSeed());
}

QByteArrayView uniqueIn(QByteArrayView file)
{
    return uniqueOf(file.sliced(partSize));
}

} // namespace

MaildirFiles::MaildirFiles(int dataFolder, const QByteArray &maildir)
{
    read(dataFolder, maildir, "new/");
    read(dataFolder, maildir, "cur/");
    std::sort(m_files.begin(), m_files.end(),
        [](const File &a, const File &b) { return std::tie(a.hash, a.begin) < std::tie(b.hash, b.begin); });
}

void MaildirFiles::read(int dataFolder, const QByteArray &maildir, const char *part)
{
    readFolder(dataFolder, maildir + '/' + part, [this, part](QByteArrayView name) {
        const qsizetype begin = m_names.size();
        m_names.append(part).append(name);
        m_files.push_back({hashOf(uniqueOf(name)), begin, quint16(m_names.size() - begin), false});
    });
}

QByteArrayView MaildirFiles::name(const File &file) const
{
    return QByteArrayView(m_names).sliced(file.begin, file.size);
}

QByteArrayView MaildirFiles::take(QByteArrayView unique)
{
    const size_t hash = hashOf(unique);
    auto file = std::lower_bound(
        m_files.begin(), m_files.end(), hash, [](const File &one, size_t other) { return one.hash < other; });
    for (; file != m_files.end() && file->hash == hash; ++file) {
        if (file->isTaken || uniqueIn(name(*file)) != unique)
            continue;
        file->isTaken = true;
        return name(*file);
    }
    return {};
}

QList<QByteArray> MaildirFiles::notTaken() const
{
    QList<QByteArray> names;
    for (const File &file : m_files) {
        if (!file.isTaken)
            names.append(name(file).toByteArray());
    }
    return names;
}

} // namespace glasspost::mail
