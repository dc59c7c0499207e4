#pragma once

#include "mail/message/charsets.h"
#include "mail/message/csscleaner.h"
#include "mail/message/messageview.h"
#include "mail/message/parttree.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QString>

namespace glasspost::mail {

enum class PartUse {
    Container, ///< multiparts, and what lies in an attached message
    Shown, ///< text that is read in the message's place
    InPlace, ///< a picture that the HTML shows in its place
    OtherForm, ///< an alternative of what is shown
    Attachment
};

/// Which parts of a message its reader is shown, and as what. Of alternatives the last that can be shown
/// counts (RFC 2046 5.1.4), once for plain text and once for HTML; all else that is text for people is shown
/// in its order, in both; of a multipart/related its root (RFC 2387), and the pictures that the root's HTML
/// names. Whatever is not shown is an attachment: nothing is left out. The tree must outlive it.
class ShownParts
{
public:
    /// textLimit: octets of all that is shown that are decoded.
    ShownParts(const PartTree &tree, qsizetype textLimit);

    /// Said to be one, named, or shown nowhere.
    [[nodiscard]] bool isAttachment(int node) const;
    /// As plain text, HTML without its marks.
    [[nodiscard]] QString text() const;
    /// As cleaned HTML, plain text in paragraphs; empty when none of it is HTML.
    [[nodiscard]] HtmlPage page(ColorScheme scheme = ColorScheme::Light) const;
    /// The names of all parts, a blank between two.
    [[nodiscard]] QString fileNames(qsizetype limit) const;
    /// Words to search, of attached messages too.
    [[nodiscard]] QString words(qsizetype limit) const;
    /// Whether some of the text was longer than the limit.
    [[nodiscard]] bool isCut() const { return m_isCut; }

private:
    struct Shown
    {
        QList<int> plain, html; ///< the same parts, but where there are alternatives
    };

    [[nodiscard]] Shown shownOf(int node);
    [[nodiscard]] Shown alternative(const QList<int> &forms);
    void passOverResourceFork(int appleDouble);
    [[nodiscard]] int rootOf(int related) const;
    [[nodiscard]] bool hasHtml(const QList<int> &parts) const;
    [[nodiscard]] int plainness(const QList<int> &parts) const;
    void placePictures();
    [[nodiscard]] QList<InlinePicture> pictures() const;
    void decode(int node);
    [[nodiscard]] QString textOf(int node, qsizetype limit, bool &isCut) const;

    const PartTree &m_tree;
    const qsizetype m_limit;
    QList<QList<int>> m_children;
    QList<PartUse> m_uses;
    Shown m_shown;
    QHash<int, QString> m_texts; ///< of the shown parts, decoded
    QSet<QString> m_inPlace; ///< Content-IDs of pictures
    qsizetype m_textLeft; ///< octets that may yet be decoded
    bool m_isCut = false;
};

/// The name under which a part was sent; empty when it has none.
QString fileNameOf(GMimeObject *object);
QByteArray charsetOf(GMimeObject *object);
/// The decoded octets of a part as the text that it is, or of what a program shows as text (calendars, style
/// sheets, XML); null where the part is no text at all.
QString textOfPart(GMimeObject *object, const QByteArray &octets, Extent extent);

} // namespace glasspost::mail
