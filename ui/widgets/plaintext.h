#pragma once

#include <QString>

class QLabel;

namespace glasspost::ui {

// Text from outside is plain text wherever it is shown. Qt takes a tooltip or a label's text for HTML when it
// looks like it, and HTML reads local files; tests/structure/plaintext.py sees to it that there is no other
// way than these.

/// The text as a tooltip that Qt never takes for HTML: at most 2,000 characters, in lines of at most 120.
[[nodiscard]] QString plainToolTip(const QString &text);

/// A label that shows its text as it is.
[[nodiscard]] QLabel *plainLabel(const QString &text = {});

/// The same for words from outside: they lie on the window's leading side, whatever their own direction.
[[nodiscard]] QLabel *leadingLabel(const QString &text = {});

/// The text as that of a button or a menu's row, where a single "&" would be taken for a mnemonic.
[[nodiscard]] QString plainCaption(QString text);

/// At most so many characters, the last one "…" when there were more. Never cuts a surrogate pair.
[[nodiscard]] QString shortened(const QString &text, qsizetype most);

} // namespace glasspost::ui
