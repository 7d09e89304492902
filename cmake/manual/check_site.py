#!/usr/bin/env python3
"""Checks the built site: check_site.py DIRECTORY. Every link within it must lead somewhere, headings included, and no page
may load anything from another host."""
import html.parser
import pathlib
import re
import sys
import urllib.parse

LOADS = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src")}


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.anchors, self.links, self.loads = set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("id", "name"):
                self.anchors.add(value)
            if (tag, name) in LOADS and dict(attributes).get("rel") != "canonical":
                self.loads.append(value or "")
            elif (tag, name) == ("a", "href"):
                self.links.append(value or "")


def problems(root):
    pages = {path: Page(path) for path in sorted(root.rglob("*.html")) if path.name != "404.html"}
    for path, page in pages.items():
        for target in page.loads + page.links:
            parts = urllib.parse.urlsplit(target)
            if parts.scheme in ("data", "javascript"):
                continue
            if parts.scheme or parts.netloc:
                if target in page.loads:
                    yield f"{path}: loads {target}"
                continue
            place = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            anchor = urllib.parse.unquote(parts.fragment)
            if not place.is_file():
                yield f"{path}: {target} does not exist"
            elif anchor and place in pages and "/api/" not in str(place) and anchor not in pages[place].anchors:
                yield f"{path}: {target} has no such heading"
    for path in sorted(root.rglob("*.css")):
        for target in re.findall(r"url\(['\"]?(https?:[^)]*)\)", path.read_text(encoding="utf-8")):
            yield f"{path}: loads {target}"


if __name__ == "__main__":
    found = list(problems(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(found) if found else "docs: every link leads somewhere, and nothing is loaded from elsewhere.")
    sys.exit(1 if found else 0)
