#pragma once

#include "mail/system/listenerswitch.h"
#include "mail/system/sessions.h"

#include <QTimer>
#include <QWidget>

class QAction;
class QButtonGroup;
class QLineEdit;
class QStackedWidget;
class QTreeView;

namespace glasspost::ui {

class EmptyState;
class InlineBar;
class ListenerHint;
class SessionPlots;
class SessionsFilter;
class SessionsModel;

/// Every session, past and alive, in and out: what a person looks through for the one that was refused or
/// broke off. Choosing one asks for its transcript. GUI thread.
class SessionsView : public QWidget
{
    Q_OBJECT
public:
    enum class Show { All, In, Out, Trouble };

    /// Both outlive it.
    SessionsView(mail::Sessions &sessions, const mail::ListenerSwitch &listener, QWidget *parent = nullptr);

    void setShown(Show what);
    /// Leaves out sessions without these words.
    void setWords(const QString &words);
    /// Selects it in the list, if it is there, without asking for its transcript.
    void select(const QByteArray &sessionId);
    /// Asks for the comparison of the two that are selected.
    void compareSelected();
    void showFailure(const mail::Error &error); ///< above the list
    [[nodiscard]] QTreeView *list() const { return m_list; }
    [[nodiscard]] SessionsModel *model() const { return m_model; }

Q_SIGNALS:
    /// One was chosen: its transcript is wanted.
    void sessionChosen(const QByteArray &sessionId);
    /// The messages that it brought or carried are wanted.
    void messagesRequested(const QByteArray &sessionId);
    /// Both are selected, the upper one is the left.
    void compareRequested(const QByteArray &leftSession, const QByteArray &rightSession);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void makeCompare();
    void makeHead();
    void makeList();
    void makePlots();
    void popUp(const QPoint &position);
    void loadPage();
    void flush();
    void showEmptiness();
    void chosen();
    [[nodiscard]] QList<QByteArray> selected() const; ///< in the order of the list
    void showSelection();

    mail::Sessions &m_sessions;
    SessionsModel *m_model;
    SessionsFilter *m_filter;
    QTreeView *m_list;
    QStackedWidget *m_pages;
    EmptyState *m_empty;
    ListenerHint *m_hint;
    InlineBar *m_bar;
    QButtonGroup *m_choices = nullptr;
    QLineEdit *m_words = nullptr;
    SessionPlots *m_plots;
    QTimer m_draw; ///< the plots, some times a second at most
    QAction *m_compare = nullptr;
    QTimer m_flush;
    QTimer m_tick;
    QList<smtp::SessionFacts> m_waiting;
    int m_loaded = 0; ///< sessions of the past that were asked for
    bool m_loading = false;
    bool m_atEnd = false;
    bool m_quiet = false; ///< a selection that is not the person's
};

} // namespace glasspost::ui
