#include "mail/index/subjectkey.h"

#include <array>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestKey = 200;

/// The length of the mark that the subject begins with, its colon too; 0: none of these.
template <size_t Count>
qsizetype markLength(QStringView subject, const std::array<QLatin1String, Count> &marks)
{
    for (const QLatin1String mark : marks) {
        if (!subject.startsWith(mark, Qt::CaseInsensitive))
            continue;
        qsizetype end = mark.size();
        if (end < subject.size() && subject[end] == u'[') { // "Re[2]:"
            while (++end < subject.size() && subject[end].isDigit()) { }
            end += end < subject.size() && subject[end] == u']' ? 1 : 0;
        }
        if (end < subject.size() && subject[end] == u':')
            return end + 1;
    }
    return 0;
}

constexpr std::array replyMarks{QLatin1String("re"), QLatin1String("aw")};
constexpr std::array allMarks{
    QLatin1String("re"), QLatin1String("aw"), QLatin1String("fw"), QLatin1String("fwd")};

} // namespace

QString subjectKey(const QString &subject)
{
    QStringView rest = QStringView(subject).trimmed();
    while (const qsizetype mark = markLength(rest, allMarks))
        rest = rest.sliced(mark).trimmed();
    return rest.left(longestKey).toString().toCaseFolded();
}

bool isReplySubject(const QString &subject)
{
    return markLength(QStringView(subject).trimmed(), replyMarks) > 0;
}

} // namespace glasspost::mail
