#pragma once

#include "mail/message/htmlpages.h"
#include "mail/message/messageview.h"

#include <QImage>
#include <QTextBrowser>

#include <memory>

class QLabel;
class QToolButton;

namespace glasspost::ui {

/// Cleaned HTML on white paper, light and dark alike, because mail chooses its own colours. Whatever it names
/// is never fetched: there is nothing but the pictures that came with the message.
class HtmlView : public QTextBrowser
{
    Q_OBJECT
public:
    explicit HtmlView(QWidget *parent = nullptr);

    /// By Content-ID; they are shown from the next setHtml() on.
    void setPictures(const QHash<QString, QImage> &pictures) { m_pictures = pictures; }
    [[nodiscard]] QVariant loadResource(int type, const QUrl &name) override;

Q_SIGNALS:
    void linkActivated(const QUrl &url);
    void linkHovered(const QString &target);

private:
    QHash<QString, QImage> m_pictures;
};

/// The HTML of a message, a page at a time when it is long: each is laid out fast enough for the window not
/// to stall. Pictures are decoded by another thread and come to their places when they are ready.
class HtmlPane : public QWidget
{
    Q_OBJECT
public:
    explicit HtmlPane(QWidget *parent = nullptr);

    void show(const QString &html, const QList<mail::InlinePicture> &pictures);
    [[nodiscard]] bool hasFurtherPages() const { return m_page + 1 < m_pages.size() || !m_source->atEnd(); }

Q_SIGNALS:
    void linkActivated(const QUrl &url);

private:
    void showPage(int page);
    void takePictures(quint64 shown, const QHash<QString, QImage> &pictures);

    HtmlView *m_view;
    QWidget *m_paging;
    QLabel *m_number;
    QToolButton *m_back, *m_on;
    std::unique_ptr<mail::HtmlPages> m_source;
    QStringList m_pages; ///< those that were shown, each as it is
    int m_page = 0;
    quint64 m_shown = 0; ///< counts the messages, so that pictures of one before are known
};

} // namespace glasspost::ui
