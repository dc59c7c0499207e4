#pragma once

#include <QByteArray>

#include <optional>

namespace glasspost::mail {

struct FileStep;

/// Whether a path below the data folder is one by its words: relative, without empty, "." and ".." levels, no
/// level longer than a file system takes.
bool isInnerPath(const QByteArray &path);
/// The same, and that no folder on the way is a link that leads out of the folder. The last level is not
/// looked at: whoever opens it follows no link there. Asks the disk.
bool staysInside(int folder, const QByteArray &path);

/// The paths that a step names, each of them inner.
bool isInnerStep(const FileStep &step);
/// Of a step that was read back, from a folder that may have come from elsewhere: the first path that does
/// not stay inside.
std::optional<QByteArray> outsidePath(int folder, const FileStep &step);

} // namespace glasspost::mail
