#include "mail/store/savedparts.h"

#include "mail/base/freefile.h"
#include "mail/message/parttree.h"

#include <QSaveFile>

namespace glasspost::mail {

namespace {

tl::unexpected<Error> failureOf(const QSaveFile &file)
{
    const bool isRefused
        = file.error() == QFileDevice::OpenError || file.error() == QFileDevice::PermissionsError;
    return tl::unexpected(Error{
        isRefused ? ErrorCode::NotPermitted : ErrorCode::InputOutput, file.fileName(), file.errorString()});
}

Result<void> save(const QString &path, const OctetPieces &pieces)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failureOf(file);
    for (;;) {
        const Result<QByteArray> piece = pieces();
        if (!piece)
            return tl::unexpected(piece.error());
        if (piece->isEmpty())
            return file.commit() ? Result<void>() : failureOf(file);
        if (file.write(*piece) != piece->size())
            return failureOf(file);
    }
}

} // namespace

Result<void> saveSource(const OctetsReader &message, const QString &path)
{
    return save(path, message.pieces(0, message.size()));
}

Result<void> savePart(const OctetsReader &message, int partIndex, const QString &path)
{
    return PartTree::read(message)
        .and_then([partIndex](const PartTree &tree) { return tree.pieces(partIndex); })
        .and_then([&path](const OctetPieces &pieces) { return save(path, pieces); });
}

Result<QStringList> saveParts(
    const OctetsReader &message, const QList<NamedPart> &parts, const QString &folder)
{
    const Result<PartTree> tree = PartTree::read(message);
    if (!tree)
        return tl::unexpected(tree.error());
    QStringList paths;
    for (const NamedPart &part : parts) {
        const Result<QString> path = tree->pieces(part.index).and_then([&](const OctetPieces &pieces) {
            return writeFreeFile(folder, part.name, pieces, 0666);
        });
        if (!path)
            return tl::unexpected(path.error());
        paths.append(*path);
    }
    return paths;
}

Result<QString> copyPart(const OctetsReader &message, const NamedPart &part, const QString &folder)
{
    return PartTree::read(message)
        .and_then([&part](const PartTree &tree) { return tree.pieces(part.index); })
        .and_then([&](const OctetPieces &pieces) { return writePrivateCopy(folder, part.name, pieces); });
}

} // namespace glasspost::mail
