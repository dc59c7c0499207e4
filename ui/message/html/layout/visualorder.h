#pragma once

#include "ui/message/html/page.h"

namespace glasspost::ui {

/// Finds which texts make up a line. litehtml puts words in the order in which they are written. Within each
/// line that has right-to-left letters they are put in the order in which they are read (UAX #9), and stay in
/// the order of the text among the page's items. The places of links move with their words.
void orderVisually(Page &page);

} // namespace glasspost::ui
