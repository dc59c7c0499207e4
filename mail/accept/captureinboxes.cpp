#include "mail/accept/captureinboxes.h"

#include "mail/maildir/maildirname.h"

#include <QDir>
#include <QFile>

namespace glasspost::mail {

namespace {

const QString markName = QStringLiteral("/captured-inbox");

} // namespace

CaptureInboxes::CaptureInboxes(const QString &dataFolder)
{
    const QDir mail(dataFolder + QStringLiteral("/mail"));
    for (const QString &folder : mail.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::Hidden)) {
        const QString name = userOfPath(folder.toUtf8());
        if (QFile::exists(mail.filePath(folder) + markName))
            m_made.insert(name);
        else
            m_found.insert(name.toLower());
    }
}

void CaptureInboxes::configure(const Settings &settings)
{
    m_most = settings.listener.mostInboxes;
    m_people.clear();
    for (const LocalUser &user : settings.users)
        m_people.insert(user.name.toLower());
}

bool CaptureInboxes::mayBe(const QString &name) const
{
    if (m_people.contains(name.toLower()))
        return false;
    if (m_made.contains(name) || m_coming.contains(name))
        return true;
    return m_made.size() + m_coming.size() < m_most && !m_found.contains(name);
}

CaptureInboxes::Filing CaptureInboxes::admit(const QList<FolderId> &wished, const FolderId &fallback)
{
    Filing filing;
    for (const FolderId &wish : wished) {
        const bool isAdmitted = wish != fallback && mayBe(wish.user);
        const FolderId folder = isAdmitted ? wish : fallback;
        if (filing.folders.contains(folder))
            continue;
        filing.folders.append(folder);
        if (!isAdmitted || m_made.contains(folder.user))
            continue;
        m_coming.insert(folder.user);
        const QString path = QString::fromUtf8(userPath(folder.user).value_or(QByteArray())) + markName;
        filing.marks.append({FileStep::Kind::Replace, path, {}, {}, {}});
    }
    return filing;
}

void CaptureInboxes::made(const QList<FolderId> &folders)
{
    for (const FolderId &folder : folders) {
        if (m_coming.remove(folder.user))
            m_made.insert(folder.user);
    }
}

} // namespace glasspost::mail
