#include "ui/message/html/layout/pagecontainer.h"

#include "ui/message/html/layout/elements.h"

#include <QFontInfo>
#include <QTextBoundaryFinder>

#include <cmath>
#include <string_view>

namespace glasspost::ui {

namespace {

constexpr int tallestFont = 400;
constexpr qsizetype longestWord = 60; // characters; one that is longer may be broken anywhere
constexpr int windowHeight = 800; // what "vh" and the like are reckoned by

QRect rectOf(const litehtml::position &place)
{
    const auto bounded = [](int value) { return qBound(-largestPage, value, largestPage); };
    return {bounded(place.x), bounded(place.y), qBound(0, place.width, largestPage),
        qBound(0, place.height, largestPage)};
}

QRgb colorOf(const litehtml::web_color &color)
{
    return qRgba(color.red, color.green, color.blue, color.alpha);
}

PageCorners cornersOf(const litehtml::border_radiuses &radii)
{
    return {{radii.top_left_x, radii.top_left_y}, {radii.top_right_x, radii.top_right_y},
        {radii.bottom_right_x, radii.bottom_right_y}, {radii.bottom_left_x, radii.bottom_left_y}};
}

PageBorder::Edge edgeOf(const litehtml::border &border)
{
    PageBorder::Edge edge{qBound(0, border.width, 100), PageBorder::Style::Solid, colorOf(border.color)};
    if (border.style == litehtml::border_style_none || border.style == litehtml::border_style_hidden)
        edge.style = PageBorder::Style::None;
    else if (border.style == litehtml::border_style_dotted)
        edge.style = PageBorder::Style::Dotted;
    else if (border.style == litehtml::border_style_dashed)
        edge.style = PageBorder::Style::Dashed;
    else if (border.style == litehtml::border_style_double)
        edge.style = PageBorder::Style::Double;
    return edge;
}

/// The family that the system has under that name or in its place; where it has none, the one for all else.
QString systemFamily(const QString &name)
{
    return QFontInfo(QFont(name)).family();
}

/// The families of a CSS list that the system has, those that name a kind replaced by its own of that kind.
/// Qt asks the system what it has in place of a family only for the first of a list, so all are looked up
/// here.
QStringList familiesOf(const QString &list, const QString &standard)
{
    static const QString forAllElse = systemFamily(QStringLiteral("No such family"));
    QStringList families;
    const QStringList names = list.split(u',', Qt::SkipEmptyParts);
    for (QString name : names.first(qMin<qsizetype>(names.size(), 20))) {
        name = name.remove(u'"').remove(u'\'').trimmed();
        const bool isStandard = name == QLatin1String("sans-serif") || name == QLatin1String("system-ui")
            || name.startsWith(u'-');
        const QString family = systemFamily(isStandard ? standard : name);
        if (isStandard || family != forAllElse || family.compare(name, Qt::CaseInsensitive) == 0)
            families += family;
    }
    return families << systemFamily(standard);
}

} // namespace

void PageContainer::add(const QRect &place, decltype(PageItem::content) content)
{
    if (!isFull())
        m_page.items.append({place, m_clips.isEmpty() ? -1 : m_clips.constLast(), std::move(content)});
}

void PageContainer::mirrorMarks(qsizetype first, const QRect &box)
{
    for (qsizetype i = first; i < m_page.items.size(); ++i) {
        PageItem &item = m_page.items[i];
        if (std::holds_alternative<PageMarker>(item.content)
            || std::holds_alternative<PageText>(item.content))
            item.place.moveLeft(box.left() + box.right() - item.place.right());
    }
}

litehtml::uint_ptr PageContainer::create_font(const char *name, int size, int weight,
    litehtml::font_style style, unsigned int decoration, litehtml::font_metrics *metrics)
{
    PageFont font;
    font.families = familiesOf(QString::fromUtf8(name), m_request.family);
    font.pixelSize = qBound(1, size, tallestFont);
    font.weight = qBound(100, weight, 900);
    font.isItalic = style == litehtml::fontStyleItalic;
    font.isUnderlined = (decoration & litehtml::font_decoration_underline) != 0;
    font.isStruckOut = (decoration & litehtml::font_decoration_linethrough) != 0;
    font.isOverlined = (decoration & litehtml::font_decoration_overline) != 0;
    const QFontMetricsF measured(font.font());
    font.ascent = int(std::round(measured.ascent()));
    metrics->ascent = font.ascent;
    metrics->descent = int(std::round(measured.descent()));
    metrics->height = metrics->ascent + metrics->descent;
    metrics->x_height = int(std::round(measured.xHeight()));
    metrics->draw_spaces = true; // they are copied with the words
    m_page.fonts.append(font);
    m_metrics.push_back(measured);
    return litehtml::uint_ptr(m_page.fonts.size()); // 0 is none
}

void PageContainer::delete_font(litehtml::uint_ptr) { }

int PageContainer::text_width(const char *text, litehtml::uint_ptr font)
{
    const QString shown = QString::fromUtf8(text).replace(u'\t', QLatin1String("        "));
    return int(std::round(m_metrics.at(size_t(font) - 1).horizontalAdvance(shown)));
}

void PageContainer::draw_text(litehtml::uint_ptr, const char *text, litehtml::uint_ptr font,
    litehtml::web_color color, const litehtml::position &place)
{
    if (font != 0 && QLatin1String(text) != QLatin1String(emptyLine))
        add(rectOf(place), PageText{QString::fromUtf8(text), int(font) - 1, colorOf(color), false});
}

int PageContainer::pt_to_px(int points) const
{
    return int(std::round(points * 96.0 / 72.0));
}

int PageContainer::get_default_font_size() const
{
    return m_request.fontSize;
}

const char *PageContainer::get_default_font_name() const
{
    return "sans-serif";
}

void PageContainer::draw_list_marker(litehtml::uint_ptr, const litehtml::list_marker &marker)
{
    PageMarker drawn;
    drawn.color = colorOf(marker.color);
    if (marker.marker_type == litehtml::list_style_type_circle)
        drawn.shape = PageMarker::Shape::Circle;
    else if (marker.marker_type == litehtml::list_style_type_square)
        drawn.shape = PageMarker::Shape::Square;
    add(rectOf(marker.pos), drawn);
}

void PageContainer::load_image(const char *, const char *, bool) { }

void PageContainer::get_image_size(const char *source, const char *, litehtml::size &size)
{
    const QSize known = m_request.pictures.value(QString::fromUtf8(source), QSize(0, 0));
    size.width = known.width();
    size.height = known.height();
}

void PageContainer::draw_background(litehtml::uint_ptr, const litehtml::background_paint &background)
{
    if (background.is_root)
        m_page.background = colorOf(background.color);
    else if (background.color.alpha > 0)
        add(rectOf(background.clip_box),
            PageFill{colorOf(background.color), cornersOf(background.border_radius)});
    if (!background.image.empty())
        addPicture(background);
}

void PageContainer::addPicture(const litehtml::background_paint &background)
{
    PagePicture picture;
    picture.name = QString::fromStdString(background.image);
    picture.copy = rectOf({background.position_x, background.position_y, background.image_size.width,
        background.image_size.height});
    picture.repeatsAcross = background.repeat == litehtml::background_repeat_repeat
        || background.repeat == litehtml::background_repeat_repeat_x;
    picture.repeatsDown = background.repeat == litehtml::background_repeat_repeat
        || background.repeat == litehtml::background_repeat_repeat_y;
    picture.corners = cornersOf(background.border_radius);
    add(rectOf(background.clip_box), picture);
}

void PageContainer::draw_borders(
    litehtml::uint_ptr, const litehtml::borders &borders, const litehtml::position &place, bool)
{
    if (borders.is_visible())
        add(rectOf(place),
            PageBorder{edgeOf(borders.left), edgeOf(borders.top), edgeOf(borders.right),
                edgeOf(borders.bottom), cornersOf(borders.radius)});
}

void PageContainer::set_caption(const char *) { }
void PageContainer::set_base_url(const char *) { }
void PageContainer::link(const std::shared_ptr<litehtml::document> &, const litehtml::element::ptr &) { }
void PageContainer::on_anchor_click(const char *, const litehtml::element::ptr &) { }
void PageContainer::set_cursor(const char *) { }
void PageContainer::import_css(litehtml::tstring &, const litehtml::tstring &, litehtml::tstring &) { }

void PageContainer::transform_text(litehtml::tstring &text, litehtml::text_transform transform)
{
    QString changed = QString::fromStdString(text);
    if (transform == litehtml::text_transform_uppercase)
        changed = changed.toUpper();
    else if (transform == litehtml::text_transform_lowercase)
        changed = changed.toLower();
    else if (transform == litehtml::text_transform_capitalize && !changed.isEmpty())
        changed = changed.left(1).toUpper() + changed.mid(1);
    text = changed.toStdString();
}

/// Within those in force already.
void PageContainer::set_clip(
    const litehtml::position &place, const litehtml::border_radiuses &, bool isValidX, bool isValidY)
{
    QRect clip = rectOf(place);
    if (!isValidX)
        clip.setLeft(0), clip.setWidth(largestPage);
    if (!isValidY)
        clip.setTop(0), clip.setHeight(largestPage);
    if (!m_clips.isEmpty())
        clip &= m_page.clips.at(m_clips.constLast());
    m_clips.append(int(m_page.clips.size()));
    m_page.clips.append(clip);
}

void PageContainer::del_clip()
{
    if (!m_clips.isEmpty())
        m_clips.removeLast();
}

void PageContainer::get_client_rect(litehtml::position &client) const
{
    client = litehtml::position(0, 0, m_request.width, 1); // a page is no higher than what is on it
}

std::shared_ptr<litehtml::element> PageContainer::create_element(
    const char *tag, const litehtml::string_map &, const std::shared_ptr<litehtml::document> &document)
{
    const std::string_view name(tag);
    if (name == "td" || name == "th")
        return std::make_shared<TableCell>(document);
    if (name == "tr")
        return std::make_shared<TableRow>(document);
    if (name == "table")
        return std::make_shared<Table>(document);
    if (name == "font")
        return std::make_shared<Font>(document);
    if (name == "body")
        return std::make_shared<Body>(document);
    if (name == "ol" || name == "ul" || name == "dd" || name == "hr")
        return std::make_shared<ListOrRule>(document);
    if (name == "li")
        return std::make_shared<ListItem>(document, *this);
    if (name == "div")
        return std::make_shared<Box<litehtml::el_div>>(document);
    if (name == "p")
        return std::make_shared<Box<litehtml::el_para>>(document);
    if (name == "a")
        return std::make_shared<Box<litehtml::el_anchor>>(document);
    if (name == "br" || name == "img" || name == "style" || name == "title")
        return nullptr; // litehtml's own
    return std::make_shared<Box<litehtml::html_tag>>(document);
}

void PageContainer::get_media_features(litehtml::media_features &media) const
{
    media.type = litehtml::media_type_screen;
    media.width = media.device_width = m_request.width;
    media.height = media.device_height = windowHeight;
    media.color = 8;
    media.resolution = 96;
}

void PageContainer::get_language(litehtml::tstring &language, litehtml::tstring &culture) const
{
    language.clear();
    culture.clear();
}

/// Where a line may be broken by Unicode's rules, of a long word anywhere; blanks come one by one.
void PageContainer::split_text(const char *text, const std::function<void(const char *)> &onWord,
    const std::function<void(const char *)> &onSpace)
{
    const QString all = QString::fromUtf8(text);
    const auto isSpace = [](QChar c) { return c.unicode() <= 0x20; };
    QTextBoundaryFinder finder(QTextBoundaryFinder::Line, all);
    qsizetype begin = 0;
    const auto endWord = [&](qsizetype end) {
        if (end > begin)
            onWord(QStringView(all).sliced(begin, end - begin).toUtf8().constData());
        begin = end;
    };
    for (qsizetype at = 0; at < all.size(); ++at) {
        if (isSpace(all.at(at))) {
            endWord(at);
            onSpace(QStringView(all).sliced(at, 1).toUtf8().constData());
            begin = at + 1;
            continue;
        }
        finder.setPosition(at);
        const bool isWhole = !all.at(at).isLowSurrogate();
        if (at > begin && isWhole && (finder.isAtBoundary() || at - begin >= longestWord))
            endWord(at);
    }
    endWord(all.size());
}

} // namespace glasspost::ui
