#pragma once

#include "ui/message/html/page.h"

#include <QFontMetricsF>

#include <litehtml/litehtml.h>

#include <memory>
#include <vector>

namespace glasspost::ui {

/// A word that takes no room and is not drawn (U+200B), so that a line is one.
constexpr const char *emptyLine = "\xe2\x80\x8b";

/// What litehtml asks of its surroundings: measures text with Qt's fonts, knows the sizes of pictures, and
/// writes down as a Page what it is asked to draw. It fetches nothing.
class PageContainer final : public litehtml::document_container
{
public:
    explicit PageContainer(const PageRequest &request) : m_request(request) { }
    virtual ~PageContainer() = default;

    [[nodiscard]] const Page &page() const { return m_page; }
    [[nodiscard]] bool isFull() const { return m_page.items.size() >= mostPageItems; }
    /// Moves marks and numbers, from that item of the page on, to the other side of the box.
    void mirrorMarks(qsizetype first, const QRect &box);

    litehtml::uint_ptr create_font(const char *name, int size, int weight, litehtml::font_style style,
        unsigned int decoration, litehtml::font_metrics *metrics) override;
    void delete_font(litehtml::uint_ptr font) override;
    int text_width(const char *text, litehtml::uint_ptr font) override;
    void draw_text(litehtml::uint_ptr context, const char *text, litehtml::uint_ptr font,
        litehtml::web_color color, const litehtml::position &place) override;
    [[nodiscard]] int pt_to_px(int points) const override;
    [[nodiscard]] int get_default_font_size() const override;
    [[nodiscard]] const char *get_default_font_name() const override;
    void draw_list_marker(litehtml::uint_ptr context, const litehtml::list_marker &marker) override;
    void load_image(const char *source, const char *base, bool redraw) override;
    void get_image_size(const char *source, const char *base, litehtml::size &size) override;
    void draw_background(litehtml::uint_ptr context, const litehtml::background_paint &background) override;
    void draw_borders(litehtml::uint_ptr context, const litehtml::borders &borders,
        const litehtml::position &place, bool isRoot) override;
    void set_caption(const char *caption) override;
    void set_base_url(const char *url) override;
    void link(const std::shared_ptr<litehtml::document> &document, const litehtml::element::ptr &el) override;
    void on_anchor_click(const char *url, const litehtml::element::ptr &el) override;
    void set_cursor(const char *cursor) override;
    void transform_text(litehtml::tstring &text, litehtml::text_transform transform) override;
    void import_css(
        litehtml::tstring &text, const litehtml::tstring &url, litehtml::tstring &baseurl) override;
    void set_clip(const litehtml::position &place, const litehtml::border_radiuses &corners, bool isValidX,
        bool isValidY) override;
    void del_clip() override;
    void get_client_rect(litehtml::position &client) const override;
    std::shared_ptr<litehtml::element> create_element(const char *tag, const litehtml::string_map &attributes,
        const std::shared_ptr<litehtml::document> &document) override;
    void get_media_features(litehtml::media_features &media) const override;
    void get_language(litehtml::tstring &language, litehtml::tstring &culture) const override;
    void split_text(const char *text, const std::function<void(const char *)> &onWord,
        const std::function<void(const char *)> &onSpace) override;

private:
    void add(const QRect &place, decltype(PageItem::content) content);
    void addPicture(const litehtml::background_paint &background);

    const PageRequest m_request;
    Page m_page;
    std::vector<QFontMetricsF> m_metrics; ///< of Page::fonts
    QList<int> m_clips; ///< those in force, the innermost last; of Page::clips
};

} // namespace glasspost::ui
