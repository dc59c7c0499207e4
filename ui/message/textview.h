#pragma once

#include "mail/index/searchhits.h"
#include "ui/message/quotefolds.h"
#include "ui/widgets/findrow.h"

#include <QPlainTextEdit>
#include <QSet>
#include <QTimer>

namespace glasspost::ui {

class TextMarks;

/// Text of a message, read only: quotes and signature step back, links can be clicked, or gone to by Tab and
/// followed by Return; nothing is fetched.
/// Whatever the text is, the window goes on: it is taken piece by piece between other events, and a very long
/// line is laid out in several, which are one again when they are copied.
class TextView : public QPlainTextEdit
{
    Q_OBJECT
public:
    enum class Look { Prose, Source };
    enum class Face { Proportional, Fixed }; ///< of prose; source is always fixed

    explicit TextView(Look look, QWidget *parent = nullptr);

    void showText(const QString &text);
    /// Marks the next occurrence, around the end if need be, and scrolls to it; false when there is none.
    bool findNext(const QString &words, FindDirection direction);
    [[nodiscard]] int count(const QString &words) const; ///< how many findNext() goes through
    /// What a search found is highlighted; showText() leaves it so.
    void setHits(const mail::SearchHits &hits);
    /// Marks the next of them as findNext() does.
    bool nextHit(FindDirection direction);
    /// Marks that line of the text, from 1, and scrolls to it, once it is filled in; nothing where there is
    /// none.
    void goToLine(int line);
    void setFace(Face face);
    [[nodiscard]] Face face() const { return m_face; }
    /// How large its letters are, 1 for the window's own size.
    void setZoom(qreal zoom);
    /// All quotes of three lines and more, down to their first line, or open again.
    void foldQuotes(Folding folding);
    [[nodiscard]] Folding folding() const { return m_folding; } ///< as it was asked for last
    /// Whether some of the text is still to be taken.
    [[nodiscard]] bool isFilling() const { return m_timer.isActive(); }

Q_SIGNALS:
    void linkActivated(const QUrl &url);
    void faceChanged();
    void zoomRequested(int steps); ///< by the wheel
    void filled(); ///< isFilling() no more

protected:
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    [[nodiscard]] QMimeData *createMimeDataFromSelection() const override;
    bool focusNextPrevChild(bool next) override;

private:
    void markWantedLine();
    void alignTo(QStringView beginning);
    void appendPiece();
    QString nextPiece();
    [[nodiscard]] QString linkAt(const QPoint &position) const;
    [[nodiscard]] QString linkUnderCursor() const; ///< the one that Return follows; empty for none
    void follow(const QString &link);
    void addLinkActions(QMenu &menu, const QString &link);
    [[nodiscard]] QRect signOf(qreal top) const;
    [[nodiscard]] QTextBlock foldAt(const QPoint &position) const; ///< invalid: no sign of one is there
    void useFace();

    Look m_look;
    Face m_face = Face::Proportional;
    qreal m_zoom = 1;
    Folding m_folding = Folding::Open;
    Qt::LayoutDirection m_direction = Qt::LeftToRight; ///< of the text
    QString m_text; ///< what is shown, or is going to be
    qsizetype m_taken = 0; ///< characters of it
    int m_lines = 0;
    int m_wantedLine = 0; ///< to go to once it is there; 0: none
    QSet<int> m_continued; ///< numbers of the blocks that go on with the line of the block before
    TextMarks *m_marks;
    QTimer m_timer;
};

} // namespace glasspost::ui
