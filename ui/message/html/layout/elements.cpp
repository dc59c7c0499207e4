#include "ui/message/html/layout/elements.h"

#include <cstring>

namespace glasspost::ui {

TableCell::TableCell(const std::shared_ptr<litehtml::document> &document) : el_td(document) { }

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

/// HTML 15.3.8: the table's cellpadding is every cell's.
void TableCell::parse_attributes()
{
    el_td::parse_attributes();
    for (litehtml::element::ptr outer = parent(); outer; outer = outer->parent()) {
        if (std::strcmp(outer->get_tagName(), "table") != 0)
            continue;
        if (const char *padding = outer->get_attr("cellpadding"))
            m_style.add_property("padding", padding, nullptr, false, this);
        return;
    }
}

Table::Table(const std::shared_ptr<litehtml::document> &document) : el_table(document) { }

int Table::render(int x, int y, int width, bool isSecondPass)
{
    const int widest = el_table::render(x, y, width, isSecondPass);
    return get_css_width().is_predefined() ? widest : this->width();
}

Body::Body(const std::shared_ptr<litehtml::document> &document) : el_body(document) { }

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

ListOrRule::ListOrRule(const std::shared_ptr<litehtml::document> &document) : html_tag(document) { }

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
}

} // namespace glasspost::ui
