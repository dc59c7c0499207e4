#pragma once

#include "mail/base/task.h"
#include "mail/message/messageview.h"
#include "ui/message/html/sheets.h"

#include <QObject>

#include <functional>
#include <stop_token>

class QWidget;

namespace glasspost::ui {

class InlineBar;

/// Takes messages to paper or into PDF files: asks where to, has them painted, and says in the bar how that
/// goes. GUI thread.
class Printing : public QObject
{
    Q_OBJECT
public:
    /// Paints all there is onto the sheets, on paperThread().
    using Content = std::function<mail::Task<void>(const std::shared_ptr<Sheets> &sheets)>;

    /// The bar outlives it; dialogs belong to the widget.
    Printing(InlineBar &bar, QWidget *widget);
    /// What is painted is given up.
    ~Printing() override;

    void print(const mail::MessageView &message, Content content);
    void savePdf(const mail::MessageView &message, Content content);
    /// Without asking; the device may be any printer.
    void printOn(const std::shared_ptr<QPagedPaintDevice> &printer, const mail::MessageView &message,
        const Content &content);
    void writePdf(const QString &path, const mail::MessageView &message, const Content &content);
    void writePdf(const QString &path, const SheetHead &head, const Content &content);

private:
    void run(std::unique_ptr<Sheets> begun, const Content &content, const std::stop_source &stop,
        const QString &success);
    void tell(const mail::Result<void> &result, const Sheets &sheets, const QString &success);

    InlineBar &m_bar;
    QWidget *m_widget;
};

/// Subject, people and date.
[[nodiscard]] SheetHead sheetHead(const mail::MessageView &message);
/// A text in the letters of that font.
[[nodiscard]] Printing::Content printedText(const QString &text, const QFont &letters);

} // namespace glasspost::ui
