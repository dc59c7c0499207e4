#pragma once

// Choosing in a combo box as a person does.

#include <QAbstractItemView>
#include <QComboBox>
#include <QTest>

namespace glasspost::test {

/// In the open list, with Return: the box says that it was activated, too.
inline void choose(QComboBox &box, int index)
{
    box.showPopup();
    box.view()->setCurrentIndex(box.model()->index(index, box.modelColumn(), box.rootModelIndex()));
    QTest::keyClick(box.view(), Qt::Key_Return);
}

} // namespace glasspost::test
