#include "ui/actions/mainmenus.h"

#include "ui/actions/actions.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/foldertext.h"

#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

namespace glasspost::ui {

MainMenus::MainMenus(QMainWindow *window, const Actions &actions, const PlacesModel &places)
    : QObject(window), m_window(window), m_actions(actions), m_places(places), m_view(nullptr),
      m_folder(nullptr), m_message(nullptr)
{
    QMenuBar *bar = window->menuBar();
    for (const auto &[menu, title] :
        {std::pair(ActionMenu::File, tr("&File")), std::pair(ActionMenu::Edit, tr("&Edit")),
            std::pair(ActionMenu::View, tr("&View")), std::pair(ActionMenu::Message, tr("&Message")),
            std::pair(ActionMenu::Tools, tr("&Tools")), std::pair(ActionMenu::Help, tr("&Help"))})
        bar->addMenu(title)->addActions(actions.of(menu));
    m_view = bar->actions().at(int(ActionMenu::View))->menu();
    m_view->addSeparator();
    m_view->addMenu(tr("HTML pa&ge"))->addActions(actions.of(ActionMenu::Page));
    m_message = bar->actions().at(int(ActionMenu::Message))->menu();
    // Every place without the tree: in a narrow window, and to learn the keys.
    auto *go = new QMenu(tr("&Go"), window);
    bar->insertMenu(m_message->menuAction(), go);
    connect(go, &QMenu::aboutToShow, this, [this, go] { fillPlaces(go); });
    m_folder = new QMenu(tr("Fo&lder"), window);
    m_folder->setIcon(icon(IconName::Folder));
    bar->actions().at(int(ActionMenu::File))->menu()->insertMenu(actions[ActionId::ImportFile], m_folder);
    connect(m_folder, &QMenu::aboutToShow, this, [this] {
        qDeleteAll(m_folder->findChildren<QMenu *>(QString(), Qt::FindDirectChildrenOnly));
        m_folder->clear();
    });
}

void MainMenus::addToView(const QList<QAction *> &actions)
{
    m_view->addActions(actions);
}

void MainMenus::addToMessages(QAction *action)
{
    m_message->addAction(action);
    m_forMessages.append(action);
}

void MainMenus::fillPlaces(QMenu *menu)
{
    menu->clear();
    QString user;
    int number = 0;
    const QList<Place> places = m_places.places();
    for (const Place &place : places) {
        if (place.folder.user != user)
            menu->addSection(place.folder.user);
        user = place.folder.user;
        const QModelIndex index = m_places.indexOf(place);
        auto *action = menu->addAction(index.data(Qt::DecorationRole).value<QIcon>(),
            plainCaption(index.data().toString()), this, [this, place] { Q_EMIT placeRequested(place); });
        if (++number <= 9) // shown alone: the window's own shortcut is what acts
            action->setText(QStringLiteral("%1\tCtrl+%2").arg(action->text()).arg(number));
    }
}

void MainMenus::popUpFor(const mail::FolderId &from, const QPoint &globalPosition)
{
    auto *menu = new QMenu(m_window);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(m_actions.of(ActionMenu::Message));
    menu->addActions(m_forMessages);
    QMenu *move = menu->addMenu(icon(IconName::Move), tr("Mo&ve to"));
    const QList<mail::FolderId> folders = m_places.foldersOf(from.user);
    for (const mail::FolderId &folder : folders) {
        if (folder != from)
            move->addAction(
                folderTitle(folder), this, [this, name = folder.folder] { Q_EMIT moveRequested(name); });
    }
    menu->addAction(m_actions[ActionId::SaveSource]);
    menu->popup(globalPosition);
}

} // namespace glasspost::ui
