#pragma once

#include "mail/journey/comparison.h"

#include <QWidget>

#include <functional>

class QVBoxLayout;

namespace glasspost::ui {

class ComparisonView;

/// A window in which two deliveries, or two sessions, are compared. It waits for nobody and closes with
/// Escape. GUI thread.
class ComparisonWindow : public QWidget
{
    Q_OBJECT
public:
    /// The names say what each side is: plain text of one line.
    ComparisonWindow(const mail::Comparison &comparison, const QString &leftName, const QString &rightName,
        QWidget *parent = nullptr);

    [[nodiscard]] ComparisonView *view() const { return m_view; }

Q_SIGNALS:
    /// The lines of that session, from that time on (microseconds since the Unix epoch).
    void linesRequested(const QByteArray &sessionId, qint64 at);

private:
    void addNames(QVBoxLayout *column, const QString &leftName, const QString &rightName);
    void addTools(QVBoxLayout *column, const mail::Comparison &comparison);

    ComparisonView *m_view;
};

/// Compares both where nothing waits for it, then shows the window, once shown() has been given it. The
/// parent outlives that.
void openComparison(const mail::ComparedDelivery &left, const QString &leftName,
    const mail::ComparedDelivery &right, const QString &rightName, QWidget *parent,
    const std::function<void(ComparisonWindow &)> &shown);

} // namespace glasspost::ui
