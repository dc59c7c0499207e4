// What a person sets for a folder: how much of its mail it keeps, and the color of its mark in the tree.
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "tests/support/fakemailboxes.h"
#include "ui/centralarea.h"
#include "ui/mailbox/folderactions.h"
#include "ui/mailbox/foldercolor.h"
#include "ui/mailbox/keepingdialog.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include <array>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr qint64 mebibyte = 1024 * 1024;

/// Number, days and size, in the order of the dialog.
std::array<QSpinBox *, 3> limitsOf(const KeepingDialog &dialog)
{
    const QList<QSpinBox *> spins = dialog.findChildren<QSpinBox *>();
    Q_ASSERT(spins.size() == 3);
    std::array<QSpinBox *, 3> limits = {};
    for (QSpinBox *spin : spins) {
        const QString suffix = spin->suffix();
        limits[suffix.isEmpty() ? 0U : suffix.contains(QLatin1String("days")) ? 1U : 2U] = spin;
    }
    return limits;
}

} // namespace

class TestKeeping : public QObject, private test::AliceWindow
{
    Q_OBJECT
private:
    [[nodiscard]] mail::FolderId named(const char *name) const { return {inbox.user, QLatin1String(name)}; }
    [[nodiscard]] mail::FolderKeeping kept(const mail::FolderId &folder) const
    {
        return mail::keepingOf(m_system->settings().value().folders, folder.user, folder.folder);
    }
    [[nodiscard]] QModelIndex indexOf(const mail::FolderId &folder) const
    {
        return part<CentralArea>().places().indexOf({Place::Kind::Folder, folder});
    }
    void makeFolder(const mail::FolderId &folder, int messages)
    {
        QVERIFY(test::awaited(m_system->mailboxes().createFolder(folder)).has_value());
        const mail::CarriedMessage message{"From: a@b.test\nSubject: x\n\nx\n", {}};
        const QList<mail::CarriedMessage> all(messages, message);
        QVERIFY(test::awaited(m_system->mailboxes().keepMessages(folder, all)).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(part<CentralArea>().places().info(folder).total, messages, 20000);
    }
    /// By the entry of the folder's menu.
    KeepingDialog *openDialog(const mail::FolderId &folder)
    {
        QMenu menu;
        part<FolderActions>().fill(menu, folder);
        for (QAction *action : menu.actions()) {
            if (action->text().startsWith(QLatin1String("&Keep")))
                action->trigger();
        }
        return m_window->findChild<KeepingDialog *>();
    }

private Q_SLOTS:
    void cleanup() { closeWindow(); }

    void marksAreSeenOnEveryGround_data()
    {
        QTest::addColumn<QColor>("ground");
        for (const auto &[name, palette] :
            {std::pair("light", lightPalette()), std::pair("dark", darkPalette())}) {
            QTest::addRow("%s window", name) << palette.color(QPalette::Window);
            QTest::addRow("%s base", name) << palette.color(QPalette::Base);
            QTest::addRow("%s selection", name) << palette.color(QPalette::Highlight);
        }
    }
    void marksAreSeenOnEveryGround()
    {
        QFETCH(const QColor, ground);
        QStringList colors = mail::folderColorNames();
        colors << QStringLiteral("#000000") << QStringLiteral("#ffffff") << QStringLiteral("#808080")
               << ground.name();
        for (const QString &color : std::as_const(colors))
            QVERIFY2(contrast(folderMarkColor(color, ground), ground) >= 3, qPrintable(color));
    }
    void marksDiffer()
    {
        for (const QPalette &palette : {lightPalette(), darkPalette()}) {
            QSet<QRgb> seen;
            for (const QString &color : mail::folderColorNames())
                seen.insert(folderMarkColor(color, palette.color(QPalette::Window)).rgb());
            QCOMPARE(seen.size(), mail::folderColorNames().size());
        }
        QCOMPARE(folderColorTitle(QStringLiteral("teal")), QStringLiteral("Teal"));
        QCOMPARE(folderColorTitle(QStringLiteral("#123456")), QStringLiteral("#123456"));
    }

    void theTreeTellsTheColor()
    {
        PlacesModel model;
        const QAbstractItemModelTester tester(&model);
        model.setFolders({{inbox, 3, 1}, {named("Lists"), 2, 0}});
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const QList<mail::FolderKeeping> folders{
            {inbox.user, QStringLiteral("Lists"), {}, QStringLiteral("teal")},
            {inbox.user, {}, {5, {}, 0}, {}}, {QStringLiteral("bob"), {}, {}, QStringLiteral("red")}};
        model.setColors(folders);
        const QModelIndex lists = model.indexOf({Place::Kind::Folder, named("Lists")});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.first().first().toModelIndex(), lists);
        QCOMPARE(lists.data(PlacesModel::ColorRole).toString(), QStringLiteral("teal"));
        QVERIFY(lists.data(Qt::AccessibleTextRole).toString().endsWith(QStringLiteral("color: Teal")));
        QVERIFY(lists.data(Qt::ToolTipRole).toString().contains(QStringLiteral("color: Teal")));
        const QModelIndex first = model.indexOf({Place::Kind::Folder, inbox});
        QVERIFY(first.data(PlacesModel::ColorRole).toString().isEmpty());
        QVERIFY(!first.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("color")));
        model.setColors(folders);
        QCOMPARE(changed.size(), 1);
        model.setColors({});
        QCOMPARE(changed.size(), 2);
        QVERIFY(lists.data(PlacesModel::ColorRole).toString().isEmpty());
    }

    void countsWhatWouldGo()
    {
        test::FakeMailboxes mailboxes;
        const QList<qint64> numbers = mailboxes.add(named("Lists"), 20);
        mailboxes.flagged.insert(numbers.first());
        KeepingDialog dialog(mailboxes, {inbox.user, QStringLiteral("Lists"), {}, {}}, nullptr);
        dialog.show();
        QVERIFY(dialog.words().startsWith(QStringLiteral("Without a limit")));
        const auto [messages, days, size] = limitsOf(dialog);
        messages->setFocus();
        messages->selectAll();
        QTest::keyClicks(messages, QStringLiteral("5"));
        QTRY_VERIFY(dialog.words().startsWith(QStringLiteral("14 message")));
        messages->setValue(50);
        QTRY_VERIFY(dialog.words().startsWith(QStringLiteral("No message is deleted now")));
        QCOMPARE(dialog.keeping().retention, (mail::CaptureRetention{50, {}, 0}));
        days->setValue(3);
        size->setValue(2);
        QCOMPARE(
            dialog.keeping().retention, (mail::CaptureRetention{50, std::chrono::hours(72), 2 * mebibyte}));
        auto *color = dialog.findChild<QComboBox *>();
        color->setCurrentIndex(color->findData(QStringLiteral("purple")));
        QCOMPARE(dialog.keeping().color, QStringLiteral("purple"));
    }
    void namesWhatItSets()
    {
        test::FakeMailboxes mailboxes;
        const KeepingDialog dialog(mailboxes, {inbox.user, {}, {}, {}}, nullptr);
        const QList<QLabel *> labels = dialog.findChildren<QLabel *>();
        for (QWidget *field : dialog.findChildren<QWidget *>()) {
            if (qobject_cast<QSpinBox *>(field) == nullptr && qobject_cast<QComboBox *>(field) == nullptr)
                continue;
            QVERIFY(std::any_of(labels.cbegin(), labels.cend(),
                [field](const QLabel *label) { return label->buddy() == field; }));
        }
    }
    void leavesWhatIsFiner()
    {
        test::FakeMailboxes mailboxes;
        const mail::FolderKeeping before{
            inbox.user, {}, {7, std::chrono::hours(36), 1'000'000}, QStringLiteral("#123456")};
        const KeepingDialog dialog(mailboxes, before, nullptr);
        QCOMPARE(dialog.keeping(), before);
        const auto limits = limitsOf(dialog);
        QCOMPARE(limits[1]->value(), 2);
        QCOMPARE(limits[2]->value(), 1);
    }

    void setsItFromTheMenu()
    {
        openWindow();
        const mail::FolderId lists = named("Lists");
        makeFolder(lists, 6);
        KeepingDialog *dialog = openDialog(lists);
        QVERIFY(dialog != nullptr);
        limitsOf(*dialog)[0]->setValue(2);
        auto *color = dialog->findChild<QComboBox *>();
        color->setCurrentIndex(color->findData(QStringLiteral("green")));
        QTRY_VERIFY(dialog->words().startsWith(QStringLiteral("4 message")));
        dialog->accept();
        QTRY_COMPARE(kept(lists).retention.messages, 2);
        QTRY_COMPARE(indexOf(lists).data(PlacesModel::ColorRole).toString(), QStringLiteral("green"));
        QTRY_COMPARE_WITH_TIMEOUT(part<CentralArea>().places().info(lists).total, 2, 20000);
        QTRY_VERIFY(m_window->findChild<KeepingDialog *>() == nullptr);
        dialog = openDialog(lists);
        QVERIFY(dialog != nullptr);
        QCOMPARE(limitsOf(*dialog)[0]->value(), 2);
        limitsOf(*dialog)[0]->setValue(1);
        dialog->reject();
        QCOMPARE(kept(lists).retention.messages, 2);
    }

    void goesAlongWithTheFolder()
    {
        openWindow();
        makeFolder(named("Lists"), 1);
        makeFolder(named("Lists.qt"), 1);
        for (const char *name : {"Lists", "Lists.qt"})
            QVERIFY(test::awaited(m_system->settings().changeFolders([this, name](auto &all) {
                mail::setKeeping(all, {inbox.user, QLatin1String(name), {9, {}, 0}, QStringLiteral("blue")});
            })));
        part<FolderActions>().rename(named("Lists"), QStringLiteral("Mail"));
        QTRY_VERIFY_WITH_TIMEOUT(
            !kept(named("Mail.qt")).isEmpty() && !indexOf(named("Lists")).isValid(), 20000);
        QCOMPARE(kept(named("Mail")).retention.messages, 9);
        QCOMPARE(kept(named("Mail.qt")).color, QStringLiteral("blue"));
        QVERIFY(kept(named("Lists")).isEmpty() && kept(named("Lists.qt")).isEmpty());
        QCOMPARE(indexOf(named("Mail")).data(PlacesModel::ColorRole).toString(), QStringLiteral("blue"));
        part<FolderActions>().deleteFolder(named("Mail"));
        QTRY_VERIFY_WITH_TIMEOUT(m_system->settings().value().folders.isEmpty(), 20000);
    }
};

QTEST_MAIN(TestKeeping)
#include "tst_keeping.moc"
