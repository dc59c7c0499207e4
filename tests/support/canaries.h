#pragma once

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QSet>
#include <QTemporaryDir>

#include <array>
#include <cstring>
#include <sys/inotify.h>
#include <unistd.h>

namespace glasspost::test {

/// Files that nobody but a page would open, and whether any program did (inotify(7)): a picture, a style
/// sheet, HTML, a script, a drawing and a font, named a. and their kind.
class Canaries
{
public:
    Canaries()
    {
        QByteArray picture;
        QBuffer buffer(&picture);
        buffer.open(QIODevice::WriteOnly);
        QImage image(40, 30, QImage::Format_RGB32);
        image.fill(0xff00aa00);
        image.save(&buffer, "PNG");
        write("png", picture);
        write("css", "p{color:#00aa00}");
        write("html", "<!DOCTYPE html><title>a</title><p>a");
        write("js", "document.title='a'");
        write("svg", "<svg xmlns='http://www.w3.org/2000/svg' id='a'/>");
        write("ttf", "no font");
        m_watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        m_isWatched
            = ::inotify_add_watch(m_watch, QFile::encodeName(path()).constData(), IN_OPEN | IN_ACCESS) >= 0;
    }
    ~Canaries() { ::close(m_watch); }
    Q_DISABLE_COPY_MOVE(Canaries)

    [[nodiscard]] QString path() const { return m_folder.path(); }
    [[nodiscard]] bool isWatched() const { return m_isWatched; }
    /// The files that were opened since it was asked last.
    [[nodiscard]] QSet<QString> opened() const
    {
        QSet<QString> names;
        alignas(inotify_event) std::array<char, 4096> events{};
        for (ssize_t size = 0; (size = ::read(m_watch, events.data(), events.size())) > 0;) {
            for (ssize_t at = 0; at < size;) {
                inotify_event event;
                std::memcpy(&event, events.data() + at, sizeof event);
                const char *name = events.data() + at + sizeof event;
                if (event.len > 0 && (event.mask & IN_ISDIR) == 0)
                    names.insert(QString::fromLocal8Bit(name));
                at += ssize_t(sizeof event + event.len);
            }
        }
        return names;
    }

private:
    void write(const char *kind, const QByteArray &octets) const
    {
        QFile file(m_folder.filePath(QLatin1String("a.") + QLatin1String(kind)));
        if (file.open(QIODevice::WriteOnly))
            file.write(octets);
    }

    QTemporaryDir m_folder;
    int m_watch = -1;
    bool m_isWatched = false;
};

} // namespace glasspost::test
