#include "ui/message/quotefolds.h"

#include "ui/message/textmarks.h"

#include <QPlainTextEdit>
#include <QTextDocument>

namespace glasspost::ui {

namespace {

constexpr int mostFolded = 10000; // lines of one quote
constexpr int mostFoldedInAll = 20000;

bool isQuoted(const QTextBlock &block)
{
    return block.isValid() && markedDepth(block) > 0;
}

/// Hides or shows what follows the first line; how many lines.
int setFolded(const QTextBlock &start, Folding folding)
{
    int lines = 0;
    for (QTextBlock block = start.next(); isQuoted(block) && lines < mostFolded; block = block.next()) {
        block.setVisible(folding == Folding::Open);
        block.setLineCount(folding == Folding::Open ? qMax(1, block.layout()->lineCount()) : 0);
        ++lines;
    }
    return lines;
}

/// The text has another height now.
void layOut(QPlainTextEdit &view)
{
    auto *layout = qobject_cast<QPlainTextDocumentLayout *>(view.document()->documentLayout());
    Q_EMIT layout->documentSizeChanged(layout->documentSize());
    layout->requestUpdate();
    if (!view.textCursor().block().isVisible()) {
        QTextCursor cursor = view.textCursor();
        cursor.movePosition(QTextCursor::Start);
        view.setTextCursor(cursor);
    }
    view.viewport()->update();
}

} // namespace

bool isFoldStart(const QTextBlock &block)
{
    return isQuoted(block) && !isQuoted(block.previous()) && isQuoted(block.next())
        && isQuoted(block.next().next());
}

bool isFolded(const QTextBlock &start)
{
    return isFoldStart(start) && !start.next().isVisible();
}

void fold(QPlainTextEdit &view, const QTextBlock &start, Folding folding)
{
    if (isFoldStart(start)) {
        setFolded(start, folding);
        layOut(view);
    }
}

void foldAll(QPlainTextEdit &view, Folding folding)
{
    int lines = 0;
    for (QTextBlock block = view.document()->firstBlock(); block.isValid() && lines < mostFoldedInAll;
         block = block.next()) {
        if (isFoldStart(block))
            lines += setFolded(block, folding);
    }
    layOut(view);
}

void reveal(QPlainTextEdit &view, const QTextBlock &block)
{
    if (block.isVisible())
        return;
    QTextBlock start = block;
    for (int lines = 0; !isFoldStart(start) && start.isValid() && lines <= mostFolded; ++lines)
        start = start.previous();
    fold(view, start, Folding::Open);
}

} // namespace glasspost::ui
