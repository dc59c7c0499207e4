#include "mail/settings/folderkeeping.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

bool isHexColor(const QString &text)
{
    return text.size() == 7 && text.startsWith(u'#')
        && std::all_of(text.cbegin() + 1, text.cend(),
            [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); });
}

auto isOf(const QString &mailbox, const QString &folder)
{
    return [mailbox, folder](
               const FolderKeeping &one) { return one.mailbox == mailbox && one.folder == folder; };
}

} // namespace

const QStringList &folderColorNames()
{
    static const QStringList names
        = {QStringLiteral("red"), QStringLiteral("orange"), QStringLiteral("yellow"), QStringLiteral("green"),
            QStringLiteral("teal"), QStringLiteral("blue"), QStringLiteral("purple"), QStringLiteral("pink")};
    return names;
}

std::optional<QString> folderColorFrom(const QString &text)
{
    const QString color = text.trimmed().toLower();
    if (color.isEmpty() || color == QLatin1String("none"))
        return QString();
    if (folderColorNames().contains(color) || isHexColor(color))
        return color;
    return std::nullopt;
}

FolderKeeping keepingOf(const QList<FolderKeeping> &all, const QString &mailbox, const QString &folder)
{
    const auto found = std::find_if(all.cbegin(), all.cend(), isOf(mailbox, folder));
    return found == all.cend() ? FolderKeeping{mailbox, folder, {}, {}} : *found;
}

void setKeeping(QList<FolderKeeping> &all, const FolderKeeping &keeping)
{
    const auto found = std::find_if(all.begin(), all.end(), isOf(keeping.mailbox, keeping.folder));
    if (found != all.end() && !keeping.isEmpty())
        *found = keeping;
    else if (found != all.end())
        all.erase(found);
    else if (!keeping.isEmpty())
        all.append(keeping);
}

void moveKeeping(QList<FolderKeeping> &all, const QString &mailbox, const QString &from, const QString &to)
{
    FolderKeeping keeping = keepingOf(all, mailbox, from);
    setKeeping(all, {mailbox, from, {}, {}});
    keeping.folder = to;
    if (!keeping.isEmpty())
        setKeeping(all, keeping);
}

} // namespace glasspost::mail
