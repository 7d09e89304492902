#!/usr/bin/env python3
"""Makes a man page out of a page of docs/: man_page.py NAME.SECTION PAGE.md VERSION > NAME.SECTION

A page's title is "`name`: what it is"; a code block right below is the synopsis; what follows up to the first heading is
the description. go-md2man does the rest. Man pages know no links, so a link becomes its text, and the name of the man
page that it leads to. A table becomes a list of terms.
"""
import datetime
import os
import pathlib
import re
import subprocess
import sys

VOLUMES = {"1": "User commands", "3": "Library functions", "5": "File formats", "7": "Miscellaneous"}
SHARED_OPTIONS = "#options-that-all-users-of-a-lock-must-agree-on"
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def man_pages():
    """The list of pages: man page -> path below docs/."""
    lines = (ROOT / "cmake/manual/man_pages.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


def bold(code):
    """Code in prose is bold: constant width means nothing on a terminal."""
    return "**" + re.sub(r"([\\`*_{}\[\]<>#~|])", r"\\\1", code.replace(r"\|", "|")) + "**"


def link_text(text, target, page, in_brackets):
    name = target.partition("#")[0]
    by_path = {path: man for man, path in man_pages().items()}
    if target.startswith(("http:", "https:")):
        return f"{text} ⟨{target}⟩"
    place = os.path.normpath(page.parent.relative_to(ROOT / "docs") / name) if name else None
    if place not in by_path:
        return text
    man, _, section = by_path[place].rpartition(".")
    reference = f"{bold(man)}({section})"
    if text == man.replace("-", " "):
        return reference
    return f"{text}, {reference}" if in_brackets else f"{text} ({reference})"


def inline(line, page):
    spans = []

    def keep(match):
        spans.append(bold(match[1]))
        return f"\0{len(spans) - 1}\0"

    line = re.sub(r"`([^`]+)`", keep, line)
    line = re.sub(r"!\[([^\]]*)\]\([^)\s]+\)", "", line)
    line = re.sub(r"\0(\d+)\0", lambda m: spans[int(m[1])], line)
    return re.sub(r"(\(?)\[((?:\\.|[^\]\\])*)\]\(([^)\s]+)\)",
                  lambda m: m[1] + link_text(m[2], m[3], page, bool(m[1])), line)


def heading(line):
    """One level up, since the title is none of its own; in capitals, but for code."""
    words = line.lstrip("# ")
    if not line.startswith("## "):
        return "## " + words.replace("`", "")
    return "# " + re.sub(r"`([^`]*)`|[^`]+", lambda m: m[1] or m[0].upper(), words)


def cells(row):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip()[1:-1])]


def table(rows, page):
    """A list of terms, for a terminal is too narrow for columns of prose: the first column, and what the others say of
    it, each with its heading unless that is plain."""
    headings, lines, term = cells(rows[0])[1:], [], ""
    for row in rows[2:]:
        first, *others = (inline(cell, page) for cell in cells(row))
        term = first or term
        plain = len(others) == 1
        said = [other if plain or name in ("", "meaning") else f"*{inline(name, page)}*: {other}"
                for name, other in zip(headings, others) if other]
        lines += [option_term(term if "*" in term else f"**{term}**"), ": " + "; ".join(said), ""]
    return lines


def option_term(term):
    """The argument of an option is set apart: **--timeout TIME** is **--timeout** *TIME*."""
    return re.sub(r"\*\*(-[\w-]+) (\w+)\*\*", r"**\1** *\2*", term)


def shared_options():
    text = (ROOT / "docs/command_line.md").read_text(encoding="utf-8")
    section = text.split("## Options that all users of a lock must agree on", 1)[1].split("\n## ", 1)[0]
    return [line for line in section.splitlines() if line.startswith("|")]


def body(lines, page):
    """The Markdown of the page's text as go-md2man shall have it."""
    out, rows, fenced, shared = [], [], False, False
    for line in lines + [""]:
        if not fenced and line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            out += table(rows, page)
            rows = []
        if line.lstrip().startswith("```"):
            fenced = not fenced
            out.append("```")
        elif fenced:
            out.append(line)
        elif line.startswith("#"):
            out.append(heading(line))
        elif line.startswith("<!--"):
            continue
        else:
            shared = shared or (SHARED_OPTIONS in line and page.parent.name == "command_line")
            out.append(inline(line, page))
        if shared and not line:
            out += table(shared_options(), page)
            shared = False
    return out


def markdown(name, section, page, version):
    text = page.read_text(encoding="utf-8")
    lines = re.sub(r"\[([^\]\n]*)\n([^\]\n]*)\]\(", r"[\1 \2](", text).splitlines()
    title = lines[0].lstrip("# ")
    about = title.partition(": ")[2] or title
    first = next((i for i, line in enumerate(lines) if line.startswith("## ")), len(lines))
    start = lines[1:first]
    while start and not start[0]:
        start.pop(0)
    synopsis = []
    if start and start[0].startswith("```"):
        end = start.index("```", 1)
        synopsis, start = ["# SYNOPSIS", ""] + start[:end + 1] + [""], start[end + 1:]
    stamp = float(os.environ.get("SOURCE_DATE_EPOCH") or page.stat().st_mtime)
    date = datetime.datetime.fromtimestamp(stamp, datetime.timezone.utc).date()
    head = [f'% {name} {section} "{date}" "leaselock {version}" "{VOLUMES[section]}"', "", "# NAME", "",
            f"{name} - {inline(about[0].lower() + about[1:], page)}", ""]
    description = body(start, page)
    if any(description):
        description = ["# DESCRIPTION", ""] + description
    others = ", ".join(f"{bold(other.rpartition('.')[0])}({other.rpartition('.')[2]})" for other in man_pages()
                       if other != f"{name}.{section}")
    return "\n".join(head + synopsis + description + body(lines[first:], page) + ["# SEE ALSO", "", others, ""])


def roff(text):
    made = subprocess.run(["go-md2man"], input=text, capture_output=True, check=True, text=True).stdout
    # A heading begins a paragraph by itself, and a second macro for that is what the checkers of man pages complain of.
    made = re.sub(r"^(\.S[HS] .*\n)(?:\.PP\n|\n)+", r"\1", made, flags=re.M)
    # Constant width, which not every formatter knows; what is bold stays bold.
    made = made.replace(r"\fC", "").replace("\n\n.fi", "\n.fi")
    # Nor do they like empty lines, but for those in code.
    parts = re.split(r"(^\.nf$.*?^\.fi$)", made, flags=re.M | re.S)
    return "".join(part if part.startswith(".nf") else re.sub(r"\n{2,}", "\n", part) for part in parts)


if __name__ == "__main__":
    man, source, version = sys.argv[1:]
    name, _, section = man.rpartition(".")
    sys.stdout.write(roff(markdown(name, section, pathlib.Path(source).resolve(), version)))
