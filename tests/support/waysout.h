#pragma once

// HTML that tries to reach a server or a file: the ideas of the lists that are published for sanitizers, in
// words of our own.

#include <QList>
#include <QString>

namespace glasspost::test {

struct WayOut
{
    const char *name;
    QString html;
};

/// None of them is a picture of a server in its place, which a person may allow.
inline QList<WayOut> waysOut(const QString &server)
{
    static const std::pair<const char *, const char16_t *> ways[] = {
        {"script",
            u"<script src=http://$/></script><script>fetch('http://$/')</script><script>new RTCPeerConnection"
            u"({iceServers:[{urls:'stun:$'}]})</script>"},
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
            u"<link rel=prefetch href=http://$/><link rel=dns-prefetch href=//$><link rel=preconnect href=//$"
            u"><link rel=icon href=http://$/><link rel=preload as=image href=http://$/><link rel=modulepreloa"
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
            u"<img src=file:///etc/hostname><a href=file:///etc/hostname>a</a><iframe src='data:text/html,<im"
            u"g src=http://$/>'></iframe><p style='background:url(file:///etc/hostname)'>b"},
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
        {"odd tags",
            u"<\u0130frame src=http://$/><a\x0b"
            u"href=http://$/><img/src=`http://$/`><<iframe src=http://$/"
            u">"},
    };
    QList<WayOut> all;
    for (const auto &[name, html] : ways)
        all.append({name, QString::fromUtf16(html).replace(u'$', server)});
    return all;
}

} // namespace glasspost::test
