#pragma once

#include "ui/transcript/transcriptmodel.h"

#include <QTableView>

class QPushButton;

namespace glasspost::ui {

class TranscriptDelegate;

/// The list of the transcript pane: follows the end until one scrolls up, then shows how many lines came
/// below; the line clicked lights up its command and reply together; copies plain text. A table of one
/// column, since a list view goes through all of its rows whenever some come.
class TranscriptView : public QTableView
{
    Q_OBJECT
public:
    explicit TranscriptView(TranscriptModel *model, QWidget *parent = nullptr);

    void copySelected();
    void goToRow(int row);
    [[nodiscard]] bool isFollowing() const { return m_follows; }
    [[nodiscard]] QPushButton *newLinesButton() const { return m_newLines; }
    [[nodiscard]] int litExchange() const;

Q_SIGNALS:
    void rowChosen(int row); ///< by a person, with mouse or keyboard
    void followRequested(const QByteArray &sessionId); ///< its lines alone; empty: those of all again

protected:
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;

private:
    void rowsCame(int count);
    void rowsWent(int first, int last);
    void scrolled();
    void follow();
    void takeFont();
    void placeButton();

    TranscriptModel *m_model;
    TranscriptDelegate *m_delegate;
    QPushButton *m_newLines;
    bool m_follows = true;
    bool m_moves = false; ///< we scroll, not the person
    int m_unseen = 0;
};

} // namespace glasspost::ui
