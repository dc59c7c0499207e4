#pragma once

#include "ui/theme/theme.h"

#include <QIcon>
#include <QPixmap>

class QPainter;

namespace glasspost::ui {

/// The program's own icon family: resources/icons, 24 px grid, 1.5 px line. The order is that of the file
/// names' table in icons.cpp.
enum class IconName {
    NewMessage,
    Reply,
    ReplyAll,
    Forward,
    Trash,
    Junk,
    Archive,
    Search,
    Inbox,
    Sent,
    Drafts,
    Folder,
    User,
    Users,
    Outgoing,
    Incoming,
    Sessions,
    Transcript,
    Attachment,
    Listener,
    Start,
    Stop,
    Hold,
    Retry,
    Copy,
    Save,
    Open,
    Close,
    Clear,
    Settings,
    Warning,
    Error,
    Info,
    Success,
    Check,
    ChevronDown,
    ChevronRight,
    ChevronUp,
    ChevronLeft,
    Undo,
    Filter,
    Lock,
    Add,
    Remove,
    Edit,
    Flag,
    Help,
    Move,
    File,
    Mail,
    MailOpen,
    Clock,
    Code,
    Image,
    Print,
    ZoomIn,
    ZoomOut,
    Fit,
    Phone,
    Tablet,
    Desktop,
    Dark,
    Tag,
    Compare
};

/// Drawn with the application palette's colours at the moment of painting (normal, disabled, selected), so a
/// change of palette needs no new icon. A tone other than Neutral colours the normal mode.
QIcon icon(IconName name, Tone tone = Tone::Neutral);
/// The program's window icon.
QIcon applicationIcon();
/// For delegates: the icon in one colour, centred in the rectangle (device-independent pixels).
void paintIcon(QPainter *painter, const QRect &rect, IconName name, const QColor &color);
/// For labels: side in device-independent pixels.
QPixmap iconPixmap(IconName name, const QColor &color, int side, qreal devicePixelRatio);

} // namespace glasspost::ui
