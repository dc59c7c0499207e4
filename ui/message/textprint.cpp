#include "ui/message/textprint.h"

#include "ui/message/textlines.h"

#include <QTextLayout>

namespace glasspost::ui {

namespace {

constexpr int letterSize = 13; // CSS pixels

/// A line of the text, wrapped; a sheet may end below each of the lines that it becomes.
bool printLine(const QString &text, const QFont &font, Sheets &sheets)
{
    QTextOption option(text.isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    QTextLayout layout(text, font);
    layout.setTextOption(option);
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine())
        line.setLineWidth(sheets.width());
    layout.endLayout();
    for (int i = 0; i < layout.lineCount(); ++i) {
        const QTextLine line = layout.lineAt(i);
        if (!sheets.makeRoom(line.height()))
            return false;
        sheets.painter().setPen(Qt::black);
        line.draw(&sheets.painter(), QPointF());
        sheets.moveDown(line.height());
    }
    return true;
}

} // namespace

bool print(const QString &text, const QFont &letters, Sheets &sheets)
{
    QFont font = letters;
    font.setPixelSize(letterSize);
    font.setHintingPreference(QFont::PreferNoHinting);
    if (!sheets.makeRoom(0))
        return false;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype length = laidOutLength(QStringView(text).sliced(at));
        if (!printLine(text.mid(at, length), font, sheets))
            return false;
        at += length;
        if (at < text.size() && text[at] == u'\n')
            ++at;
    }
    return true;
}

} // namespace glasspost::ui
