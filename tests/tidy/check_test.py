#!/usr/bin/env python3
"""Each rule of check.py finds what it is there to find: a small tree is made with one fault at a time."""
import pathlib
import tempfile
import unittest

import check

LOCK = '#include "leaselock/lock.hpp"\n'
SOUND = {
    "include/leaselock/lock.hpp": "#include <chrono>\n#include \"leaselock/error.hpp\"\nclass Lock {};\n",
    "include/leaselock/error.hpp": "enum class Errc { lost };\n",
    "lib/CMakeLists.txt": "add_library(x lock.cpp protocol/names.cpp)\n",
    "lib/lock.cpp": LOCK,
    "lib/protocol/names.cpp": "#include <string>\n// See protocol.md 5.2.\n",
    "docs/protocol.md": "# Protocol\n## 5 Steps\n### 5.2 lock\n",
    "README.md": "See [steps](docs/protocol.md#52-lock) and `Errc::lost`.\n",
}


class CheckTest(unittest.TestCase):
    def findings(self, changes=None):
        with tempfile.TemporaryDirectory() as root:
            for name, text in {**SOUND, **(changes or {})}.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return check.findings_of(root)

    def assert_finds(self, name, text, words):
        found = self.findings({name: text})
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_a_sound_tree_has_no_findings(self):
        self.assertEqual(self.findings(), [])

    def test_protocol_may_not_include_a_port(self):
        self.assert_finds("lib/protocol/names.cpp", '#include "ports/clock.hpp"\n', "may not include")

    def test_the_library_may_not_include_platform_code(self):
        self.assert_finds("lib/lock.cpp", LOCK + '#include "posix/clock.hpp"\n', "may not include")

    def test_protocol_may_not_include_the_operating_system(self):
        self.assert_finds("lib/protocol/names.cpp", "#include <unistd.h>\n", "may not include")

    def test_a_public_header_may_not_include_an_inner_one(self):
        header = '#include "protocol/step.hpp"\nenum class Errc { lost };\n'
        self.assert_finds("include/leaselock/error.hpp", header, "may not include")

    def test_a_clock_outside_the_ports_is_found_with_its_replacement(self):
        self.assert_finds("lib/lock.cpp", LOCK + "auto t = std::chrono::steady_clock::now();\n", "ports::Clock")

    def test_a_file_call_outside_the_ports_is_found(self):
        self.assert_finds("lib/lock.cpp", LOCK + 'int x = ::unlink("a");\n', "ports::FileSystem")

    def test_a_banned_word_in_a_comment_is_no_call(self):
        self.assertEqual(self.findings({"lib/lock.cpp": LOCK + "// not steady_clock::now\n"}), [])

    def test_a_source_in_no_list_is_an_orphan(self):
        self.assert_finds("lib/stray.cpp", "\n", "nothing builds it")

    def test_a_header_that_nothing_includes_is_an_orphan(self):
        self.assert_finds("lib/protocol/stray.hpp", "\n", "included by nothing")

    def test_a_long_file_is_found(self):
        self.assert_finds("lib/protocol/names.cpp", "//\n" * 301, "301 lines")

    def test_a_dead_link_is_found(self):
        self.assert_finds("README.md", SOUND["README.md"] + "[x](docs/absent.md)\n", "does not exist")

    def test_a_page_that_nothing_links_to_is_found(self):
        self.assert_finds("docs/lonely.md", "# Lonely\n", "nothing links to")

    def test_a_dead_anchor_is_found(self):
        self.assert_finds("README.md", SOUND["README.md"] + "[x](docs/protocol.md#absent)\n", "no such heading")

    def test_a_path_that_does_not_exist_is_found(self):
        self.assert_finds("README.md", SOUND["README.md"] + "`scripts/absent`\n", "does not exist")

    def test_an_identifier_that_does_not_exist_is_found(self):
        self.assert_finds("README.md", SOUND["README.md"] + "`Errc::found`\n", "no public header")
        self.assert_finds("README.md", SOUND["README.md"] + "`Lock::find()`\n", "no public header")

    def test_a_citation_of_a_missing_section_is_found(self):
        self.assert_finds("lib/protocol/names.cpp", "// See protocol.md 5.7.\n", "does not exist")


if __name__ == "__main__":
    unittest.main()
