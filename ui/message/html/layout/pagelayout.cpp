#include "ui/message/html/layout/pagelayout.h"

#include "ui/message/html/layout/elements.h"
#include "ui/message/html/layout/pagecontainer.h"
#include "ui/message/html/layout/stylesheet.h"
#include "ui/message/html/layout/visualorder.h"

#include <QSet>

#include <cstring>
#include <utility>

namespace glasspost::ui {

namespace {

constexpr int largestNumber = 100000; // of an item; Roman ones grow with it

/// Calls function(element) for each from the outermost to the innermost; markup that was cleaned is not
/// nested deep.
template <typename Function> void walk(const litehtml::element::ptr &element, const Function &function)
{
    function(element);
    for (int i = 0; i < int(element->get_children_count()); ++i)
        walk(element->get_child(i), function);
}

/// Of a tag, without its "/".
QString nameOf(QStringView tag)
{
    qsizetype begin = tag.startsWith(QLatin1String("</")) ? 2 : 1, end = begin;
    while (end < tag.size() && tag.at(end).isLetterOrNumber())
        ++end;
    return tag.sliced(begin, end - begin).toString();
}

/// litehtml gives a line that has nothing but its break no height where it is a block's last: such lines get
/// a word that takes no room. Cleaned markup has no ">" within its tags.
QString withEmptyLines(const QString &html)
{
    static const QSet<QString> withinLines = {QStringLiteral("a"), QStringLiteral("abbr"),
        QStringLiteral("b"), QStringLiteral("big"), QStringLiteral("cite"), QStringLiteral("code"),
        QStringLiteral("del"), QStringLiteral("dfn"), QStringLiteral("em"), QStringLiteral("font"),
        QStringLiteral("i"), QStringLiteral("ins"), QStringLiteral("kbd"), QStringLiteral("mark"),
        QStringLiteral("q"), QStringLiteral("s"), QStringLiteral("samp"), QStringLiteral("small"),
        QStringLiteral("span"), QStringLiteral("strike"), QStringLiteral("strong"), QStringLiteral("sub"),
        QStringLiteral("sup"), QStringLiteral("tt"), QStringLiteral("u"), QStringLiteral("var")};
    QString result;
    result.reserve(html.size());
    bool isEmpty = true; // the line
    qsizetype lonely = -1; // where in the result a break is all that its line has
    for (qsizetype at = 0; at < html.size();) {
        const bool isTag = html.at(at) == u'<';
        qsizetype end = html.indexOf(isTag ? u'>' : u'<', at);
        end = end < 0 ? html.size() : isTag ? end + 1 : end;
        const QStringView piece = QStringView(html).sliced(at, end - at);
        const QString name = isTag ? nameOf(piece) : QString();
        if (!isTag && !piece.trimmed().isEmpty()) {
            isEmpty = false;
            lonely = -1;
        } else if (isTag && !withinLines.contains(name)) {
            if (lonely >= 0 && piece.startsWith(QLatin1String("</")))
                result.insert(lonely, QString::fromUtf8(emptyLine));
            lonely = name == QLatin1String("br") && isEmpty ? result.size() : -1;
            isEmpty = name != QLatin1String("img");
        }
        result += piece;
        at = end;
    }
    return result;
}

/// HTML 4.4.5 and 4.4.8: each item of a list gets its number, which litehtml writes before it.
void numberItems(const litehtml::element::ptr &root)
{
    const auto numberOf = [](const litehtml::element &element, const char *attribute, int otherwise) {
        const char *number = element.get_attr(attribute);
        return number != nullptr ? qBound(0, QByteArray(number).toInt(), largestNumber) : otherwise;
    };
    walk(root, [&](const litehtml::element::ptr &list) {
        int next = numberOf(*list, "start", 1);
        for (int i = 0; i < int(list->get_children_count()); ++i) {
            const litehtml::element::ptr item = list->get_child(i);
            if (std::strcmp(item->get_tagName(), "li") != 0)
                continue;
            const int number = numberOf(*item, "value", next);
            item->set_attr("list_index", QByteArray::number(number).constData());
            next = number + 1;
        }
    });
}

/// With padding and border.
QRect outerPlace(const litehtml::element &element)
{
    litehtml::position place = element.get_placement();
    place += element.get_paddings();
    place += element.get_borders();
    return QRect(place.x, place.y, place.width, place.height) & QRect(0, 0, largestPage, largestPage);
}

/// The places of a link: of its words and pictures, and its own where it is a box.
PageLink linkOf(const litehtml::element::ptr &anchor, const char *target)
{
    PageLink link;
    link.target = QString::fromUtf8(target);
    litehtml::tstring words;
    anchor->get_text(words);
    link.title = QString::fromStdString(words).simplified().left(1000);
    walk(anchor, [&](const litehtml::element::ptr &element) {
        const bool isBox = element->get_display() != litehtml::display_inline;
        const QRect place = isBox && element->is_visible() ? outerPlace(*element) : QRect();
        if (!place.isEmpty())
            link.places.append(place);
    });
    return link;
}

QList<PageLink> linksOf(const litehtml::element::ptr &root)
{
    QList<PageLink> links;
    qsizetype places = 0;
    walk(root, [&](const litehtml::element::ptr &element) {
        const bool isAnchor = std::strcmp(element->get_tagName(), "a") == 0;
        const char *target = isAnchor ? element->get_attr("href") : nullptr;
        if (target == nullptr || places > mostPageItems)
            return;
        links.append(linkOf(element, target));
        places += links.constLast().places.size();
    });
    return links;
}

/// The words shown instead of pictures, for the items that show them.
void addAlternatives(const litehtml::element::ptr &root, Page &page)
{
    QHash<std::pair<QString, QPoint>, QString> words;
    walk(root, [&](const litehtml::element::ptr &element) {
        if (std::strcmp(element->get_tagName(), "img") != 0)
            return;
        const char *alt = element->get_attr("alt");
        const char *source = element->get_attr("src");
        if (alt != nullptr && source != nullptr)
            words.insert({QString::fromUtf8(source), outerPlace(*element).topLeft()},
                QString::fromUtf8(alt).left(200));
    });
    for (PageItem &item : page.items)
        if (auto *picture = std::get_if<PagePicture>(&item.content))
            picture->alt = words.value({picture->name, item.place.topLeft()});
}

} // namespace

std::optional<Page> layOut(const PageRequest &request)
{
    litehtml::context context;
    context.load_master_stylesheet(pageStyleSheet);
    PageContainer container(request);
    const QString html = QLatin1String("<style>") + request.styleSheet + QLatin1String("</style>")
        + withEmptyLines(QString::fromUtf8(request.html));
    const litehtml::document::ptr document
        = litehtml::document::createFromUTF8(html.toUtf8().constData(), &container, &context);
    numberItems(document->root());
    document->render(qBound(1, request.width, largestPage));
    walk(document->root(), [](const litehtml::element::ptr &element) {
        if (auto *cell = dynamic_cast<TableCell *>(element.get()))
            cell->settle();
    });
    walk(document->root(), [](const litehtml::element::ptr &element) {
        if (auto *table = dynamic_cast<Table *>(element.get()))
            table->mirrorCells();
    });
    document->draw(0, 0, 0, nullptr);
    if (container.isFull())
        return std::nullopt;
    Page page = container.page();
    litehtml::size size; // that of before the cells were settled is another
    document->root()->calc_document_size(size);
    page.size = QSize(qBound(0, size.width, largestPage), qBound(0, size.height, largestPage));
    page.links = linksOf(document->root());
    addAlternatives(document->root(), page);
    orderVisually(page);
    return page;
}

} // namespace glasspost::ui
