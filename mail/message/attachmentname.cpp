#include "mail/message/attachmentname.h"

namespace glasspost::mail {

QString attachmentName(const QString &proposed)
{
    QString name = proposed.section(u'/', -1);
    for (QChar &c : name)
        if (c.category() == QChar::Other_Control || c == QChar::LineSeparator
            || c == QChar::ParagraphSeparator)
            c = u' ';
    name = name.trimmed();
    return name.isEmpty() ? QStringLiteral("attachment") : name;
}

} // namespace glasspost::mail
