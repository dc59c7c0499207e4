#include "ui/message/htmlview.h"

#include "mail/base/worker.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"

#include <QBoxLayout>
#include <QBuffer>
#include <QImageReader>
#include <QLabel>
#include <QScrollBar>
#include <QToolButton>
#include <QUrl>

namespace glasspost::ui {

namespace {

constexpr int widestPicture = 1200;
constexpr int tallestPicture = 4000;
constexpr qint64 mostPixels = 50000000; // of one picture; it is decoded whole before it is made smaller
constexpr qint64 mostPixelsShown = 20000000; // of all

/// Nothing but plain pictures: an SVG is a document that names files.
bool isPicture(const QByteArray &format)
{
    static const QList<QByteArray> known = {"png", "jpeg", "jpg", "gif", "bmp", "webp"};
    return known.contains(format);
}

QImage decoded(const QByteArray &octets)
{
    QBuffer buffer;
    buffer.setData(octets);
    if (!buffer.open(QIODevice::ReadOnly) || !isPicture(QImageReader::imageFormat(&buffer)))
        return {};
    buffer.seek(0);
    QImageReader reader(&buffer);
    const QSize size = reader.size();
    if (!size.isValid() || qint64(size.width()) * size.height() > mostPixels)
        return {};
    if (size.width() > widestPicture || size.height() > tallestPicture)
        reader.setScaledSize(size.scaled(widestPicture, tallestPicture, Qt::KeepAspectRatio));
    return reader.read();
}

QHash<QString, QImage> decoded(const QList<mail::InlinePicture> &pictures)
{
    QHash<QString, QImage> images;
    qint64 pixels = 0;
    for (const mail::InlinePicture &picture : pictures) {
        const QImage image = decoded(picture.octets);
        pixels += qint64(image.width()) * image.height();
        if (pixels > mostPixelsShown)
            break;
        images.insert(picture.contentId, image);
    }
    return images;
}

} // namespace

HtmlView::HtmlView(QWidget *parent) : QTextBrowser(parent)
{
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setOpenExternalLinks(false);
    setUndoRedoEnabled(false);
    setPalette(lightPalette());
    document()->setDocumentMargin(space::two);
    setAccessibleName(tr("Message as HTML"));
    connect(this, &QTextBrowser::anchorClicked, this, &HtmlView::linkActivated);
    connect(this, &QTextBrowser::highlighted, this, [this](const QUrl &url) {
        setToolTip(plainToolTip(url.toString()));
        Q_EMIT linkHovered(url.toString());
    });
}

QVariant HtmlView::loadResource(int type, const QUrl &name)
{
    if (type != QTextDocument::ImageResource || name.scheme() != QLatin1String("cid"))
        return {};
    // One that is not there leaves its place empty: Qt would look for a file in its stead.
    static const QImage nothing = [] {
        QImage image(1, 1, QImage::Format_ARGB32);
        image.fill(Qt::transparent);
        return image;
    }();
    const QImage image = m_pictures.value(name.path(QUrl::FullyDecoded));
    return image.isNull() ? nothing : image;
}

HtmlPane::HtmlPane(QWidget *parent)
    : QWidget(parent), m_view(new HtmlView), m_paging(new QWidget), m_number(plainLabel()),
      m_back(new QToolButton), m_on(new QToolButton), m_source(std::make_unique<mail::HtmlPages>(QString()))
{
    m_back->setText(tr("Previous page"));
    m_on->setText(tr("Next page"));
    for (QToolButton *button : {m_back, m_on})
        button->setAutoRaise(true);
    auto *row = new QHBoxLayout(m_paging);
    row->setContentsMargins(space::two, space::half, space::two, space::half);
    row->addWidget(m_number);
    row->addStretch(1);
    row->addWidget(m_back);
    row->addWidget(m_on);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_view, 1);
    column->addWidget(m_paging);
    connect(m_view, &HtmlView::linkActivated, this, &HtmlPane::linkActivated);
    connect(m_back, &QToolButton::clicked, this, [this] { showPage(m_page - 1); });
    connect(m_on, &QToolButton::clicked, this, [this] { showPage(m_page + 1); });
}

void HtmlPane::show(const QString &html, const QList<mail::InlinePicture> &pictures)
{
    ++m_shown;
    m_source = std::make_unique<mail::HtmlPages>(html);
    m_pages.clear();
    m_view->setPictures({});
    showPage(0);
    if (pictures.isEmpty())
        return;
    mail::runInPool([pictures] {
        return decoded(pictures);
    }).andThen(this, [this, shown = m_shown](const QHash<QString, QImage> &images) {
        takePictures(shown, images);
    });
}

void HtmlPane::showPage(int page)
{
    while (m_pages.size() <= page && !m_source->atEnd())
        m_pages.append(m_source->next());
    m_page = qBound(0, page, qMax(int(m_pages.size()) - 1, 0));
    m_view->setHtml(m_pages.value(m_page));
    m_paging->setVisible(m_page > 0 || hasFurtherPages());
    m_number->setText(tr("This message is long. Page %1").arg(m_page + 1));
    m_back->setEnabled(m_page > 0);
    m_on->setEnabled(hasFurtherPages());
}

void HtmlPane::takePictures(quint64 shown, const QHash<QString, QImage> &pictures)
{
    if (shown != m_shown)
        return;
    const int place = m_view->verticalScrollBar()->value();
    m_view->setPictures(pictures);
    m_view->setHtml(m_pages.value(m_page));
    m_view->verticalScrollBar()->setValue(place);
}

} // namespace glasspost::ui
