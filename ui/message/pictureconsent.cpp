#include "ui/message/pictureconsent.h"

namespace glasspost::ui {

bool PictureConsent::holdsFor(const QString &sender) const
{
    const mail::Settings settings = m_settings.value();
    return settings.remotePictures == mail::PictureLoading::Always
        || settings.picturesFrom.contains(sender, Qt::CaseInsensitive);
}

void PictureConsent::give(const QString &sender)
{
    mail::Settings settings = m_settings.value();
    if (sender.isEmpty() || settings.picturesFrom.contains(sender, Qt::CaseInsensitive))
        return;
    settings.picturesFrom.append(sender);
    m_settings.set(settings);
}

void PictureConsent::giveToAll()
{
    mail::Settings settings = m_settings.value();
    settings.remotePictures = mail::PictureLoading::Always;
    m_settings.set(settings);
}

} // namespace glasspost::ui
