#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <gmime/gmime.h>

#include <memory>

namespace glasspost::mail {

/// GMime made ready, once in the process's life; every function that uses GMime calls it first. Any thread.
void ensureMime();

struct GObjectUnref
{
    void operator()(gpointer object) const { g_object_unref(object); }
};
struct GFree
{
    void operator()(gpointer memory) const { g_free(memory); }
};
/// A reference that we own.
template <typename T> using GRef = std::unique_ptr<T, GObjectUnref>;
using GString8 = std::unique_ptr<char, GFree>;

/// How leniently mail from outside is read. Owned by the process, never changed after it was made.
GMimeParserOptions *readingOptions();

/// Whether a part is of this Content-Type; "*" stands for any.
bool isType(GMimeObject *part, const char *type, const char *subtype);

/// The text of a field's value: RFC 2047 words decoded, octets outside of them as UTF-8 or else Windows-1252.
QString decodedText(QByteArrayView unfolded);
/// A display name: as above, but words in quotes stand as they are.
QString decodedPhrase(const QString &phrase);

/// Seconds since the Unix epoch of an RFC 5322 date-time (3.3, 4.3), or of what programs write in its place:
/// ctime's form, ISO 8601, twelve hours with AM and PM. 0 when it cannot be read.
qint64 decodedDate(const QByteArray &value);

} // namespace glasspost::mail
