#pragma once

#include <QLabel>

namespace glasspost::ui {

/// The words below a field that say what is wrong with it; takes no room while nothing is.
class FieldNote : public QLabel
{
    Q_OBJECT
public:
    explicit FieldNote(QWidget *parent = nullptr);

    void say(const QString &words); ///< empty: all is well

protected:
    void changeEvent(QEvent *event) override;

private:
    void colour();
};

} // namespace glasspost::ui
