#include "ui/words/plurals.h"

#include <utility>

namespace glasspost::ui {

QString EnglishPlurals::translate(const char *, const char *source, const char *, int n) const
{
    // A null string leaves the text as it is.
    if (n < 0 || source == nullptr || QByteArrayView(source).indexOf("s)") < 0)
        return {};
    QString text = QString::fromUtf8(source);
    for (const auto &[ending, plural] : {std::pair("(s)", "s"), std::pair("(es)", "es")})
        text.replace(QLatin1String(ending), n == 1 ? QLatin1String() : QLatin1String(plural));
    return text;
}

} // namespace glasspost::ui
