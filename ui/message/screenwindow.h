#pragma once

#include "ui/message/screendrawer.h"

#include <QWidget>

namespace glasspost::ui {

class HtmlView;

/// A message at its full size as one screen shows it, in a window of its own. Deletes itself when closed.
class ScreenWindow : public QWidget
{
    Q_OBJECT
public:
    ScreenWindow(const std::shared_ptr<const SchemePage> &page, const ReaderScreen &screen, QWidget *parent);
    ~ScreenWindow() override;

    [[nodiscard]] HtmlView &view() const { return *m_view; }

private:
    HtmlView *m_view;
    std::stop_source m_decoding;
};

} // namespace glasspost::ui
