#pragma once

#include "ui/settings/settingsproblems.h"

#include <QHash>
#include <QStringList>
#include <QWidget>

class QFormLayout;
class QLabel;
class QVBoxLayout;

namespace glasspost::ui {

class FieldNote;

/// One page of the preferences: shows its part of the settings and writes it back. Knows no mail system.
class SettingsPage : public QWidget
{
    Q_OBJECT
public:
    explicit SettingsPage(const QString &title, QWidget *parent = nullptr);

    virtual void load(const mail::Settings &settings) = 0;
    virtual void store(mail::Settings &settings) const = 0;
    /// Says those that belong to this page, and takes others away. Returns how many do.
    int showProblems(const QList<SettingsProblem> &problems);
    [[nodiscard]] const QString &title() const { return m_title; }

Q_SIGNALS:
    void changed();

protected:
    void showEvent(QShowEvent *event) override;
    [[nodiscard]] QVBoxLayout *column() const { return m_column; }
    /// A heading, with a sentence below it when there is one.
    void addHeading(const QString &text, const QString &sentence = {});
    QFormLayout *addForm();
    /// A place for a field's problems.
    FieldNote *addNote(SettingsField field);
    static QLabel *hint(const QString &text);
    /// What a field holds that takes several, with commas, semicolons or blanks between them.
    static QStringList listOf(const QString &text);

private:
    QString m_title;
    QVBoxLayout *m_column;
    QHash<int, FieldNote *> m_notes;
    QList<QFormLayout *> m_forms;
};

} // namespace glasspost::ui
