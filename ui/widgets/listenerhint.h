#pragma once

#include "mail/settings/settings.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QTabBar;
class QToolButton;

namespace glasspost::ui {

/// How to point a program at the listener: host and port to copy, and a few lines for curl, Python and swaks
/// that send a message to it.
class ListenerHint : public QWidget
{
    Q_OBJECT
public:
    explicit ListenerHint(QWidget *parent = nullptr);

    /// The first of them is shown; none: the listener is off, and that is said.
    void setBindings(const QList<mail::ListenerBinding> &bindings);
    [[nodiscard]] QString snippet() const; ///< the one in sight

Q_SIGNALS:
    void copied(const QString &what);

private:
    void showSnippet();
    void copy(const QString &text);

    QLabel *m_address;
    QTabBar *m_tabs;
    QPlainTextEdit *m_text;
    QToolButton *m_copy;
    QString m_host;
    quint16 m_port = 0;
};

/// The lines themselves, without translation: commands are commands.
enum class SnippetKind { Curl, Python, Swaks };
[[nodiscard]] QString listenerSnippet(SnippetKind kind, const QString &host, quint16 port);

} // namespace glasspost::ui
