#pragma once

#include <QTextBrowser>

namespace glasspost::ui {

/// Cleaned HTML of a message on white paper, light and dark alike, because mail chooses its own colours.
/// Whatever it names is never fetched: loadResource answers nothing.
class HtmlView : public QTextBrowser
{
    Q_OBJECT
public:
    explicit HtmlView(QWidget *parent = nullptr);

    [[nodiscard]] QVariant loadResource(int type, const QUrl &name) override;

Q_SIGNALS:
    void linkActivated(const QUrl &url);
    void linkHovered(const QString &target);
};

} // namespace glasspost::ui
