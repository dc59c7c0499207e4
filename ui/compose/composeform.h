#pragma once

#include "mail/message/draft.h"
#include "mail/settings/settings.h"

#include <QHash>
#include <QWidget>

class QAbstractItemModel;
class QComboBox;
class QGridLayout;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace glasspost::ui {

class FileStrip;
class FieldNote;
class RecipientField;

/// The fields of a message being written, as a value in and out; each says below itself what is wrong with
/// it. Knows no mail system.
class ComposeForm : public QWidget
{
    Q_OBJECT
public:
    explicit ComposeForm(QWidget *parent = nullptr);

    void setIdentities(const QList<mail::Identity> &identities);
    void setKnownAddresses(QAbstractItemModel *known);
    /// Readers are asked to say that they saw it (RFC 8098).
    void setAsksForMdn(bool asks);
    void setDraft(const mail::Draft &draft);
    /// The draft that was set with what was typed since.
    [[nodiscard]] mail::Draft draft() const;
    /// Says the problems where they are; the focus goes to the first that is no warning. Warnings are not
    /// shown here.
    void showProblems(const QList<mail::DraftProblem> &problems);
    void focusStart();

    [[nodiscard]] QComboBox *from() const { return m_from; }
    [[nodiscard]] RecipientField *recipients(mail::DraftField field) const
    {
        return m_recipients.value(int(field));
    }
    [[nodiscard]] QLineEdit *subject() const { return m_subject; }
    [[nodiscard]] QPlainTextEdit *text() const { return m_text; }
    [[nodiscard]] FileStrip *attachments() const { return m_attachments; }
    [[nodiscard]] FieldNote *note(mail::DraftField field) const { return m_notes.value(int(field)); }

Q_SIGNALS:
    void changed();
    void recipientsChanged();

private:
    void dress();
    void makeRows();
    void connectFields();
    void addRow(mail::DraftField field, const QString &label, QWidget *editor, QWidget *trailing = nullptr);
    void setFieldOrder();
    void setFrom(const QString &from);
    void noteForeignFrom();
    void reveal(mail::DraftField field);
    void noteChanged(mail::DraftField field);

    QGridLayout *m_grid;
    int m_rows = 0;
    int m_identities = 0; ///< entries of From that are; one behind them is what the draft came with
    QComboBox *m_from;
    QLineEdit *m_subject;
    QPlainTextEdit *m_text;
    FileStrip *m_attachments;
    QToolButton *m_showCc;
    QToolButton *m_showBcc;
    QHash<int, RecipientField *> m_recipients;
    QHash<int, FieldNote *> m_notes;
    QHash<int, QList<QWidget *>> m_rowParts;
    mail::Draft m_base;
};

} // namespace glasspost::ui
