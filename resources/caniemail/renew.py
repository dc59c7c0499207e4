#!/usr/bin/env python3
"""Renews resources/caniemail/caniemail.json from the data of caniemail.com, as the npm package "caniemail" brings it:

    npm pack caniemail && tar xzf caniemail-*.tgz
    resources/caniemail/renew.py package/data/caniemail.json > resources/caniemail/caniemail.json

The table keeps what the checks need: of each feature the marks by which they recognize it in HTML (see MARKS), and what each client
does with it. A feature for which no mark is known is left out and named on standard error: give it one here."""

import json
import re
import sys

SOURCE = "https://www.caniemail.com/, by the npm package caniemail"
LICENCE = "MIT, resources/caniemail/LICENSE"

# The marks of a feature, as mail/checks/featuremarks.h writes them, where its slug and title do not say them.
MARKS = {
    "css-animation": ["property animation", "property animation-name"],
    "css-at-media-device-pixel-ratio": ["media -webkit-device-pixel-ratio", "media -webkit-min-device-pixel-ratio"],
    "css-at-media-hover": ["media hover", "media any-hover"],
    "css-background-color": ["property background-color", "attribute bgcolor"],
    "css-block-inline-size": ["property block-size", "property inline-size"],
    "css-border-inline-block": ["property border-inline", "property border-block"],
    "css-border-inline-block-individual": [f"property border-{side}-{end}" for side in ("inline", "block") for end in ("start", "end")],
    "css-border-inline-block-longhand": [f"property border-{side}-{what}" for side in ("inline", "block")
                                         for what in ("width", "style", "color")],
    "css-border-radius-logical": [f"property border-{a}-{b}-radius" for a in ("start", "end") for b in ("start", "end")],
    "css-color-scheme": ["property color-scheme"],
    "css-column-layout-properties": ["property columns", "property column-width", "property column-rule", "property column-fill",
                                     "property column-span"],
    "css-conic-gradient": ["function conic-gradient"],
    "css-flex-direction": ["value flex-direction:column"],
    "css-flex-wrap": ["value flex-wrap:wrap"],
    "css-font": ["property font"],
    "css-gap": ["property gap", "property column-gap", "property row-gap"],
    "css-grid-template": ["property grid-template", "property grid-template-columns", "property grid-template-rows",
                          "property grid-template-areas"],
    "css-important": ["important"],
    "css-inline-size": [],
    "css-intrinsic-size": ["keyword fit-content", "keyword min-content", "keyword max-content"],
    "css-left-right-top-bottom": ["property left", "property right", "property top", "property bottom"],
    "css-margin-block-start-end": ["property margin-block-start", "property margin-block-end"],
    "css-margin-inline-block": ["property margin-inline", "property margin-block"],
    "css-margin-inline-start-end": ["property margin-inline-start", "property margin-inline-end"],
    "css-modern-color": ["function lch", "function oklch", "function lab", "function oklab"],
    "css-nesting": ["nesting"],
    "css-padding-block-start-end": ["property padding-block-start", "property padding-block-end"],
    "css-padding-inline-block": ["property padding-inline", "property padding-block"],
    "css-padding-inline-start-end": ["property padding-inline-start", "property padding-inline-end"],
    "css-scroll-snap": ["property scroll-snap-type", "property scroll-snap-align"],
    "css-sytem-ui": ["keyword system-ui", "keyword ui-serif", "keyword ui-sans-serif", "keyword ui-rounded", "keyword ui-monospace"],
    "css-unit-calc": ["function calc"],
    "css-unit-initial": ["keyword initial"],
    "css-unit-percent": ["unit %"],
    "css-variables": ["variable", "function var"],
    "css-comments": ["comment css"],
    "css-font-size": ["property font-size"],
    "html-anchor-links": ["link #"],
    "html-mailto-links": ["link mailto"],
    "html-button-reset": ["type button=reset"],
    "html-button-submit": ["type button=submit"],
    "html-comments": ["comment html"],
    "html-doctype": ["doctype html"],
    "html-h1-h6": [f"element h{level}" for level in range(1, 7)],
    "html-image-maps": ["element map"],
    "html-lists": ["element ul", "element ol", "element dl"],
    "html-meta-color-scheme": ["meta color-scheme"],
    "html-object": ["element object", "element embed"],
    "html-semantics": [f"element {name}" for name in ("article", "aside", "details", "figcaption", "figure", "footer", "header", "main",
                                                      "mark", "nav", "section", "summary", "time")],
    "html-srcset": ["attribute srcset", "attribute sizes"],
    "html-svg": ["element svg"],
    "html-address": ["element address"],
    "image-apng": ["image apng"],
    "image-base64": ["image data"],
    "image-jpg": ["image jpg", "image jpeg"],
    "image-heif": ["image heif", "image heic"],
    "image-tiff": ["image tif", "image tiff"],
    "amp": ["attribute amp4email", "attribute \u26a14email"],
    "bimi": [],  # a record of the sender's domain, not a feature of the message
}
SELECTORS = {"adjacent-sibling": "+", "attribute": "[]", "chaining": "chaining", "child": ">", "class": "class", "descendant": "descendant",
             "general-sibling": "~", "grouping": ",", "id": "id", "type": "type", "universal": "*"}


def marks_of(feature):
    slug, title = feature["slug"], feature["title"].strip()
    if slug in MARKS:
        return MARKS[slug]
    for prefix, mark in (("css-pseudo-class-", "pseudo "), ("css-pseudo-element-", "pseudo "), ("css-at-media-", "media "),
                         ("css-at-", "at "), ("css-function-", "function "), ("css-unit-", "unit "), ("image-", "image ")):
        if slug.startswith(prefix):
            return [mark + slug.removeprefix(prefix)]
    if slug.startswith("css-selector-"):
        return ["selector " + SELECTORS[slug.removeprefix("css-selector-")]]
    if found := re.fullmatch(r"([a-z-]+): ?([a-z-]+)", title):
        return [f"value {found[1]}:{found[2]}"]
    if found := re.fullmatch(r"([a-z-]+)\(\)", title):
        return ["function " + found[1]]
    if slug.startswith("css-") and (found := re.fullmatch(r"([a-z-]+)(?: property| shorthand)?", title)):
        return ["property " + found[1]]
    if found := re.fullmatch(r'<(\w+) type="(\w+)"> element', title):
        return [f"type {found[1]}={found[2]}"]
    if found := re.fullmatch(r"<(\w+)>(?: element)?", title):
        return ["element " + found[1]]
    if found := re.fullmatch(r"([a-z-]+) attribute", title):
        return ["attribute " + found[1]]
    return None


def support_of(feature, clients):
    """By the clients' order: "2020-04 y, 2022-02 a 1": a version, whether it supports the feature (y, n, a for in part, u for
    unknown), the numbers of notes."""
    column = []
    for client in clients:
        family, platform = client.split("/")
        versions = feature["stats"].get(family, {}).get(platform, {})
        column.append(", ".join(f"{version} {support.replace('#', '')}".rstrip() for version, support in versions.items()))
    return column


def main(path):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    clients = sorted({f"{family}/{platform}" for feature in data["data"] for family, platforms in feature["stats"].items()
                      for platform in platforms})
    head = {"source": SOURCE, "licence": LICENCE, "date": data["last_update_date"][:10], "families": data["nicenames"]["family"],
            "platforms": data["nicenames"]["platform"], "clients": clients}
    lines = []
    for feature in data["data"]:
        marks = marks_of(feature)
        if marks is None:
            print(f"no mark: {feature['slug']} ({feature['title']})", file=sys.stderr)
        if not marks:
            continue
        row = {"slug": feature["slug"], "title": feature["title"].strip(), "category": feature["category"], "tags": feature["tags"],
               "marks": marks, "support": support_of(feature, clients)}
        if feature["description"]:
            row["description"] = feature["description"]
        if feature["notes_by_num"]:
            row["notes"] = feature["notes_by_num"]
        lines.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    print(json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "features": [\n' + ",\n".join(lines) + "\n]}")


if __name__ == "__main__":
    main(sys.argv[1])
