#include "ui/words/plurals.h"

namespace glasspost::ui {

QString EnglishPlurals::translate(const char *, const char *source, const char *, int n) const
{
    // A null string leaves the text as it is.
    if (n < 0 || source == nullptr || QByteArrayView(source).indexOf("(s)") < 0)
        return {};
    return QString::fromUtf8(source).replace(
        QLatin1String("(s)"), n == 1 ? QLatin1String() : QLatin1String("s"));
}

} // namespace glasspost::ui
