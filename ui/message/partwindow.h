#pragma once

#include "mail/base/error.h"
#include "mail/message/messageview.h"
#include "mail/message/partdetails.h"

#include <QWidget>

#include <optional>

class QImage;
class QLabel;
class QTabWidget;
class QToolButton;

namespace glasspost::ui {

class TextView;

/// One part of a message in a window of its own: its content as text, picture or octets, as it lies, its
/// header, sizes and checksum. Deletes itself when closed.
class PartWindow : public QWidget
{
    Q_OBJECT
public:
    PartWindow(const mail::PartView &part, QWidget *parent);

    void showDetails(const mail::PartDetails &details);
    /// In place of its octets; a null one changes nothing. Of a file that has pages it shows the first, at
    /// most so many.
    void showPicture(const QImage &picture, std::optional<int> pages);
    void showFailure(const mail::Error &error);

Q_SIGNALS:
    void saveRequested(const glasspost::mail::PartView &part);

private:
    QLabel *m_facts;
    QToolButton *m_copy;
    QTabWidget *m_tabs;
    TextView *m_content;
    TextView *m_raw;
    TextView *m_header;
    QByteArray m_checksum; ///< in hexadecimal
};

/// Octets as a reader of files sees them: place, sixteen octets, and what of them is ASCII; at most 64 KiB.
[[nodiscard]] QString hexDump(const QByteArray &octets);

} // namespace glasspost::ui
