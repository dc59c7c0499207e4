// What is read of a message's page, in a script world of our own: scripts of the message do not run at all. Lengths are
// CSS pixels, places are from the top left corner of all there is; [left, top, width, height].
"use strict";

var mostTexts = 200000; // of Page::items
var mark; // see show()

// How far the page reaches to the left of where it begins, one that is read from the right.
function leftEdge() {
    const root = document.documentElement;
    return getComputedStyle(root).direction === "rtl" ? root.clientWidth - root.scrollWidth : 0;
}

function placeOf(rect) {
    const across = scrollX - leftEdge(), left = Math.round(rect.left + across), top = Math.round(rect.top + scrollY);
    return [left, top, Math.round(rect.right + across) - left, Math.round(rect.bottom + scrollY) - top];
}

function seen(rects) {
    return [...rects].filter(rect => rect.width > 0 && rect.height > 0);
}

function blockOf(element) {
    while (element.parentElement && getComputedStyle(element).display.startsWith("inline"))
        element = element.parentElement;
    return element;
}

class Texts {
    fonts = [];
    texts = []; // [place, text, number of its font, whether it goes on where the last one ends]
    #known = new Map(); // by the element that a text is in, and fonts by their words
    #block = null; // of the last text, unless a line was ended since
    #isBlank = false; // a blank was left out since, at the end of a line
    #range = document.createRange();

    add(node) {
        const look = this.#lookOf(node.parentElement);
        const pieces = look.keepsLines ? /\n|[ \t\r\f]+|[^ \t\r\f\n]+/g : /[ \t\r\f\n]+|[^ \t\r\f\n]+/g;
        for (const piece of look.isVisible ? node.data.matchAll(pieces) : []) {
            if (look.keepsLines && piece[0] === "\n")
                this.endLine();
            else
                this.#addPiece(node, piece.index, piece.index + piece[0].length, look);
        }
    }

    endLine() {
        this.#block = null;
    }

    #lookOf(element) {
        if (!this.#known.has(element)) {
            const style = getComputedStyle(element);
            const font = [style.fontFamily, parseFloat(style.fontSize), Number(style.fontWeight), style.fontStyle !== "normal"];
            const words = font.join("|");
            if (!this.#known.has(words))
                this.#known.set(words, this.fonts.push(font) - 1);
            this.#known.set(element, {font: this.#known.get(words), isVisible: style.visibility === "visible",
                keepsLines: style.whiteSpace.startsWith("pre"), block: blockOf(element)});
        }
        return this.#known.get(element);
    }

    // In as many parts as it has lines.
    #addPiece(node, from, to, look) {
        this.#range.setStart(node, from);
        this.#range.setEnd(node, to);
        const rects = seen(this.#range.getClientRects()), text = node.data.slice(from, to);
        if (rects.length === 0 || this.texts.length >= mostTexts) {
            this.#isBlank = true;
            return;
        }
        const isOneLine = rects.every(rect => rect.top < rects[0].bottom && rects[0].top < rect.bottom);
        if (!isOneLine && to - from > 1) {
            const middle = (from + to) >> 1;
            this.#addPiece(node, from, middle, look);
            this.#addPiece(node, middle, to, look);
            return;
        }
        const place = placeOf(this.#range.getBoundingClientRect());
        this.#push(place, /[^ \t\r\f\n]/.test(text) || look.keepsLines ? text : " ", look);
    }

    #push(place, text, look) {
        const goesOn = this.#block === look.block;
        if (goesOn && this.#isBlank && text !== " ") {
            const [[left, top, width, height], words] = this.texts[this.texts.length - 1];
            if (words !== " ")
                this.texts.push([[left + width, top, 0, height], " ", look.font, true]);
        }
        this.texts.push([place, text, look.font, goesOn]);
        this.#block = look.block;
        this.#isBlank = false;
    }
}

function textsOf(root) {
    const texts = new Texts(), nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (nodes.nextNode()) {
        if (nodes.currentNode.nodeType === Node.TEXT_NODE)
            texts.add(nodes.currentNode);
        else if (nodes.currentNode.tagName === "BR")
            texts.endLine();
    }
    return texts;
}

// Its words, its pictures, and what in it is a box.
function linkOf(anchor) {
    const boxes = [...anchor.querySelectorAll("*")].filter(
        element => element.tagName === "IMG" || getComputedStyle(element).display !== "inline");
    const rects = [anchor, ...boxes].flatMap(element => seen(element.getClientRects()));
    return [anchor.getAttribute("href"), anchor.textContent.replace(/\s+/g, " ").trim().slice(0, 1000), rects.map(placeOf)];
}

// Where pictures are, in lines and behind words.
function picturesOf(root) {
    const isPicture = element => element.tagName === "IMG" ? element.naturalWidth > 0
        : getComputedStyle(element).backgroundImage.includes("url(");
    return [...root.querySelectorAll("*")].filter(isPicture).map(element => placeOf(element.getBoundingClientRect()));
}

function isClear(color) {
    return color === "transparent" || color.endsWith(", 0)");
}

function backgroundOf(root, body) {
    const color = [root, body].map(element => getComputedStyle(element).backgroundColor).find(one => !isClear(one));
    return (color || "rgb(255, 255, 255)").match(/\d+/g).slice(0, 3).map(Number);
}

// Null until the page is laid out for a window of that many device pixels, so many to a CSS pixel.
function read(width, scale) {
    if (Math.abs(devicePixelRatio - scale) > 0.01 || Math.abs(innerWidth * scale - width) > scale)
        return null;
    const root = document.documentElement, body = document.body;
    document.activeElement?.blur(); // a link that has the focus shows it
    for (const element of [root, body]) // a page is no higher than what is on it
        element.style.setProperty("height", "auto", "important");
    const {texts, fonts} = textsOf(body);
    const ends = [root, body, ...body.children].map(element => element.getBoundingClientRect().bottom + scrollY);
    const height = root.scrollHeight > innerHeight ? root.scrollHeight
        : texts.reduce((end, text) => Math.max(end, text[0][1] + text[0][3]), Math.ceil(Math.max(...ends)));
    return {size: [root.scrollWidth, height], background: backgroundOf(root, body), texts, fonts,
        links: [...body.querySelectorAll("a[href]")].map(linkOf), pictures: picturesOf(body)};
}

// Brings that place of the page, in device pixels, to the corner of the window, and says where the corner is then. The
// window's last line of pixels gets the color, so that whoever looks at it knows which place it shows.
function show(left, top, scale, color) {
    if (!mark) {
        const end = document.documentElement.appendChild(document.createElement("div"));
        end.style.cssText = "all:initial!important;position:absolute!important;width:1px!important;height:"
            + innerHeight + "px!important;left:0!important;top:" + document.documentElement.scrollHeight + "px!important";
        mark = document.documentElement.appendChild(document.createElement("div"));
    }
    mark.style.cssText = "all:initial!important;position:fixed!important;left:0!important;bottom:0!important;"
        + "width:100%!important;height:" + 1 / scale + "px!important;background:" + color + "!important";
    scrollTo({left: left / scale + leftEdge(), top: top / scale, behavior: "instant"});
    return [Math.round((scrollX - leftEdge()) * scale), Math.round(scrollY * scale)];
}
