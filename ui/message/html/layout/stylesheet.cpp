#include "ui/message/html/layout/stylesheet.h"

namespace glasspost::ui {

const char *const pageStyleSheet = R"(
html { display: block; }
body { display: block; margin: 8px; color: #000000; }
head, style, title, script { display: none; }
address, article, aside, blockquote, center, dd, div, dl, dt, figcaption, figure, footer, h1, h2, h3, h4, h5,
h6, header, hr, main, nav, ol, p, pre, section, ul { display: block; }
li { display: list-item; }
br, img { display: inline-block; }
table { display: table; border-collapse: separate; border-spacing: 2px; text-align: left; text-indent: 0;
        font-style: normal; font-weight: normal; }
caption { display: table-caption; text-align: center; }
colgroup { display: table-column-group; }
col { display: table-column; }
thead, tbody, tfoot { display: table-row-group; vertical-align: middle; }
tr { display: table-row; vertical-align: inherit; }
td, th { display: table-cell; padding: 1px; vertical-align: inherit; }
th { font-weight: bold; text-align: center; }
center { text-align: center; }
center > table, [align=center] > table, center > img, [align=center] > img, [align=center] > a > img
{ margin-left: auto; margin-right: auto; }
table[border] { border: 1px solid #9a9a9a; }
table[border="0"] { border: 0; }
table[border] > tbody > tr > td, table[border] > tbody > tr > th, table[border] > thead > tr > td,
table[border] > thead > tr > th { border: 1px solid #9a9a9a; }
table[border="0"] > tbody > tr > td, table[border="0"] > tbody > tr > th, table[border="0"] > thead > tr > td,
table[border="0"] > thead > tr > th { border: 0; }
p { margin: 1em 0; }
blockquote, figure { margin: 1em 40px; }
dl { margin: 1em 0; }
dd { margin-left: 40px; }
ul, ol { margin: 1em 0; padding-left: 40px; }
ul { list-style-type: disc; }
ol { list-style-type: decimal; }
ul ul, ul ol, ol ul, ol ol { margin-top: 0; margin-bottom: 0; }
ul ul, ol ul { list-style-type: circle; }
ul ul ul, ul ol ul, ol ul ul, ol ol ul { list-style-type: square; }
h1 { font-size: 2em; font-weight: bold; margin: 0.67em 0; }
h2 { font-size: 1.5em; font-weight: bold; margin: 0.83em 0; }
h3 { font-size: 1.17em; font-weight: bold; margin: 1em 0; }
h4 { font-weight: bold; margin: 1.33em 0; }
h5 { font-size: 0.83em; font-weight: bold; margin: 1.67em 0; }
h6 { font-size: 0.67em; font-weight: bold; margin: 2.33em 0; }
hr { border: 1px solid #9a9a9a; margin: 8px auto; }
b, strong { font-weight: bold; }
address, cite, dfn, em, i, var { font-style: italic; }
code, kbd, pre, samp, tt { font-family: monospace; font-size: 13px; }
pre code, pre kbd, pre samp, pre tt, h1 code, h2 code, h3 code { font-size: 1em; }
pre { white-space: pre; margin: 1em 0; }
big { font-size: 1.17em; }
sub, sup { display: inline-block; }
small, sub, sup { font-size: 0.83em; }
sub { vertical-align: text-bottom; }
sup { vertical-align: text-top; }
s, strike, del { text-decoration: line-through; }
u, ins { text-decoration: underline; }
mark { background-color: #ffff00; }
a[href] { color: #0000ee; text-decoration: underline; }
[dir=rtl] { direction: rtl; text-align: right; }
[dir=ltr] { direction: ltr; text-align: left; }
[align=left] { text-align: left; }
[align=right] { text-align: right; }
[align=center] { text-align: center; }
table[align=left], img[align=left] { float: left; text-align: left; }
table[align=right], img[align=right] { float: right; text-align: left; }
table[align=center] { margin-left: auto; margin-right: auto; text-align: left; }
)";

} // namespace glasspost::ui
