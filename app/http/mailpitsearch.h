#pragma once

#include "mail/base/error.h"

#include <QString>

namespace glasspost::app {

/// A search as Mailpit's clients write it, in the language of mail/index/searchtree.h; empty when it asks for
/// nothing. Of what the index knows, whatever Mailpit finds is found: a word may go on (Mailpit looks for it
/// within others, too), and to: looks in all recipients. before: and after: take days, of the Date field.
/// Operators of our own that Mailpit has not are taken as well. BadSettings, whose subject is a sentence, for
/// what cannot be searched here: reply-to:, has:inline, other forms of dates.
mail::Result<QString> searchOfMailpit(const QString &query);

} // namespace glasspost::app
