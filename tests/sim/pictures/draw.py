#!/usr/bin/env python3
"""Draws what leaselock_scenes prints: draw.py LEASELOCK_SCENES DIRECTORY [--check]

One picture for each scene, DIRECTORY/NAME.svg, for light and dark pages. With --check nothing is written, and the
pictures that are there must be those that would be drawn.
"""
import html
import pathlib
import re
import subprocess
import sys

import words

STYLE = """
  text { font: 13px "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; }
  .title { font-size: 16px; } .code { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12px; }
  .page { fill: #ffffff; } .ink { fill: #1f2933; } .soft { fill: #64748b; } .no { fill: #c81e1e; }
  .life { stroke: #94a3b8; stroke-dasharray: 3 4; } .hold { fill: #2563eb; fill-opacity: .85; }
  .change { stroke: #1f2933; } .look { stroke: #94a3b8; } .refused { stroke: #c81e1e; } .box { fill: #eef2f7; }
  .pause { stroke: #d97706; stroke-dasharray: 6 4; } .paused { fill: #b45309; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0f172a; } .ink { fill: #e2e8f0; } .soft { fill: #94a3b8; } .no { fill: #f87171; }
    .life { stroke: #475569; } .hold { fill: #60a5fa; } .change { stroke: #e2e8f0; } .look { stroke: #64748b; }
    .refused { stroke: #f87171; } .box { fill: #1e293b; } .pause { stroke: #fbbf24; } .paused { fill: #fbbf24; }
  }
"""
MARGIN, COLUMN, GAP, REPLY, TOP, ROW = 70, 110, 400, 130, 92, 30


class Picture:
    def __init__(self, name, title, numbers):
        self.name, self.title = name, title
        self.actors, self.marks, self.rows, self.held, self.bars = [], [], 0, {}, []
        self.looks = []  # what one process looked at since its last change: one arrow
        self.words = words.Words(self.actors, numbers)

    @property
    def server(self):
        return MARGIN + COLUMN * (len(self.actors) - 1) + GAP

    @property
    def width(self):
        return self.server + REPLY

    def y(self):
        return TOP + ROW * self.rows

    def x(self, who):
        return MARGIN + COLUMN * int(who)

    def text(self, x, y, text, kind="ink", anchor="start"):
        self.marks.append(f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{html.escape(text)}</text>')

    def line(self, x1, x2, y, kind):
        self.marks.append(f'<line class="{kind}" x1="{x1}" x2="{x2}" y1="{y}" y2="{y}" stroke-width="1.5"/>')

    def pill(self, who, text, kind):
        y, half = self.y(), 8 + 3.9 * len(text)
        x = max(self.x(who), round(half) + 6)  # all of it on the page
        self.marks.append(f'<rect class="box" x="{x - half:.0f}" y="{y - 13}" width="{2 * half:.0f}" height="19" rx="9"/>')
        self.text(x, y + 1, text, kind, "middle")
        self.rows += 1

    def request(self, who, request, error):
        said = self.words.request(request, error)
        if said.changes:
            self.arrow(who, said)
        else:
            self.looks.append((who, said.text))

    def show_looks(self):
        if self.looks:
            who, seen = self.looks[0][0], dict.fromkeys(text for _, text in self.looks)
            self.looks = []
            self.arrow(who, words.Said(", ".join(seen), "", False, False))

    def arrow(self, who, said):
        y, kind = self.y() + 8, "refused" if said.refused else "change" if said.changes else "look"
        start, end = self.x(who) + (4 if who in self.held else 0), self.server - 2
        self.line(start, end, y, kind)
        self.marks.append(f'<path class="{kind}" fill="none" d="M{end - 7} {y - 4}L{end} {y}L{end - 7} {y + 4}" '
                          'stroke-width="1.5"/>')
        self.text(end - 12, y - 5, said.text, "code ink" if said.changes else "code soft", "end")
        self.text(end + 12, y + 4, said.reply, "code no" if said.refused else "code soft")
        self.rows += 1

    def pass_time(self, length, why):
        y = self.y() + 2
        self.line(24, self.width - 24, y, "pause")
        self.text(self.server - 14, y - 5, f"{float(length.rstrip('s')):g} s: {why}", "paused", "end")
        self.rows += 1

    def take(self, kind, fields):
        if kind != "request" or (self.looks and (self.looks[0][0] != fields[0] or self.words.changes(fields[1]))):
            self.show_looks()
        if kind == "actor":
            self.actors.append(fields[1])
        elif kind == "begins":
            self.pill(fields[0], fields[1], "code ink")
        elif kind == "remark":
            self.pill(fields[0], fields[1], "paused")
        elif kind == "passes":
            self.pass_time(*fields)
        elif kind == "request":
            self.request(*fields)
        elif kind == "holds":
            self.held[fields[0]] = self.y() - 22
        elif kind == "ends":
            begin = self.held.pop(fields[0])
            if self.y() - 22 > begin:
                self.bars.append((fields[0], begin, self.y() - 22))

    def svg(self):
        self.show_looks()
        bottom = self.y() + 6
        bars = self.bars + [(who, begin, bottom) for who, begin in self.held.items()]
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {bottom + 16}" width="{self.width}" '
                 f'height="{bottom + 16}" role="img" aria-label="{html.escape(self.title)}">', f"<style>{STYLE}</style>",
                 f'<rect class="page" width="{self.width}" height="{bottom + 16}" rx="10"/>',
                 f'<text class="ink title" x="24" y="32">{html.escape(self.title)}</text>']
        names = [(self.x(who), name) for who, name in enumerate(self.actors)] + [(self.server, "file server")]
        for x, name in names:
            parts.append(f'<text class="ink" x="{x}" y="62" text-anchor="middle">{html.escape(name)}</text>')
            parts.append(f'<line class="life" x1="{x}" x2="{x}" y1="70" y2="{bottom}"/>')
        for who, begin, end in bars:
            parts.append(f'<rect class="hold" x="{self.x(who) - 4}" y="{begin}" width="8" height="{max(end - begin, 4)}" '
                         'rx="3"/>')
        return "\n".join(parts + self.marks + ["</svg>", ""])


def pictures_of(text):
    for scene in re.split(r"^scene\t", text, flags=re.M)[1:]:
        title, *lines = scene.splitlines()
        picture = Picture(*title.split("\t"), set(re.findall(r"\bb\|0\|([1-9]\d+)\|", scene)))
        for line in lines:
            kind, *fields = line.split("\t")
            picture.take(kind, fields)
        yield picture


def main(scenes, directory, check):
    wrong = 0
    for picture in pictures_of(subprocess.run([scenes], capture_output=True, text=True, check=True).stdout):
        path = directory / f"{picture.name}.svg"
        drawn = picture.svg()
        if not check:
            path.write_text(drawn, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != drawn:
            print(f"{path} is not what the protocol does any more; draw it anew: ninja draw_pictures, and look at it")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:] == ["--check"]))
