#pragma once

#include "mail/journey/comparison.h"

#include <QTreeView>

#include <functional>

namespace glasspost::ui {

class ComparisonModel;

/// Two deliveries side by side, a row for each fact and each stage. Up, Down, Home and End move, N and P go
/// to the next difference and the one before, Enter and Shift+Enter ask for the lines of the left and of the
/// right side, Ctrl+C copies the rows as text; the menu has the same.
class ComparisonView : public QTreeView
{
    Q_OBJECT
public:
    explicit ComparisonView(const mail::Comparison &comparison, QWidget *parent = nullptr);

    [[nodiscard]] ComparisonModel *comparisonModel() const { return m_model; }
    void setOnlyDifferences(bool only);
    void goToDifference(int step); ///< 1: the next one, -1: the one before
    void copy() const;

Q_SIGNALS:
    void linesRequested(const QByteArray &sessionId, qint64 at);

private:
    void addActions();
    void addAction(const QString &text, const QList<QKeySequence> &keys, const std::function<void()> &what);
    void sizeColumns();
    void ask(bool isRight);

    ComparisonModel *m_model;
};

} // namespace glasspost::ui
