#include "ui/message/partwindow.h"

#include "ui/message/partmenu.h"
#include "ui/message/textview.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/windowsize.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QScrollArea>
#include <QShortcut>
#include <QTabWidget>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr qsizetype octetsDumped = 64 * 1024;
constexpr qsizetype octetsOfLine = 16;

} // namespace

QString hexDump(const QByteArray &octets)
{
    QString dump;
    const QByteArray shown = octets.left(octetsDumped);
    for (qsizetype at = 0; at < shown.size(); at += octetsOfLine) {
        const QByteArray line = shown.mid(at, octetsOfLine);
        QString ascii;
        for (const char c : line)
            ascii += c >= ' ' && c <= '~' ? QChar(QLatin1Char(c)) : QChar(u'.');
        dump += QStringLiteral("%1  %2  %3\n")
                    .arg(at, 8, 16, QLatin1Char('0'))
                    .arg(QString::fromLatin1(line.toHex(' ')), -int(3 * octetsOfLine - 1))
                    .arg(ascii);
    }
    return dump;
}

PartWindow::PartWindow(const mail::PartView &part, QWidget *parent)
    : QWidget(parent, Qt::Window), m_facts(plainLabel(tr("Reading …"))), m_copy(new QToolButton),
      m_tabs(new QTabWidget), m_content(new TextView(TextView::Look::Source, this)),
      m_raw(new TextView(TextView::Look::Source, this)), m_header(new TextView(TextView::Look::Source, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("%1 (%2)").arg(partTitle(part), part.contentType));
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_facts->setWordWrap(true);
    m_facts->setAccessibleName(tr("Size and checksum"));
    m_content->setAccessibleName(tr("Content"));
    m_raw->setAccessibleName(tr("As it is stored"));
    m_header->setAccessibleName(tr("Header fields"));
    m_tabs->setAccessibleName(tr("Views of the part"));
    m_tabs->addTab(m_content, tr("&Content"));
    m_tabs->addTab(m_raw, tr("&Raw"));
    m_tabs->addTab(m_header, tr("&Headers"));
    m_tabs->setTabToolTip(0, tr("The content, decoded"));
    m_tabs->setTabToolTip(1, tr("The part as it is stored in the message"));
    m_tabs->setTabToolTip(2, tr("The header fields of the part"));
    m_tabs->setDocumentMode(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, space::one, 0, 0);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(space::one, 0, space::one, 0);
    row->addWidget(m_facts, 1);
    column->addLayout(row);
    column->addWidget(m_tabs, 1);
    m_copy->setText(tr("Copy chec&ksum"));
    m_copy->setIcon(icon(IconName::Copy));
    m_copy->setToolTip(tr("Copy the SHA-256 checksum of the decoded content"));
    m_copy->setEnabled(false);
    connect(m_copy, &QToolButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(QString::fromLatin1(m_checksum)); });
    auto *save = new QToolButton;
    save->setText(tr("&Save as …"));
    save->setIcon(icon(IconName::Save));
    save->setToolTip(tr("Save the decoded content as a file"));
    save->setEnabled(!part.contentType.startsWith(QLatin1String("multipart/")));
    connect(save, &QToolButton::clicked, this, [this, part] { Q_EMIT saveRequested(part); });
    for (QToolButton *button : {m_copy, save}) {
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        row->addWidget(button, 0, Qt::AlignTop);
    }
    for (const QKeySequence &keys : {QKeySequence(Qt::Key_Escape), QKeySequence(QKeySequence::Close)})
        connect(new QShortcut(keys, this), &QShortcut::activated, this, &QWidget::close);
    resizeWithinScreen(*this, {720, 560});
}

void PartWindow::showDetails(const mail::PartDetails &details)
{
    m_checksum = details.sha256.toHex();
    m_copy->setEnabled(true);
    const QString sizes = details.rawSize == details.size
        ? sizeText(details.size)
        : tr("%1 decoded, %2 in the message").arg(sizeText(details.size), sizeText(details.rawSize));
    m_facts->setText(tr("%1\nSHA-256 %2").arg(sizes, QString::fromLatin1(m_checksum)));
    QString content = details.text.isNull() ? hexDump(details.decoded) : details.text;
    if (details.decoded.size() < details.size
        || (details.text.isNull() && details.decoded.size() > octetsDumped))
        content += tr("\n[The part continues. Save it to see all of it.]");
    m_content->showText(content);
    m_raw->showText(QString::fromUtf8(details.raw));
    m_header->showText(QString::fromUtf8(details.header));
}

void PartWindow::showPicture(const QImage &picture, std::optional<int> pages)
{
    if (picture.isNull())
        return;
    QLabel *label = plainLabel();
    label->setPixmap(QPixmap::fromImage(picture));
    auto *area = new QScrollArea;
    area->setAccessibleName(tr("Picture"));
    area->setAlignment(Qt::AlignCenter);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(label);
    m_tabs->insertTab(0, area, pages ? tr("Up to %L1 &pages").arg(*pages) : tr("&Picture"));
    if (pages)
        m_tabs->setTabToolTip(0, tr("The first pages as pictures; save the file to see any more"));
    else
        m_tabs->setTabToolTip(0, tr("The content as a picture"));
    m_tabs->setCurrentIndex(0);
}

void PartWindow::showFailure(const mail::Error &error)
{
    m_facts->setText(errorText(error));
}

} // namespace glasspost::ui
