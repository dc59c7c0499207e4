#include "ui/message/textview.h"

#include "ui/theme/theme.h"

#include <QMimeData>
#include <QMouseEvent>
#include <QRegularExpression>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QUrl>

namespace glasspost::ui {

namespace {

// Of one turn of the event loop, and of one line as it is laid out: breaking it costs the square of its
// length.
constexpr qsizetype charactersAtOnce = 8 * 1024;
constexpr int linesAtOnce = 200;
constexpr qsizetype longestLaidOut = 500;
constexpr qsizetype mostMarks = 64; // upon one letter, which costs the square of their number too
constexpr int mostLines = 100000;

/// How much of the text is laid out as one line: up to its end, or as much as does not cost too much.
qsizetype laidOutLength(QStringView text)
{
    qsizetype marks = 0;
    for (qsizetype i = 0; i < qMin(longestLaidOut, text.size()); ++i) {
        if (text[i] == u'\n')
            return i;
        marks = text[i].isMark() ? marks + 1 : 0;
        if (marks > mostMarks)
            return i;
    }
    const qsizetype length = qMin(longestLaidOut, text.size());
    return length < text.size() && text[length - 1].isHighSurrogate() ? length - 1 : length;
}

const QRegularExpression &links()
{
    static const QRegularExpression expression(
        QStringLiteral("\\b(?:https?://|mailto:)[^\\s<>\"'\u201d\u2019]*[^\\s<>\"'\u201d\u2019.,;:!?)\\]]"));
    return expression;
}

/// Prose: quoted lines by depth, the signature after "-- ", links. Source: names of header fields.
class TextMarks : public QSyntaxHighlighter
{
public:
    TextMarks(TextView::Look look, QTextDocument *document) : QSyntaxHighlighter(document), m_look(look) { }
    void setPalette(const QPalette &palette)
    {
        m_palette = palette;
        rehighlight();
    }

protected:
    void highlightBlock(const QString &text) override
    {
        if (m_look == TextView::Look::Source)
            markHeader(text);
        else
            markProse(text);
    }

private:
    enum BlockState { Ordinary = 0, After = 1 };

    void markProse(const QString &text)
    {
        const bool signature = previousBlockState() == After || text == QLatin1String("-- ");
        setCurrentBlockState(signature ? After : Ordinary);
        if (text.startsWith(QLatin1Char('>'))) {
            const bool deep = text.startsWith(QLatin1String(">>")) || text.startsWith(QLatin1String("> >"));
            setFormat(0, int(text.size()), deep ? mutedText(m_palette) : toneColor(m_palette, Tone::Transit));
        } else if (signature) {
            setFormat(0, int(text.size()), mutedText(m_palette));
        }
        for (auto match = links().globalMatch(text); match.hasNext();) {
            const QRegularExpressionMatch link = match.next();
            QTextCharFormat format;
            format.setForeground(toneColor(m_palette, Tone::Transit));
            format.setFontUnderline(true);
            setFormat(int(link.capturedStart()), int(link.capturedLength()), format);
        }
    }

    void markHeader(const QString &text)
    {
        // The header ends at the first empty line; everything after is content.
        const bool body = previousBlockState() == After || text.isEmpty();
        setCurrentBlockState(body ? After : Ordinary);
        const int colon = int(text.indexOf(QLatin1Char(':')));
        if (body || colon <= 0 || text.at(0).isSpace())
            return;
        QTextCharFormat format;
        format.setForeground(toneColor(m_palette, Tone::Transit));
        setFormat(0, colon + 1, format);
    }

    TextView::Look m_look;
    QPalette m_palette;
};

} // namespace

TextView::TextView(Look look, QWidget *parent) : QPlainTextEdit(parent), m_look(look)
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
    auto *marks = new TextMarks(look, document());
    marks->setPalette(palette());
    setFace();
}

void TextView::showText(const QString &text)
{
    clear();
    m_text = text;
    m_taken = 0;
    m_lines = 0;
    m_continued.clear();
    appendPiece();
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
    if (find(words, flags))
        return true;
    const QTextCursor before = textCursor();
    moveCursor(isForward ? QTextCursor::Start : QTextCursor::End);
    if (find(words, flags))
        return true;
    setTextCursor(before);
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
    if (m_taken < m_text.size())
        m_timer.start();
    else
        m_timer.stop();
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

void TextView::setFace()
{
    if (m_look == Look::Source)
        setFont(monospaceFont(parentWidget() != nullptr ? parentWidget()->font() : font()));
    for (QObject *child : document()->children()) {
        if (auto *marks = dynamic_cast<TextMarks *>(child))
            marks->setPalette(palette());
    }
}

void TextView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        setFace();
    QPlainTextEdit::changeEvent(event);
}

QString TextView::linkAt(const QPoint &position) const
{
    if (m_look == Look::Source)
        return {};
    const QTextCursor cursor = cursorForPosition(position);
    const QRect place = cursorRect(cursor);
    if (std::abs(place.center().x() - position.x()) > 2 * fontMetrics().averageCharWidth())
        return {};
    for (auto match = links().globalMatch(cursor.block().text()); match.hasNext();) {
        const QRegularExpressionMatch link = match.next();
        if (link.capturedStart() <= cursor.positionInBlock()
            && cursor.positionInBlock() <= link.capturedEnd())
            return link.captured();
    }
    return {};
}

void TextView::mouseMoveEvent(QMouseEvent *event)
{
    const QString link = linkAt(event->pos());
    viewport()->setCursor(link.isEmpty() ? Qt::IBeamCursor : Qt::PointingHandCursor);
    QPlainTextEdit::mouseMoveEvent(event);
}

void TextView::mouseReleaseEvent(QMouseEvent *event)
{
    QPlainTextEdit::mouseReleaseEvent(event);
    const QString link = linkAt(event->pos());
    if (event->button() == Qt::LeftButton && !link.isEmpty() && !textCursor().hasSelection())
        Q_EMIT linkActivated(QUrl(link, QUrl::TolerantMode));
}

} // namespace glasspost::ui
