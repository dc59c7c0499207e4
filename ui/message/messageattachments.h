#pragma once

#include "mail/message/messageview.h"

#include <QWidget>

namespace glasspost::ui {

class FlowLayout;

/// The attachments of a message: a button each with name and size; a click asks to save, the menu also to
/// open.
class MessageAttachments : public QWidget
{
    Q_OBJECT
public:
    explicit MessageAttachments(QWidget *parent = nullptr);

    void show(const QList<mail::PartView> &parts);
    [[nodiscard]] int count() const { return m_count; }

Q_SIGNALS:
    void saveAsked(const glasspost::mail::PartView &part);
    void openAsked(const glasspost::mail::PartView &part);
    void saveAllAsked();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void addPart(const mail::PartView &part);
    void addMore(const QList<mail::PartView> &parts);

    FlowLayout *m_row;
    int m_count = 0;
};

/// The name under which a part is shown and saved: its own, made safe, or one made from its type.
[[nodiscard]] QString partTitle(const mail::PartView &part);
/// True for what a system would run rather than show: programs, scripts, shortcuts, installers, and documents
/// that carry macros. Such parts are only ever saved.
[[nodiscard]] bool mayRun(const mail::PartView &part);

} // namespace glasspost::ui
