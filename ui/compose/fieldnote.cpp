#include "ui/compose/fieldnote.h"

#include "ui/theme/theme.h"

#include <QEvent>

namespace glasspost::ui {

FieldNote::FieldNote(QWidget *parent) : QLabel(parent)
{
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    // Said, since on a ground of Base Qt would take the colour of fields.
    setForegroundRole(QPalette::WindowText);
    setVisible(false);
    colour();
}

void FieldNote::say(const QString &words)
{
    setText(words);
    setAccessibleName(words);
    setVisible(!words.isEmpty());
}

void FieldNote::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange)
        colour();
}

void FieldNote::colour()
{
    QPalette red = palette();
    red.setColor(QPalette::WindowText, toneColor(palette(), Tone::Refused));
    setPalette(red);
}

} // namespace glasspost::ui
