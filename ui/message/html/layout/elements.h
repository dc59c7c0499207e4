#pragma once

#include <litehtml/litehtml.h>
// Not among what that includes:
#include <litehtml/el_anchor.h>
#include <litehtml/el_body.h>
#include <litehtml/el_div.h>
#include <litehtml/el_font.h>
#include <litehtml/el_para.h>
#include <litehtml/el_table.h>
#include <litehtml/el_td.h>
#include <litehtml/el_tr.h>

#include <map>
#include <string_view>

namespace glasspost::ui {

class PageContainer;

/// An element whose content is laid out in lines and blocks where its style asks for a flexible box or a
/// grid, which litehtml does not know.
template <class Tag> class Box : public Tag
{
public:
    using Tag::Tag;

    const char *get_style_property(const char *name, bool isInherited, const char *unsaid) const override
    {
        const char *value = Tag::get_style_property(name, isInherited, unsaid);
        if (!value || std::string_view(name) != "display")
            return value;
        const std::string_view display(value);
        return display == "flex" || display == "grid"              ? "block"
            : display == "inline-flex" || display == "inline-grid" ? "inline-block"
                                                                   : value;
    }
};

/// A cell of a table that remembers how it came out. litehtml lays every cell out three times, to find how
/// narrow and how wide it may be and then as wide as it is: three to the power of the depth for tables in
/// tables, of which newsletters have ten. A width that was tried before is answered from memory here, and the
/// content, which then lies as another width has it, is laid out once more at the end by settle().
class TableCell : public Box<litehtml::el_td>
{
public:
    explicit TableCell(const std::shared_ptr<litehtml::document> &document);

    int render(int x, int y, int width, bool isSecondPass) override;
    void apply_vertical_align() override;
    void parse_attributes() override;

    /// Called once all is laid out, from the outermost cell to the innermost.
    void settle();
    /// To the other side of a table that is so wide inside.
    void mirror(int tableWidth);

private:
    struct Outcome
    {
        int width = 0; ///< what render() returned
        litehtml::position place;
        litehtml::margins margins, padding, borders;
    };

    std::map<int, Outcome> m_outcomes; ///< by the width it was laid out for
    int m_asked = 0; ///< the width it is to have
    bool m_isSettled = true; ///< its content lies as it is to
};

/// A table that takes no more room than its width says: litehtml asks for as much as its text would take on
/// one line, and whatever is around the table grows with it.
class Table : public Box<litehtml::el_table>
{
public:
    explicit Table(const std::shared_ptr<litehtml::document> &document);

    int render(int x, int y, int width, bool isSecondPass) override;
    void parse_attributes() override;

    /// Called once all is laid out and settled: litehtml lays columns out from the left, whatever is read.
    void mirrorCells();
};

/// HTML 15.3.8: a row that is at least so high.
class TableRow : public Box<litehtml::el_tr>
{
public:
    explicit TableRow(const std::shared_ptr<litehtml::document> &document);

    void parse_attributes() override;
};

/// HTML 15.3.4: the families of a font element.
class Font : public Box<litehtml::el_font>
{
public:
    explicit Font(const std::shared_ptr<litehtml::document> &document);

    void parse_attributes() override;
};

/// HTML 15.3.1: the color behind all of a message, where it is said by an attribute.
class Body : public Box<litehtml::el_body>
{
public:
    explicit Body(const std::shared_ptr<litehtml::document> &document);

    void parse_attributes() override;
};

/// HTML 15.3.7 and 15.3.10: how the items of a list are counted, where capitals matter, at which side they
/// are indented, and how wide a line is.
class ListOrRule : public Box<litehtml::html_tag>
{
public:
    explicit ListOrRule(const std::shared_ptr<litehtml::document> &document);

    void parse_attributes() override;
};

/// An item of a list, with its mark at the side where its text begins.
class ListItem : public Box<litehtml::html_tag>
{
public:
    ListItem(const std::shared_ptr<litehtml::document> &document, PageContainer &container);

    void draw(litehtml::uint_ptr context, int x, int y, const litehtml::position *clip) override;

private:
    PageContainer &m_container;
};

/// Whether its text is read from the right, by dir or by direction.
[[nodiscard]] bool isReadFromRight(const litehtml::element &element);

} // namespace glasspost::ui
