// HtmlPane: what a person says about remote pictures.
#include "ui/message/htmlpane.h"
#include "ui/message/picturebar.h"

namespace glasspost::ui {

void HtmlPane::loadPictures()
{
    m_pictureBar->dismiss();
    loadRemote();
}

void HtmlPane::trustSender()
{
    m_consent.give(sender());
    loadPictures();
}

void HtmlPane::trustEverybody()
{
    m_consent.giveToAll();
    loadPictures();
}

} // namespace glasspost::ui
