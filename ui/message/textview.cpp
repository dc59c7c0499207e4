#include "ui/message/textview.h"

#include "ui/message/quotefolds.h"
#include "ui/message/textlines.h"
#include "ui/message/textlinks.h"
#include "ui/message/textmarks.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QTextBlock>
#include <QTextOption>

namespace glasspost::ui {

namespace {

// Of one turn of the event loop.
constexpr qsizetype charactersAtOnce = 8 * 1024;
constexpr int linesAtOnce = 200;
constexpr int mostLines = 100000;

/// Fonts have a size in points or in pixels.
QFont sized(QFont font, qreal zoom)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * zoom);
    else
        font.setPixelSize(qMax(1, qRound(font.pixelSize() * zoom)));
    return font;
}

} // namespace

TextView::TextView(Look look, QWidget *parent)
    : QPlainTextEdit(parent), m_look(look), m_marks(new TextMarks(look, m_continued, document()))
{
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setLineWrapMode(look == Look::Source ? NoWrap : WidgetWidth);
    setTabChangesFocus(true);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    document()->setDocumentMargin(space::two);
    setUndoRedoEnabled(false);
    m_timer.setInterval(0);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &TextView::appendPiece);
    m_marks->setPalette(palette());
    useFace();
}

void TextView::showText(const QString &text)
{
    clear();
    m_text = text;
    m_taken = 0;
    m_lines = 0;
    m_wantedLine = 0;
    m_continued.clear();
    m_folding = Folding::Open;
    alignTo(QStringView(text).left(charactersAtOnce));
    appendPiece();
}

/// A text from right to left begins at the right: lines alone go by their letters in order, not in place.
void TextView::alignTo(QStringView beginning)
{
    m_direction = beginning.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight;
    QTextOption option = document()->defaultTextOption();
    option.setAlignment(m_direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft);
    document()->setDefaultTextOption(option);
}

/// Some lines of what is still to be shown, long ones broken.
QString TextView::nextPiece()
{
    const QStringView text(m_text);
    QString piece;
    for (int lines = 0; m_taken < text.size() && lines < linesAtOnce && piece.size() < charactersAtOnce;
         ++lines) {
        const qsizetype length = laidOutLength(text.sliced(m_taken));
        piece += text.sliced(m_taken, length);
        m_taken += length;
        if (m_taken == text.size())
            break; // the last line has no end
        const bool isBroken = text[m_taken] != u'\n';
        m_taken += isBroken ? 0 : 1;
        piece += u'\n';
        ++m_lines;
        if (isBroken)
            m_continued.insert(m_lines);
    }
    return piece;
}

bool TextView::findNext(const QString &words, FindDirection direction)
{
    const bool isForward = direction == FindDirection::Forward;
    const auto flags = isForward ? QTextDocument::FindFlags() : QTextDocument::FindBackward;
    const QTextCursor before = textCursor();
    bool isFound = find(words, flags);
    if (!isFound) {
        moveCursor(isForward ? QTextCursor::Start : QTextCursor::End);
        isFound = find(words, flags);
    }
    if (isFound)
        reveal(*this, textCursor().block());
    else
        setTextCursor(before);
    return isFound;
}

/// In the lines as they are laid out, and with plain spaces, as find() looks for them.
int TextView::count(const QString &words) const
{
    int count = 0;
    for (QTextBlock block = document()->firstBlock(); block.isValid(); block = block.next())
        count += occurrences(block.text().replace(QChar::Nbsp, u' '), words);
    return count;
}

void TextView::setHits(const mail::SearchHits &hits)
{
    m_marks->setHits(hits);
}

bool TextView::nextHit(FindDirection direction)
{
    if (m_marks->hits().isEmpty())
        return false;
    const bool isForward = direction == FindDirection::Forward;
    const QTextCursor now = textCursor();
    const int from = isForward ? now.selectionEnd() : now.selectionStart();
    QTextBlock block = document()->findBlock(from);
    // The block that it begins in comes round again: its other side.
    for (int left = document()->blockCount(); left >= 0; --left) {
        const bool isFirst = left == document()->blockCount();
        QList<mail::TextSpan> hits = textHits(m_marks->hits(), block.text());
        if (!isForward)
            std::reverse(hits.begin(), hits.end());
        for (const mail::TextSpan &hit : std::as_const(hits)) {
            const int begin = block.position() + int(hit.begin), end = begin + int(hit.length);
            if (isFirst && (isForward ? begin < from : end > from))
                continue;
            QTextCursor found(block);
            found.setPosition(begin);
            found.setPosition(end, QTextCursor::KeepAnchor);
            setTextCursor(found);
            reveal(*this, block);
            return true;
        }
        block = isForward ? block.next() : block.previous();
        if (!block.isValid())
            block = isForward ? document()->firstBlock() : document()->lastBlock();
    }
    return false;
}

void TextView::appendPiece()
{
    QString piece = nextPiece();
    if (m_lines >= mostLines && m_taken < m_text.size()) {
        piece += tr("[The message continues. Save it to see all of it.]");
        m_taken = m_text.size();
    }
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    end.insertText(piece);
    if (m_taken < m_text.size()) {
        m_timer.start();
        return;
    }
    m_timer.stop();
    markWantedLine();
    Q_EMIT filled();
}

void TextView::goToLine(int line)
{
    m_wantedLine = line;
    if (!isFilling())
        markWantedLine();
}

void TextView::markWantedLine()
{
    int left = std::exchange(m_wantedLine, 0);
    if (left <= 0)
        return;
    QTextBlock block = document()->begin();
    while (block.isValid() && (m_continued.contains(block.blockNumber()) || --left > 0))
        block = block.next();
    if (!block.isValid())
        return;
    QTextCursor line(block);
    line.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    setTextCursor(line);
    centerCursor();
}

/// The selection with its lines as they are in the message.
QMimeData *TextView::createMimeDataFromSelection() const
{
    const QTextCursor selected = textCursor();
    QString text;
    for (QTextBlock block = document()->findBlock(selected.selectionStart());
         block.isValid() && block.position() <= selected.selectionEnd(); block = block.next()) {
        if (!text.isNull() && !m_continued.contains(block.blockNumber()))
            text += u'\n';
        const int from = qMax(selected.selectionStart() - block.position(), 0);
        text += QStringView(block.text()).mid(from, selected.selectionEnd() - block.position() - from);
        if (text.isNull())
            text = QStringLiteral("");
    }
    auto *copied = new QMimeData;
    copied->setText(text);
    return copied;
}

void TextView::setFace(Face face)
{
    m_face = face;
    useFace();
    Q_EMIT faceChanged();
}

void TextView::useFace()
{
    const QFont body = parentWidget() != nullptr ? parentWidget()->font() : QGuiApplication::font();
    const bool isFixed = m_look == Look::Source || m_face == Face::Fixed;
    const QFont letters = isFixed ? monospaceFont(body) : body;
    setFont(isFixed || m_zoom != 1 ? sized(letters, m_zoom) : QFont()); // the widget's own again
}

void TextView::setZoom(qreal zoom)
{
    m_zoom = zoom;
    useFace();
}

void TextView::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QPlainTextEdit::wheelEvent(event);
        return;
    }
    if (const int turned = event->angleDelta().y(); turned != 0)
        Q_EMIT zoomRequested(turned > 0 ? 1 : -1);
    event->accept();
}

void TextView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        m_marks->setPalette(palette());
    QPlainTextEdit::changeEvent(event);
}

/// Signs in the margin: a chevron at the first line of what can be folded, a line above the signature.
void TextView::paintEvent(QPaintEvent *event)
{
    QPlainTextEdit::paintEvent(event);
    if (m_look == Look::Source)
        return;
    QPainter painter(viewport());
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
        if (place.top() > event->rect().bottom())
            break;
        if (!block.isVisible())
            continue;
        if (isSignatureMark(block.text()))
            painter.fillRect(QRectF(space::two, place.top(), viewport()->width() - 2 * space::two, 1),
                hairline(palette()));
        const IconName onward
            = m_direction == Qt::RightToLeft ? IconName::ChevronLeft : IconName::ChevronRight;
        if (isFoldStart(block))
            paintIcon(&painter, signOf(place.top()), isFolded(block) ? onward : IconName::ChevronDown,
                mutedText(palette()));
    }
}

/// The place of a line's sign in the margin where lines begin.
QRect TextView::signOf(qreal top) const
{
    const int side = space::two - 2;
    const int left = m_direction == Qt::RightToLeft ? viewport()->width() - side : 0;
    return {left, qRound(top) + (fontMetrics().lineSpacing() - side) / 2, side, side};
}

QTextBlock TextView::foldAt(const QPoint &position) const
{
    if (m_look == Look::Source)
        return {};
    const QTextBlock block = cursorForPosition(position).block();
    const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
    return isFoldStart(block) && signOf(place.top()).contains(position) ? block : QTextBlock();
}

void TextView::foldQuotes(Folding folding)
{
    m_folding = folding;
    foldAll(*this, folding);
}

void TextView::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu *menu = createStandardContextMenu(event->pos());
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    if (const QString link = isByKey ? linkUnderCursor() : linkAt(event->pos()); !link.isEmpty())
        addLinkActions(*menu, link);
    if (m_look == Look::Prose) {
        menu->addSeparator();
        menu->addAction(tr("&Fold quotes"), this, [this] { foldQuotes(Folding::Folded); })
            ->setShortcut(Qt::Key_Minus);
        menu->addAction(tr("&Unfold quotes"), this, [this] { foldQuotes(Folding::Open); })
            ->setShortcut(Qt::Key_Plus);
        QAction *fixed = menu->addAction(tr("Fixed-&width font"));
        fixed->setCheckable(true);
        fixed->setChecked(m_face == Face::Fixed);
        connect(fixed, &QAction::toggled, this,
            [this](bool isFixed) { setFace(isFixed ? Face::Fixed : Face::Proportional); });
    }
    menu->popup(event->globalPos());
}

void TextView::keyPressEvent(QKeyEvent *event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (const QString link = isReturn ? linkUnderCursor() : QString(); !link.isEmpty())
        follow(link);
    else if (m_look == Look::Prose && event->key() == Qt::Key_Minus && event->modifiers() == Qt::NoModifier)
        foldQuotes(Folding::Folded);
    else if (m_look == Look::Prose && event->key() == Qt::Key_Plus)
        foldQuotes(Folding::Open);
    else
        QPlainTextEdit::keyPressEvent(event);
}

QString TextView::linkAt(const QPoint &position) const
{
    if (m_look == Look::Source)
        return {};
    const QTextCursor cursor = cursorForPosition(position);
    const QRect place = cursorRect(cursor);
    if (std::abs(place.center().x() - position.x()) > 2 * fontMetrics().averageCharWidth())
        return {};
    return linkIn(cursor.block(), cursor.positionInBlock());
}

void TextView::mouseMoveEvent(QMouseEvent *event)
{
    const bool isPressable = !linkAt(event->pos()).isEmpty() || foldAt(event->pos()).isValid();
    viewport()->setCursor(isPressable ? Qt::PointingHandCursor : Qt::IBeamCursor);
    QPlainTextEdit::mouseMoveEvent(event);
}

void TextView::mouseReleaseEvent(QMouseEvent *event)
{
    QPlainTextEdit::mouseReleaseEvent(event);
    if (const QTextBlock quote = foldAt(event->pos()); quote.isValid() && event->button() == Qt::LeftButton) {
        fold(*this, quote, isFolded(quote) ? Folding::Open : Folding::Folded);
        return;
    }
    const QString link = linkAt(event->pos());
    if (event->button() == Qt::LeftButton && !link.isEmpty() && !textCursor().hasSelection())
        follow(link);
}

} // namespace glasspost::ui
