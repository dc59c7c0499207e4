#include "ui/message/html/layout/elements.h"

#include "ui/message/html/layout/pagecontainer.h"

#include <cstring>
#include <string_view>

namespace glasspost::ui {

bool isReadFromRight(const litehtml::element &element)
{
    return std::string_view(element.get_style_property("direction", true, "ltr")) == "rtl";
}

TableCell::TableCell(const std::shared_ptr<litehtml::document> &document) : Box(document) { }

int TableCell::render(int x, int y, int width, bool isSecondPass)
{
    const bool isCell = get_display() == litehtml::display_table_cell;
    m_asked = isCell ? std::max(width, 1) : width;
    const auto known = m_outcomes.find(m_asked);
    if (!isCell || isSecondPass || known == m_outcomes.end()) {
        Outcome outcome;
        outcome.width = el_td::render(x, y, m_asked, isSecondPass);
        m_isSettled = true;
        outcome.place = m_pos;
        outcome.margins = m_margins;
        outcome.padding = m_padding;
        outcome.borders = m_borders;
        if (isCell && !isSecondPass)
            m_outcomes[m_asked] = outcome;
        return outcome.width;
    }
    m_isSettled = false;
    m_margins = known->second.margins;
    m_padding = known->second.padding;
    m_borders = known->second.borders;
    m_pos = known->second.place;
    m_pos.x = x + content_margins_left();
    m_pos.y = y + content_margins_top();
    return known->second.width;
}

/// Moves the content, which is not there yet while the cell is not settled, and was moved before.
void TableCell::apply_vertical_align()
{
    if (m_isSettled)
        el_td::apply_vertical_align();
}

void TableCell::settle()
{
    if (m_isSettled)
        return;
    const litehtml::position place = m_pos;
    el_td::render(left(), top(), m_asked, false);
    m_isSettled = true;
    m_pos = place;
    el_td::apply_vertical_align();
}

void TableCell::mirror(int tableWidth)
{
    m_pos.x += tableWidth - left() - right();
}

/// HTML 15.3.8: the table's cellpadding is every cell's.
void TableCell::parse_attributes()
{
    el_td::parse_attributes();
    if (const char *height = get_attr("height"))
        m_style.add_property("height", height, nullptr, false, this);
    for (litehtml::element::ptr outer = parent(); outer; outer = outer->parent()) {
        if (std::strcmp(outer->get_tagName(), "table") != 0)
            continue;
        if (const char *padding = outer->get_attr("cellpadding"))
            m_style.add_property("padding", padding, nullptr, false, this);
        return;
    }
}

Table::Table(const std::shared_ptr<litehtml::document> &document) : Box(document) { }

int Table::render(int x, int y, int width, bool isSecondPass)
{
    // litehtml takes a share of the width for a share of what is around it, and each around that once more.
    const litehtml::css_length said = m_css_width;
    if (!said.is_predefined() && said.units() == litehtml::css_units_percentage)
        m_css_width.set_value(float(said.calc_percent(width)), litehtml::css_units_px);
    const int widest = el_table::render(x, y, width, isSecondPass);
    m_css_width = said;
    return get_css_width().is_predefined() ? std::min(widest, std::max(width, this->width())) : this->width();
}

/// Neither the words in a table nor its cells are where those around it are, unless the direction is said.
void Table::parse_attributes()
{
    el_table::parse_attributes();
    if (isReadFromRight(*this))
        m_style.add_property("text-align", "right", nullptr, false, this);
}

void Table::mirrorCells()
{
    if (!isReadFromRight(*this))
        return;
    for (int row = 0; m_grid && row < m_grid->rows_count(); ++row) {
        for (int column = 0; column < m_grid->cols_count(); ++column) {
            if (auto *cell = dynamic_cast<TableCell *>(m_grid->cell(column, row)->el.get()))
                cell->mirror(m_pos.width);
        }
    }
}

TableRow::TableRow(const std::shared_ptr<litehtml::document> &document) : Box(document) { }

void TableRow::parse_attributes()
{
    el_tr::parse_attributes();
    if (const char *height = get_attr("height"))
        m_style.add_property("height", height, nullptr, false, this);
}

Font::Font(const std::shared_ptr<litehtml::document> &document) : Box(document) { }

void Font::parse_attributes()
{
    el_font::parse_attributes();
    if (const char *families = get_attr("face"))
        m_style.add_property("font-family", families, nullptr, false, this);
}

Body::Body(const std::shared_ptr<litehtml::document> &document) : Box(document) { }

void Body::parse_attributes()
{
    el_body::parse_attributes();
    if (const char *color = get_attr("bgcolor"))
        m_style.add_property("background-color", color, nullptr, false, this);
    if (const char *name = get_attr("background")) {
        const litehtml::tstring picture = litehtml::tstring("url('") + name + "')";
        m_style.add_property("background-image", picture.c_str(), nullptr, false, this);
    }
}

ListOrRule::ListOrRule(const std::shared_ptr<litehtml::document> &document) : Box(document) { }

void ListOrRule::parse_attributes()
{
    static const std::map<litehtml::tstring, const char *> types
        = {{"1", "decimal"}, {"a", "lower-alpha"}, {"A", "upper-alpha"}, {"i", "lower-roman"},
            {"I", "upper-roman"}, {"disc", "disc"}, {"circle", "circle"}, {"square", "square"}};
    html_tag::parse_attributes();
    const auto type = types.find(get_attr("type", ""));
    if (type != types.end())
        m_style.add_property("list-style-type", type->second, nullptr, false, this);
    if (const char *width = get_attr("width"))
        m_style.add_property("width", width, nullptr, false, this);
    if (!isReadFromRight(*this) || m_tag == "hr")
        return;
    const litehtml::tstring indented = m_tag == "dd" ? "margin-" : "padding-";
    m_style.add_property((indented + "left").c_str(), "0", nullptr, false, this);
    m_style.add_property((indented + "right").c_str(), "40px", nullptr, false, this);
}

ListItem::ListItem(const std::shared_ptr<litehtml::document> &document, PageContainer &container)
    : Box(document), m_container(container)
{ }

/// Draws the background and the mark; what is in the item is drawn later.
void ListItem::draw(litehtml::uint_ptr context, int x, int y, const litehtml::position *clip)
{
    const qsizetype first = m_container.page().items.size();
    html_tag::draw(context, x, y, clip);
    if (isReadFromRight(*this))
        m_container.mirrorMarks(first, QRect(m_pos.x + x, m_pos.y + y, m_pos.width, m_pos.height));
}

} // namespace glasspost::ui
