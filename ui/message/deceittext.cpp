#include "ui/message/deceittext.h"

#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"

#include <QCoreApplication>
#include <QStringList>

namespace glasspost::ui {

namespace {

struct DeceitWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Deceit)
};

constexpr qsizetype longestName = 100;

QStringList hiddenTexts(mail::Deceits reasons)
{
    QStringList lines;
    if (reasons.testFlag(mail::Deceit::TurnedDirection))
        lines += DeceitWords::tr("It contains characters that reverse the reading direction.");
    if (reasons.testFlag(mail::Deceit::HiddenCharacters))
        lines += DeceitWords::tr("It contains characters that cannot be seen.");
    return lines;
}

} // namespace

QString deceitText(const mail::AddressDeceit &deceit)
{
    QStringList lines;
    if (deceit.reasons.testFlag(mail::Deceit::AddressInName))
        lines += DeceitWords::tr("The name says %1, but that is not the address.")
                     .arg(shortened(safeLine(deceit.claimed), longestName));
    if (deceit.reasons.testFlag(mail::Deceit::LookAlikeDomain))
        lines += deceit.asciiDomain.isEmpty()
            ? DeceitWords::tr("The domain is not a valid one.")
            : DeceitWords::tr("The domain imitates another with letters that look alike. It is really %1.")
                  .arg(safeLine(deceit.asciiDomain));
    return (lines + hiddenTexts(deceit.reasons)).join(QLatin1Char('\n'));
}

QString deceitText(mail::Deceits reasons, const QString &fileName)
{
    QStringList lines;
    const QString ending = mail::safeFileName(fileName).section(QLatin1Char('.'), -1);
    if (reasons.testFlag(mail::Deceit::DoubleEnding))
        lines += DeceitWords::tr("The name has two endings: it is a .%1 file.").arg(safeLine(ending));
    if (reasons.testFlag(mail::Deceit::FarEnding))
        lines += DeceitWords::tr("Blanks push the ending .%1 out of sight.").arg(safeLine(ending));
    return (lines + hiddenTexts(reasons)).join(QLatin1Char('\n'));
}

} // namespace glasspost::ui
