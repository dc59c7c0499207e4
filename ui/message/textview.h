#pragma once

#include "ui/widgets/findrow.h"

#include <QPlainTextEdit>
#include <QSet>
#include <QTimer>

namespace glasspost::ui {

/// Text of a message, read only: quotes and signature step back, links can be clicked, nothing is fetched.
/// Whatever the text is, the window goes on: it is taken piece by piece between other events, and a very long
/// line is laid out in several, which are one again when they are copied.
class TextView : public QPlainTextEdit
{
    Q_OBJECT
public:
    enum class Look { Prose, Source };

    explicit TextView(Look look, QWidget *parent = nullptr);

    void showText(const QString &text);
    /// Marks the next occurrence, around the end if need be, and scrolls to it; false when there is none.
    bool findNext(const QString &words, FindDirection direction);
    /// Whether some of the text is still to be taken.
    [[nodiscard]] bool isFilling() const { return m_timer.isActive(); }

Q_SIGNALS:
    void linkActivated(const QUrl &url);

protected:
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void changeEvent(QEvent *event) override;
    [[nodiscard]] QMimeData *createMimeDataFromSelection() const override;

private:
    void appendPiece();
    QString nextPiece();
    [[nodiscard]] QString linkAt(const QPoint &position) const;
    void setFace();

    Look m_look;
    QString m_text; ///< what is shown, or is going to be
    qsizetype m_taken = 0; ///< characters of it
    int m_lines = 0;
    QSet<int> m_continued; ///< numbers of the blocks that go on with the line of the block before
    QTimer m_timer;
};

} // namespace glasspost::ui
