#include "ui/mailbox/keepingdialog.h"

#include "mail/system/inboxretention.h"
#include "ui/mailbox/foldercolor.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/errortext.h"
#include "ui/words/foldertext.h"
#include "ui/words/format.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPainter>
#include <QSpinBox>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

constexpr qint64 mebibyteOctets = 1024 * 1024;
constexpr qint64 secondsADay = 24 * 3600;
constexpr int mostDays = 366; // as settings.ini has it
constexpr int mostCounted = 10'000;
constexpr int markIconSide = 16;

/// Whole units, so that what is less than one does not look like no limit.
int wholeUnits(qint64 value, qint64 unit)
{
    return int((value + unit - 1) / unit);
}

QIcon markIcon(const QString &color, const QPalette &palette, qreal ratio)
{
    QPixmap picture(QSize(markIconSide, markIconSide) * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(folderMarkColor(color, palette.color(QPalette::Base)));
    painter.drawEllipse(QRect(0, 0, markIconSide, markIconSide).adjusted(3, 3, -3, -3));
    return picture;
}

} // namespace

KeepingDialog::KeepingDialog(mail::Mailboxes &mailboxes, const mail::FolderKeeping &now, QWidget *parent)
    : QDialog(parent), m_mailboxes(mailboxes), m_before(now), m_messages(new QSpinBox), m_days(new QSpinBox),
      m_size(new QSpinBox), m_color(new QComboBox), m_words(plainLabel()), m_soon(this)
{
    setWindowTitle(tr("What %1 of %2 keeps").arg(folderTitle({now.mailbox, now.folder}), now.mailbox));
    for (QSpinBox *spin : {m_messages, m_days, m_size}) {
        spin->setSpecialValueText(tr("no limit"));
        spin->setMinimumWidth(120);
    }
    m_messages->setRange(0, 1'000'000'000);
    m_days->setRange(0, mostDays);
    m_days->setSuffix(tr(" days"));
    m_size->setRange(0, 100'000'000);
    m_size->setSuffix(tr(" MiB"));
    m_messages->setValue(now.retention.messages);
    m_days->setValue(wholeUnits(now.retention.age.count(), secondsADay));
    m_size->setValue(wholeUnits(now.retention.octets, mebibyteOctets));
    fillColors();
    build();
    m_soon.setSingleShot(true);
    m_soon.setInterval(200);
    connect(&m_soon, &QTimer::timeout, this, &KeepingDialog::count);
    for (QSpinBox *spin : {m_messages, m_days, m_size})
        connect(spin, &QSpinBox::valueChanged, &m_soon, qOverload<>(&QTimer::start));
    count();
}

void KeepingDialog::fillColors()
{
    QStringList colors = mail::folderColorNames();
    if (!m_before.color.isEmpty() && !colors.contains(m_before.color))
        colors.append(m_before.color);
    m_color->addItem(tr("None"), QString());
    for (const QString &color : std::as_const(colors))
        m_color->addItem(markIcon(color, palette(), devicePixelRatioF()), folderColorTitle(color), color);
    m_color->setCurrentIndex(m_color->findData(m_before.color));
}

void KeepingDialog::build()
{
    auto *about = plainLabel(tr("The newest messages are kept, by each limit that is set. Flagged messages "
                                "are kept, too, and not counted."));
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->setSpacing(space::one);
    form->addRow(tr("Keep m&essages"), m_messages);
    form->addRow(tr("&Keep for"), m_days);
    form->addRow(tr("&Total size"), m_size);
    form->addRow(tr("Co&lor"), m_color);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::two, space::two, space::two, space::two);
    column->setSpacing(space::two);
    for (QLabel *label : {about, m_words}) {
        label->setWordWrap(true);
        label->setMinimumWidth(360);
    }
    m_words->setMinimumHeight(2 * m_words->fontMetrics().lineSpacing()); // nothing moves when it changes
    column->addWidget(about);
    column->addLayout(form);
    column->addWidget(m_words);
    column->addWidget(buttons);
}

mail::FolderKeeping KeepingDialog::keeping() const
{
    mail::FolderKeeping keeping = m_before;
    mail::CaptureRetention &retention = keeping.retention;
    retention.messages = m_messages->value();
    // What was set by hand more finely stays, unless it was changed here.
    if (m_days->value() != wholeUnits(retention.age.count(), secondsADay))
        retention.age = std::chrono::seconds(secondsADay * m_days->value());
    if (m_size->value() != wholeUnits(retention.octets, mebibyteOctets))
        retention.octets = m_size->value() * mebibyteOctets;
    keeping.color = m_color->currentData().toString();
    return keeping;
}

QString KeepingDialog::words() const
{
    return m_words->text();
}

void KeepingDialog::count()
{
    const mail::FolderKeeping now = keeping();
    const int asked = ++m_asked;
    if (now.retention.isUnlimited()) {
        m_words->setText(tr("Without a limit everything is kept, except in an inbox of captured mail, which "
                            "has the limits of the preferences."));
        return;
    }
    mail::SurplusQuery query = mail::surplusQuery({now.mailbox, now.folder}, now.retention);
    query.limit = mostCounted;
    m_mailboxes.surplus(query).then(this, [this, asked](const mail::Result<QList<mail::MessageId>> &surplus) {
        if (asked == m_asked)
            tell(surplus);
    });
}

void KeepingDialog::tell(const mail::Result<QList<mail::MessageId>> &surplus)
{
    if (!surplus)
        m_words->setText(
            tr("What would be deleted could not be counted: %1").arg(errorText(surplus.error())));
    else if (surplus->isEmpty())
        m_words->setText(
            tr("No message is deleted now; later ones are, permanently, as they become too many."));
    else if (surplus->size() == mostCounted)
        m_words->setText(
            tr("%1 messages or more will be deleted permanently now.").arg(countText(mostCounted)));
    else
        m_words->setText(
            tr("%Ln message(s) will be deleted permanently now.", nullptr, int(surplus->size())));
}

} // namespace glasspost::ui
