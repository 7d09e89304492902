#!/usr/bin/env python3
"""The vcpkg port and the Conan recipe as far as they can be checked without vcpkg and Conan: their form, and that what
they set are options of this project. Usage: recipes.py SOURCE_DIRECTORY CMAKE
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import types
import unittest
from unittest import mock

ROOT = pathlib.Path(sys.argv[1])
CMAKE = sys.argv[2]
PORT = ROOT / "cmake/packaging/vcpkg/leaselock"
PROJECT = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
VERSION = re.search(r"project\(leaselock VERSION ([\d.]+)", PROJECT)[1]
OPTIONS = set(re.findall(r"^(?:option|set)\((LEASELOCK_\w+)", PROJECT, flags=re.M))

# Functions of vcpkg that print how they were called.
VCPKG = "".join(f'function({name})\n  message("{name}|${{ARGN}}")\nendfunction()\n' for name in (
    "vcpkg_cmake_configure", "vcpkg_cmake_install", "vcpkg_cmake_config_fixup", "vcpkg_fixup_pkgconfig",
    "vcpkg_copy_tools", "vcpkg_install_copyright"))
VCPKG += """function(vcpkg_check_features)
  cmake_parse_arguments(arg "" "OUT_FEATURE_OPTIONS" "FEATURES" ${ARGN})
  list(GET arg_FEATURES 1 option)
  set(${arg_OUT_FEATURE_OPTIONS} "-D${option}=ON" PARENT_SCOPE)
endfunction()
"""


class Recorder(types.SimpleNamespace):
    """Stands for what Conan gives to recipes."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return mock.MagicMock(name=name)


class VcpkgTest(unittest.TestCase):
    manifest = json.loads((PORT / "vcpkg.json").read_text(encoding="utf-8"))

    def test_the_manifest_has_the_form_that_vcpkg_asks_for(self):
        allowed = {"name", "version", "description", "license", "supports", "dependencies", "features"}
        self.assertLessEqual(set(self.manifest), allowed)
        self.assertEqual(self.manifest["name"], PORT.name)
        every = [self.manifest, *self.manifest["features"].values()]
        for one in (dependency for part in every for dependency in part["dependencies"]):
            one = {"name": one} if isinstance(one, str) else one
            self.assertLessEqual(set(one), {"name", "version>=", "host"})
            self.assertRegex(one["name"], r"^[a-z0-9]+(-[a-z0-9]+)*$")

    def test_the_manifest_has_the_projects_version(self):
        self.assertEqual(self.manifest["version"], VERSION)

    def test_the_port_runs_and_sets_only_options_that_exist(self):
        with tempfile.TemporaryDirectory() as packages:
            script = pathlib.Path(packages, "run.cmake")
            script.write_text(f'cmake_minimum_required(VERSION 3.25)\n{VCPKG}set(PORT leaselock)\nset(FEATURES tool)\nset(CURRENT_PACKAGES_DIR "{packages}")\n'
                              f'include("{PORT}/portfile.cmake")\n', encoding="utf-8")
            done = subprocess.run([CMAKE, "-P", script], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(pathlib.Path(packages, "share/leaselock/usage").exists())
        calls = dict(line.split("|", 1) for line in done.stderr.splitlines())
        given = set(re.findall(r"-D(\w+)=", calls["vcpkg_cmake_configure"]))
        self.assertLessEqual(given, OPTIONS)
        self.assertIn("LEASELOCK_BUILD_TOOLS", given)
        source = re.search(r"SOURCE_PATH;([^;]+)", calls["vcpkg_cmake_configure"])[1]
        self.assertTrue(pathlib.Path(source, "CMakeLists.txt").samefile(ROOT / "CMakeLists.txt"))


class ConanTest(unittest.TestCase):
    def setUp(self):
        names = ("conan", "conan.errors", "conan.tools", "conan.tools.build", "conan.tools.cmake", "conan.tools.files")
        stubs = {name: Recorder() for name in names}
        stubs["conan"].ConanFile = object
        self.toolchain = stubs["conan.tools.cmake"].CMakeToolchain = mock.MagicMock()
        self.toolchain.return_value.cache_variables = {}
        stubs["conan.tools.files"].load = lambda _, path: pathlib.Path(path).read_text(encoding="utf-8")
        self.copy = stubs["conan.tools.files"].copy = mock.MagicMock()
        recipe = ROOT / "cmake/packaging/conan/conanfile.py"
        code = compile(recipe.read_text(encoding="utf-8"), recipe, "exec")
        module = {"__name__": "recipe"}
        with mock.patch.dict(sys.modules, stubs):
            exec(code, module)  # pylint: disable=exec-used
        self.recipe = module["LeaselockConan"]()
        self.recipe.recipe_folder = str(recipe.parent)
        self.recipe.export_sources_folder = "."
        self.recipe.options = types.SimpleNamespace(**self.recipe.default_options)
        self.recipe.requires = mock.MagicMock()

    def test_the_recipe_has_the_projects_version(self):
        self.recipe.set_version()
        self.assertEqual(self.recipe.version, VERSION)

    def test_the_recipe_sets_only_options_that_exist(self):
        self.recipe.generate()
        self.assertLessEqual(set(self.toolchain.return_value.cache_variables), OPTIONS)
        self.assertTrue(self.toolchain.return_value.generate.called)

    def test_every_pattern_of_the_recipe_matches_something(self):
        self.recipe.export_sources()
        for call in self.copy.call_args_list:
            self.assertTrue(any(ROOT.glob(call.args[1])), call.args[1])

    def test_the_tool_needs_more_than_the_library(self):
        self.recipe.requirements()
        without = self.recipe.requires.call_count
        self.recipe.options.tool = True
        self.recipe.requirements()
        self.assertGreater(self.recipe.requires.call_count, 2 * without)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
