#pragma once

#include "ui/mailbox/messagelistmodel.h"

#include <QMap>
#include <QObject>
#include <QString>

class QAction;
class QHeaderView;
class QMenu;

namespace glasspost::ui {

/// Which columns a wide message list shows, in which order and how wide: remembered for each kind of list,
/// chosen in a menu. Sender and subject always stay.
class ListColumns : public QObject
{
    Q_OBJECT
public:
    /// What a list is of: received mail, captured mail, the user's own mail, search results.
    enum class Kind { Received, Captured, Own, Found };

    /// Sets the header up; its sections are the model's. Both outlive this.
    ListColumns(QHeaderView &header, const MessageListModel &model, QObject *parent);

    void setKind(Kind kind);
    /// A narrow list shows its first column alone.
    void setWide(bool wide);
    [[nodiscard]] bool shows(MessageListModel::Column column) const;
    void show(MessageListModel::Column column, bool shown);
    /// Opens the choice, for menus.
    [[nodiscard]] QAction *menuAction() const;

    /// One text for each kind, "who:170 subject date:100 size:76"; columns that are not named are not
    /// shown.
    [[nodiscard]] QMap<QString, QString> save() const;
    void restore(const QMap<QString, QString> &saved);

Q_SIGNALS:
    void changed(); ///< other columns are shown

private:
    struct Section
    {
        MessageListModel::Column column = MessageListModel::Who;
        int width = 0; ///< in device-independent pixels
    };
    using Sections = QList<Section>; ///< in their order on the screen

    static Sections standard(Kind kind);
    static Sections read(const QString &text, Kind kind);
    static QString written(const Sections &sections);
    [[nodiscard]] Sections inHeader() const;
    void keep();
    void apply();
    void fillMenu();

    QHeaderView &m_header;
    const MessageListModel &m_model;
    QMenu *m_menu;
    QMap<Kind, Sections> m_sections;
    Kind m_kind = Kind::Received;
    bool m_isWide = true;
};

} // namespace glasspost::ui
