#include "mail/accept/captureinboxes.h"

#include "mail/maildir/capturemark.h"
#include "mail/maildir/maildirname.h"
#include "mail/routing/capturefiling.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace glasspost::mail {

namespace {

const QString markName = QStringLiteral("/") + QLatin1String(captureMark);

/// Below the data folder; empty where no folder can have the name.
QString mailboxPath(const QString &name)
{
    return QString::fromUtf8(userPath(name).value_or(QByteArray()));
}

tl::unexpected<Error> nothingCapturedInto(const QString &name)
{
    return tl::unexpected(Error{
        ErrorCode::BadSettings, QStringLiteral("Nothing is captured into a mailbox \"%1\"").arg(name), {}});
}

} // namespace

Result<FolderId> bindingInbox(const Settings &settings, const QString &name)
{
    QStringList captured;
    for (const ListenerBinding &binding : settings.listener.bindings)
        captured += binding.captureMailbox;
    const QString usual = captured.value(0, ListenerBinding().captureMailbox);
    const QString wanted = name.isEmpty() ? usual : name;
    const bool isPersons = std::any_of(settings.users.cbegin(), settings.users.cend(),
        [&wanted](const LocalUser &user) { return user.name.compare(wanted, Qt::CaseInsensitive) == 0; });
    // An empty name would ask everywhere.
    const bool isCaptured = settings.listener.policy == RecipientPolicy::CatchAll && !wanted.isEmpty()
        && (wanted == usual || captured.contains(wanted)) && !isPersons;
    if (isCaptured)
        return FolderId{wanted, {}};
    return nothingCapturedInto(wanted);
}

CaptureInboxes::CaptureInboxes(QString dataFolder) : m_dataFolder(std::move(dataFolder))
{
    const QDir mail(m_dataFolder + QStringLiteral("/mail"));
    for (const QString &folder : mail.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::Hidden)) {
        const QString name = userOfPath(folder.toUtf8());
        if (QFile::exists(mail.filePath(folder) + markName))
            m_made.insert(name);
        else
            m_found.insert(name.toLower());
    }
}

FileTransaction CaptureInboxes::configure(const Settings &settings)
{
    m_most = settings.listener.mostInboxes;
    m_people.clear();
    for (const LocalUser &user : settings.users)
        m_people.insert(user.name.toLower());
    m_bindings.clear();
    for (const ListenerBinding &binding : settings.listener.bindings)
        m_bindings.insert(binding.captureMailbox);
    FileTransaction steps;
    for (const QString &name : m_made.values() + m_coming.keys()) {
        if (!m_people.contains(name.toLower()))
            continue;
        m_made.remove(name);
        m_coming.remove(name);
        steps.append({FileStep::Kind::Remove, mailboxPath(name) + markName, {}, {}, {}});
    }
    return steps;
}

FileTransaction CaptureInboxes::claim(const QList<ListenerBinding> &bindings)
{
    FileTransaction marks;
    for (const ListenerBinding &binding : bindings) {
        const QString &name = binding.captureMailbox;
        m_bindings.insert(name);
        if (name == ListenerBinding().captureMailbox) // is known by its name
            continue;
        if (m_people.contains(name.toLower()) || m_made.contains(name) || !isNew(name))
            continue;
        m_made.insert(name);
        marks.append({FileStep::Kind::Replace, mailboxPath(name) + markName, {}, {}, {}});
    }
    return marks;
}

/// Whether no mailbox has the name; one may have come since the start, by an import or as a user's.
bool CaptureInboxes::isNew(const QString &name)
{
    const QString path = mailboxPath(name);
    if (path.isEmpty() || m_found.contains(name.toLower()))
        return false;
    if (!QFile::exists(m_dataFolder + u'/' + path))
        return true;
    m_found.insert(name.toLower());
    return false;
}

bool CaptureInboxes::hasRoom() const
{
    const auto bindings = std::count_if(m_bindings.cbegin(), m_bindings.cend(),
        [this](const QString &name) { return m_made.contains(name); });
    return m_made.size() - bindings + m_coming.size() < m_most;
}

bool CaptureInboxes::mayBe(const QString &name)
{
    if (m_people.contains(name.toLower()))
        return false;
    return m_made.contains(name) || m_coming.contains(name) || (hasRoom() && isNew(name));
}

Result<FolderId> CaptureInboxes::find(const Settings &settings, const QString &name)
{
    if (const Result<FolderId> bound = bindingInbox(settings, name))
        return bound;
    const ListenerSettings &listener = settings.listener;
    const bool isCapturing = listener.policy == RecipientPolicy::CatchAll && !name.isEmpty();
    const bool isThere = m_made.contains(name) || m_coming.contains(name);
    const bool isByRule
        = listener.captureRule.by != CaptureRule::By::Binding && captureInboxName(name.toUtf8()) == name;
    if (isCapturing && (isThere || isByRule) && mayBe(name))
        return FolderId{name, {}};
    return nothingCapturedInto(name);
}

QList<FolderId> CaptureInboxes::all(const Settings &settings) const
{
    QStringList names;
    for (const ListenerBinding &binding : settings.listener.bindings)
        names += binding.captureMailbox;
    QStringList made = m_made.values();
    made.sort();
    names += made;
    names.removeDuplicates();
    QList<FolderId> folders;
    for (const QString &name : std::as_const(names)) {
        if (settings.listener.policy == RecipientPolicy::CatchAll && !m_people.contains(name.toLower()))
            folders.append({name, {}});
    }
    return folders;
}

CaptureInboxes::Admission CaptureInboxes::admit(const QList<FolderId> &wished, const FolderId &fallback)
{
    Admission admission;
    for (const FolderId &wish : wished) {
        const bool isAdmitted = wish != fallback && mayBe(wish.user);
        const FolderId folder = isAdmitted ? wish : fallback;
        if (admission.folders.contains(folder))
            continue;
        admission.folders.append(folder);
        if (!isAdmitted || m_made.contains(folder.user))
            continue;
        ++m_coming[folder.user];
        admission.marks.append({FileStep::Kind::Replace, mailboxPath(folder.user) + markName, {}, {}, {}});
    }
    return admission;
}

void CaptureInboxes::made(const QList<FolderId> &folders)
{
    for (const FolderId &folder : folders) {
        if (m_coming.remove(folder.user))
            m_made.insert(folder.user);
    }
}

void CaptureInboxes::failed(const QList<FolderId> &folders)
{
    for (const FolderId &folder : folders) {
        const auto coming = m_coming.find(folder.user);
        if (coming != m_coming.end() && --*coming == 0)
            m_coming.erase(coming);
    }
}

} // namespace glasspost::mail
