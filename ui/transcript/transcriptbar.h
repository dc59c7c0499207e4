#pragma once

#include "ui/transcript/transcriptmodel.h"

#include <QWidget>

class QButtonGroup;
class QCheckBox;
class QHBoxLayout;
class QLineEdit;

namespace glasspost::ui {

class ElidedLabel;

/// The controls above the transcript: what is shown, the filter with what of it was not understood, the way
/// to the errors, and what can be done with the lines.
class TranscriptBar : public QWidget
{
    Q_OBJECT
public:
    explicit TranscriptBar(QWidget *parent = nullptr);

    void showAsLive(bool live);
    void setErrorsOnly(bool only);
    [[nodiscard]] TranscriptModel::Filter filter() const;
    [[nodiscard]] QString filterText() const;
    void setFilterText(const QString &text);

Q_SIGNALS:
    void liveRequested();
    void messageRequested();
    void filterChanged();
    void octetViewChosen(glasspost::ui::OctetView view);
    void errorRequested(glasspost::ui::TranscriptModel::Direction direction);
    void saveRequested();
    void copyRequested();
    void clearRequested();
    void closeRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    void makeChoices(QHBoxLayout *row);
    void makeFilter(QHBoxLayout *row);
    void makeErrorButtons(QHBoxLayout *row);
    void makeViewButton(QHBoxLayout *row);
    void makeTools(QHBoxLayout *row);
    void takeFilter();
    void colorNotice();

    QButtonGroup *m_scopes = nullptr;
    QCheckBox *m_errors = nullptr;
    QLineEdit *m_words = nullptr;
    ElidedLabel *m_notice = nullptr;
    LineFilter m_filter;
};

} // namespace glasspost::ui
