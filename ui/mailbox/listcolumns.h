#pragma once

#include "ui/mailbox/messagecolumns.h"
#include "ui/mailbox/messagelistmodel.h"

#include <QMap>
#include <QObject>
#include <QString>

class QAction;
class QHeaderView;
class QMenu;

namespace glasspost::ui {

/// Which columns a wide message list shows, in which order and how wide, and which details the two lines of a
/// narrow one: remembered for each kind of list, chosen in a menu. Sender and subject always stay.
class ListColumns : public QObject
{
    Q_OBJECT
public:
    /// What a list is of: received mail, captured mail, the user's own mail, search results.
    enum class Kind { Received, Captured, Own, Found };

    /// Sets the header up; its sections are the model's. Both outlive this.
    ListColumns(QHeaderView &header, const MessageListModel &model, QObject *parent);

    void setKind(Kind kind);
    /// A narrow list shows its first column alone; the menu then is about its details.
    void setWide(bool wide);
    [[nodiscard]] bool shows(MessageListModel::Column column) const;
    void show(MessageListModel::Column column, bool shown);
    [[nodiscard]] RowDetails details() const { return m_details[m_kind]; } ///< of a narrow list
    void showDetail(RowDetail detail, bool shown);
    /// Opens the choice, for menus.
    [[nodiscard]] QAction *menuAction() const;

    /// Two texts for each kind, "who:170 subject date:100 size:76" and, of a narrow list, "text date"; what
    /// is not named is not shown.
    [[nodiscard]] QMap<QString, QString> save() const;
    void restore(const QMap<QString, QString> &saved);

Q_SIGNALS:
    void changed(); ///< other columns or details are shown

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
    static RowDetails standardDetails(Kind kind);
    [[nodiscard]] Sections inHeader() const;
    void keep();
    void apply();
    void fillMenu();
    template <typename Choose> void addChoice(const QString &title, bool isChosen, Choose choose);

    QHeaderView &m_header;
    const MessageListModel &m_model;
    QMenu *m_menu;
    QMap<Kind, Sections> m_sections;
    QMap<Kind, RowDetails> m_details;
    Kind m_kind = Kind::Received;
    bool m_isWide = true;
};

} // namespace glasspost::ui
