#include "ui/compose/composeform.h"

#include "mail/message/messagebuilder.h"
#include "ui/compose/fieldnote.h"
#include "ui/compose/filestrip.h"
#include "ui/compose/recipientfield.h"
#include "ui/compose/replies.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/composetext.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QTextDocument>
#include <QToolButton>

namespace glasspost::ui {

using mail::DraftField;

namespace {

QFrame *line()
{
    auto *frame = new QFrame;
    frame->setFixedHeight(1);
    frame->setAutoFillBackground(true);
    QPalette colours = frame->palette();
    colours.setColor(QPalette::Window, hairline(colours));
    frame->setBackgroundRole(QPalette::Window);
    frame->setPalette(colours);
    return frame;
}

// What was typed: toPlainText() would make blanks of no-break spaces.
QString textOf(const QPlainTextEdit *edit)
{
    QString text = edit->document()->toRawText();
    for (QChar &c : text) {
        if (c == QChar::ParagraphSeparator || c == QChar::LineSeparator)
            c = QLatin1Char('\n');
    }
    return text;
}

QString addressOf(const QString &from)
{
    const mail::AddressList list = mail::parseAddressList(from);
    return list.mailboxes.isEmpty() ? from.trimmed() : list.mailboxes.constFirst().address;
}

QToolButton *reveals(const QString &text, const QString &tip)
{
    auto *button = new QToolButton;
    button->setText(text);
    button->setToolTip(plainToolTip(tip));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::NoFocus); // Tab goes on to the next field; the mnemonic reaches it
    return button;
}

} // namespace

ComposeForm::ComposeForm(QWidget *parent)
    : QWidget(parent), m_grid(new QGridLayout), m_from(new QComboBox), m_subject(new QLineEdit),
      m_text(new QPlainTextEdit), m_attachments(new FileStrip),
      m_showCc(reveals(tr("&Cc"), tr("Send a copy to others"))),
      m_showBcc(reveals(tr("&Bcc"), tr("Send a copy the other recipients do not see")))
{
    dress();
    makeRows();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(m_grid);
    column->addWidget(m_text, 1);
    auto *files = new FieldNote;
    m_notes.insert(int(DraftField::Attachments), files);
    m_notes.insert(int(DraftField::Text), files);
    column->addWidget(files);
    column->addWidget(m_attachments);
    setFieldOrder();
    for (const DraftField field : {DraftField::Cc, DraftField::Bcc}) {
        for (QWidget *part : m_rowParts.value(int(field)))
            part->setVisible(false);
    }
    connectFields();
}

void ComposeForm::dress()
{
    m_grid->setContentsMargins(space::two, space::half, space::one, 0);
    m_grid->setHorizontalSpacing(space::one);
    m_grid->setVerticalSpacing(0);
    m_grid->setColumnStretch(1, 1);
    // One ground for fields and text: a sheet, not a form.
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_from->setFrame(false);
    m_from->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_subject->setFrame(false);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Text of the message"));
    m_text->setPlaceholderText(tr("Write your message here. Files can be dropped anywhere."));
    m_text->document()->setDocumentMargin(space::two);
}

void ComposeForm::makeRows()
{
    for (const DraftField field : {DraftField::To, DraftField::Cc, DraftField::Bcc})
        m_recipients.insert(int(field), new RecipientField);
    auto *more = new QWidget;
    auto *moreRow = new QHBoxLayout(more);
    moreRow->setContentsMargins(0, 0, 0, 0);
    moreRow->setSpacing(0);
    moreRow->addWidget(m_showCc);
    moreRow->addWidget(m_showBcc);
    addRow(DraftField::From, tr("&From"), m_from);
    addRow(DraftField::To, tr("&To"), recipients(DraftField::To), more);
    addRow(DraftField::Cc, tr("C&c"), recipients(DraftField::Cc));
    addRow(DraftField::Bcc, tr("&Bcc"), recipients(DraftField::Bcc));
    addRow(DraftField::Subject, tr("S&ubject"), m_subject);
}

void ComposeForm::connectFields()
{
    connect(m_showCc, &QToolButton::clicked, this, [this] { reveal(DraftField::Cc); });
    connect(m_showBcc, &QToolButton::clicked, this, [this] { reveal(DraftField::Bcc); });
    for (const DraftField field : {DraftField::To, DraftField::Cc, DraftField::Bcc}) {
        connect(recipients(field), &RecipientField::changed, this, [this, field] {
            noteChanged(field);
            Q_EMIT recipientsChanged();
        });
    }
    connect(m_from, &QComboBox::currentIndexChanged, this, [this] {
        noteForeignFrom();
        Q_EMIT changed();
    });
    connect(m_subject, &QLineEdit::textChanged, this, [this] { noteChanged(DraftField::Subject); });
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] { noteChanged(DraftField::Text); });
    connect(m_attachments, &FileStrip::changed, this, [this] { noteChanged(DraftField::Attachments); });
}

void ComposeForm::addRow(DraftField field, const QString &text, QWidget *editor, QWidget *trailing)
{
    QLabel *label = plainLabel(text);
    // A field of chips takes no focus itself.
    label->setBuddy(editor->focusProxy() != nullptr ? editor->focusProxy() : editor);
    QPalette muted = label->palette();
    muted.setColor(QPalette::WindowText, mutedText(muted));
    label->setPalette(muted);
    label->setForegroundRole(QPalette::WindowText);
    QString plain = text;
    editor->setAccessibleName(plain.remove(QLatin1Char('&')));
    if (editor->focusProxy() != nullptr) // the line in a field of chips is what is spoken
        editor->focusProxy()->setAccessibleName(plain);
    auto *note = new FieldNote;
    note->setContentsMargins(0, 0, 0, space::half);
    QFrame *below = line();
    // A row as high as a chip, so that nothing jumps when the first one comes.
    editor->setMinimumHeight(fontMetrics().height() + space::one + space::one);
    m_grid->addWidget(label, m_rows, 0, Qt::AlignVCenter | Qt::AlignTrailing);
    m_grid->addWidget(editor, m_rows, 1, Qt::AlignVCenter);
    if (trailing)
        m_grid->addWidget(trailing, m_rows, 2, Qt::AlignTop);
    m_grid->addWidget(note, m_rows + 1, 1, 1, 2);
    m_grid->addWidget(below, m_rows + 2, 0, 1, 3);
    m_rows += 3;
    m_notes.insert(int(field), note);
    m_rowParts.insert(int(field), {label, editor, below});
}

void ComposeForm::setFieldOrder()
{
    QWidget *before = m_from;
    for (QWidget *next : std::initializer_list<QWidget *>{recipients(DraftField::To)->edit(),
             recipients(DraftField::Cc)->edit(), recipients(DraftField::Bcc)->edit(), m_subject, m_text}) {
        setTabOrder(before, next);
        before = next;
    }
}

void ComposeForm::reveal(DraftField field)
{
    for (QWidget *part : m_rowParts.value(int(field)))
        part->setVisible(true);
    (field == DraftField::Cc ? m_showCc : m_showBcc)->setVisible(false);
    recipients(field)->setFocus(Qt::OtherFocusReason);
}

void ComposeForm::noteChanged(DraftField field)
{
    note(field)->say({});
    Q_EMIT changed();
}

void ComposeForm::setIdentities(const QList<mail::Identity> &identities)
{
    const QString current = m_from->currentText();
    {
        const QSignalBlocker blocker(m_from);
        m_from->clear();
        for (const mail::Identity &identity : identities)
            m_from->addItem(identityText(identity));
        m_identities = m_from->count();
        setFrom(current);
    }
    if (m_from->currentText() != current)
        Q_EMIT changed();
    noteForeignFrom();
}

// The identity of that address, else the address as it is: another sender is never chosen in silence.
void ComposeForm::setFrom(const QString &from)
{
    for (int i = 0; i < m_identities; ++i) {
        if (addressOf(m_from->itemText(i)).compare(addressOf(from), Qt::CaseInsensitive) == 0) {
            m_from->setCurrentIndex(i);
            return;
        }
    }
    if (from.isEmpty())
        return;
    m_from->addItem(from);
    m_from->setCurrentIndex(m_from->count() - 1);
}

void ComposeForm::noteForeignFrom()
{
    note(DraftField::From)
        ->say(m_from->currentIndex() < m_identities || m_identities == 0
                ? QString()
                : tr("“%1” is not one of your identities. It was kept as the sender; choose another if that "
                     "is not what you want.")
                      .arg(m_from->currentText()));
}

void ComposeForm::setKnownAddresses(QAbstractItemModel *known)
{
    for (RecipientField *field : std::as_const(m_recipients))
        field->setKnownAddresses(known);
}

void ComposeForm::setDraft(const mail::Draft &draft)
{
    m_base = draft;
    setFrom(draft.from);
    recipients(DraftField::To)->setText(draft.to);
    recipients(DraftField::Cc)->setText(draft.cc);
    recipients(DraftField::Bcc)->setText(draft.bcc);
    if (!draft.cc.isEmpty())
        reveal(DraftField::Cc);
    if (!draft.bcc.isEmpty())
        reveal(DraftField::Bcc);
    m_subject->setText(draft.subject);
    m_text->setPlainText(draft.text);
    m_attachments->setAttachments(draft.attachments);
    noteForeignFrom();
}

void ComposeForm::setAsksForMdn(bool asks)
{
    m_base.asksForMdn = asks;
    Q_EMIT changed();
}

mail::Draft ComposeForm::draft() const
{
    mail::Draft draft = m_base;
    draft.from = m_from->currentText();
    draft.to = recipients(DraftField::To)->text();
    draft.cc = recipients(DraftField::Cc)->text();
    draft.bcc = recipients(DraftField::Bcc)->text();
    draft.subject = m_subject->text();
    draft.text = textOf(m_text);
    draft.attachments = m_attachments->attachments();
    return draft;
}

void ComposeForm::showProblems(const QList<mail::DraftProblem> &problems)
{
    for (FieldNote *one : std::as_const(m_notes))
        one->say({});
    noteForeignFrom();
    const QHash<int, QWidget *> editors{{int(DraftField::From), m_from},
        {int(DraftField::To), recipients(DraftField::To)}, {int(DraftField::Cc), recipients(DraftField::Cc)},
        {int(DraftField::Bcc), recipients(DraftField::Bcc)}, {int(DraftField::Subject), m_subject},
        {int(DraftField::Text), m_text}, {int(DraftField::Attachments), m_attachments}};
    bool focused = false;
    for (const mail::DraftProblem &problem : problems) {
        if (problem.isWarning)
            continue;
        if (problem.field == DraftField::Cc || problem.field == DraftField::Bcc)
            reveal(problem.field);
        FieldNote *below = note(problem.field);
        below->say(below->text().isEmpty() ? problemText(problem)
                                           : below->text() + QLatin1Char('\n') + problemText(problem));
        if (!focused)
            editors.value(int(problem.field))->setFocus(Qt::OtherFocusReason);
        focused = true;
    }
}

void ComposeForm::focusStart()
{
    if (recipients(DraftField::To)->text().isEmpty())
        recipients(DraftField::To)->setFocus();
    else if (m_subject->text().isEmpty())
        m_subject->setFocus();
    else
        m_text->setFocus();
    // One goes on where one stopped; an answer begins above what it quotes.
    if (m_base.origin.isNull())
        m_text->moveCursor(QTextCursor::End);
}

} // namespace glasspost::ui
