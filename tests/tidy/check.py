#!/usr/bin/env python3
"""Checks the shape of the source tree: include directions, banned calls, orphan files, file length, dead references.

Usage: check.py ROOT. Prints one line per finding and ends with status 1 when there is any.
"""
import pathlib
import re
import sys

import rules

SOURCE = {".cpp", ".hpp"}


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.findings = []

    def complain(self, path, line, text):
        self.findings.append(f"{path}:{line}: {text}")

    def sources(self):
        for folder in rules.SOURCE_FOLDERS:
            for path in sorted((self.root / folder).rglob("*")):
                if path.suffix in SOURCE:
                    yield path.relative_to(self.root).as_posix(), path.read_text(encoding="utf-8")

    def documents(self):
        for pattern in rules.DOCUMENTS:
            for path in sorted(self.root.glob(pattern)):
                yield path.relative_to(self.root).as_posix(), path.read_text(encoding="utf-8")


def without_comments(text):
    """Comments blanked, line numbers kept, string literals left alone."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"'
    return re.sub(pattern, lambda m: m[0] if m[0][0] == '"' else re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)


def allowed_includes(path):
    for folder, allowed in rules.INCLUDES:
        if path.startswith(folder):
            return folder, allowed
    return None


def may_include(tree, path, quoted, name, folder, allowed):
    if re.fullmatch(rules.OS_HEADERS, name):
        return "OS" in allowed
    if any(name.startswith(prefix) for prefix in allowed):
        return True
    if not quoted:
        return "/" not in name and not name.endswith(".h")
    places = [word.removeprefix("FROM ") for word in allowed if word.startswith("FROM ")]
    if "BESIDE" in allowed and "/" not in name:
        places.append(pathlib.PurePosixPath(path).parent.as_posix())
    if "OWN" in allowed:
        places += [folder, pathlib.PurePosixPath(path).parent.as_posix()]
    return any((tree.root / place / name).is_file() for place in places)


def check_includes(tree):
    for path, text in tree.sources():
        rule = allowed_includes(path)
        for number, line in enumerate(text.splitlines(), 1):
            found = re.match(r'\s*#\s*include\s*([<"])([^">]+)[">]', line)
            if not found:
                continue
            if rule is None:
                tree.complain(path, number, "no include rule for this folder; add one to tests/tidy/rules.py")
                break
            if not may_include(tree, path, found[1] == '"', found[2], *rule):
                tree.complain(path, number, f"may not include {found[2]}: dependencies point inward (see rules.py)")


def check_banned_calls(tree):
    for path, text in tree.sources():
        if not path.startswith(rules.BANNED_OUTSIDE) or path.startswith(rules.BANNED_EXEMPT):
            continue
        for number, line in enumerate(without_comments(text).splitlines(), 1):
            for pattern, instead in rules.BANNED:
                found = re.search(pattern, line)
                if found and (path, found[0]) not in rules.BANNED_ALLOWED:
                    tree.complain(path, number, f"{found[0].strip()} asks the world directly; use {instead}")


def listed_sources(tree):
    """Every .cpp that a CMakeLists.txt names; `${name}_test.cpp` stands for each word of that file put in its place."""
    listed = set()
    for path in sorted(tree.root.rglob("CMakeLists.txt")):
        folder = path.parent.relative_to(tree.root)
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"(?:\$\{\w+\})?[\w./-]+\.cpp", text):
            variable, _, rest = name.rpartition("}")
            fillings = set(re.findall(r"\w+", text)) if variable else [""]
            listed.update(resolve((folder / (filling + rest)).as_posix()).as_posix() for filling in fillings)
    return listed


def check_orphans(tree):
    listed = listed_sources(tree)
    included = set()
    everything = list(tree.sources())
    for _, text in everything:
        included.update(name.rsplit("/", 1)[-1] for name in re.findall(r'#\s*include\s*["<]([^">]+)[">]', text))
    for path, _ in everything:
        if path.endswith(".cpp") and path not in listed:
            tree.complain(path, 1, "is in no CMakeLists.txt, so nothing builds it")
        if path.endswith(".hpp") and path.rsplit("/", 1)[-1] not in included:
            tree.complain(path, 1, "is included by nothing")


def resolve(path):
    parts = []
    for part in pathlib.PurePosixPath(path).parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return pathlib.PurePosixPath(*parts)


def check_length(tree):
    for path, text in tree.sources():
        lines = text.count("\n")
        if lines > rules.LONGEST_FILE and path not in rules.LONG_FILES_ALLOWED:
            tree.complain(path, lines, f"has {lines} lines; {rules.LONGEST_FILE} is the limit: one concept a file")


def anchor_of(heading):
    text = re.sub(r"[`*]", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def check_links(tree):
    anchors = {}
    for path, text in tree.documents():
        anchors[path] = {anchor_of(heading) for heading in re.findall(r"^#+ +(.*)$", text, flags=re.M)}
    for path, text in tree.documents():
        prose = re.sub(r"```.*?```", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)
        for number, line in enumerate(prose.splitlines(), 1):
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                check_link(tree, anchors, path, number, target)
            for name in re.findall(r"`((?:include|lib|tools|tests|scripts|docs|cmake|bench)/[\w./-]*)`", line):
                if not (tree.root / name).exists():
                    tree.complain(path, number, f"names {name}, which does not exist")


def check_unlinked_pages(tree):
    documents = list(tree.documents())
    targets = [target for _, text in documents for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    linked = {target.partition("#")[0].rsplit("/", 1)[-1] for target in targets}
    for path, _ in documents:
        if path.startswith("docs/") and path.rsplit("/", 1)[-1] not in linked:
            tree.complain(path, 1, "is a page that nothing links to")


def check_link(tree, anchors, path, number, target):
    if re.match(r"[a-z]+:", target):
        return
    name, _, anchor = target.partition("#")
    place = (tree.root / path).parent / name if name else tree.root / path
    if not place.exists():
        tree.complain(path, number, f"links to {target}, which does not exist")
        return
    known = anchors.get(place.resolve().relative_to(tree.root).as_posix())
    if anchor and known is not None and anchor not in known:
        tree.complain(path, number, f"links to {target}, but there is no such heading")


def check_identifiers(tree):
    """A qualified name of ours in a document must exist in the public headers."""
    headers = "\n".join(text for path, text in tree.sources() if path.startswith("include/"))
    if not headers:
        return
    types = set(re.findall(r"^\s*(?:class|struct|enum class)(?: LEASELOCK_API)? (\w+)\b(?!::)", headers, flags=re.M))
    scopes = "|".join(sorted({"leaselock"} | types))
    for path, text in tree.documents():
        for number, line in enumerate(text.splitlines(), 1):
            for scope, name in re.findall(rf"\b({scopes})::(\w+)", line):
                if not re.search(rf"\b{name}\b", headers) and name != "leaselock":
                    tree.complain(path, number, f"names {scope}::{name}, which is in no public header")


def check_section_numbers(tree):
    """A comment that cites protocol.md 5.2 must find that heading in docs/protocol.md."""
    protocol = tree.root / "docs/protocol.md"
    if not protocol.exists():
        return
    sections = set(re.findall(r"^#+ +(\d+(?:\.\d+)*)\b", protocol.read_text(encoding="utf-8"), flags=re.M))
    for path, text in tree.sources():
        for number, line in enumerate(text.splitlines(), 1):
            for tail in re.findall(r"protocol\.md,? (?:sections? )?([\d., and]+)", line):
                for cited in re.findall(r"\d+(?:\.\d+)*", tail):
                    if cited not in sections:
                        tree.complain(path, number, f"cites protocol.md {cited}, a section that does not exist")


CHECKS = [check_includes, check_banned_calls, check_orphans, check_length, check_links, check_unlinked_pages,
          check_identifiers, check_section_numbers]


def findings_of(root):
    tree = Tree(root)
    for check in CHECKS:
        check(tree)
    return tree.findings


if __name__ == "__main__":
    found = findings_of(sys.argv[1])
    print("\n".join(found) if found else "The tree is tidy.")
    sys.exit(1 if found else 0)
