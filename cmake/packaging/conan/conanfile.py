"""Recipe for Conan 2: conan create cmake/packaging/conan, in a tree of leaselock."""
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir

TREE = ("CMakeLists.txt", "LICENSE", "README.md", "CHANGELOG.md", "cmake/*", "include/*", "lib/*", "tools/*",
        "docs/*")


class LeaselockConan(ConanFile):
    name = "leaselock"
    description = "A lock on a shared file system with leases and fencing tokens"
    license = "Apache-2.0"
    topics = ("lock", "nfs", "lease", "fencing")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "tool": [True, False]}
    default_options = {"shared": False, "fPIC": True, "tool": False}

    @property
    def tree(self):
        return os.path.join(self.recipe_folder, "..", "..", "..")

    def set_version(self):
        project = load(self, os.path.join(self.tree, "CMakeLists.txt"))
        self.version = re.search(r"project\(leaselock VERSION ([\d.]+)", project)[1]

    def export_sources(self):
        for pattern in TREE:
            copy(self, pattern, src=self.tree, dst=self.export_sources_folder)

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("leaselock runs on Linux only")
        check_min_cppstd(self, 20)

    def requirements(self):
        # Its types stand in the public headers.
        self.requires("boost/[>=1.81 <2]", transitive_headers=True, transitive_libs=True)
        self.requires("date/[>=3 <4]", visible=False)
        if self.options.tool:
            self.requires("cli11/[>=2 <3]", visible=False)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["LEASELOCK_BUILD_TOOLS"] = bool(self.options.tool)
        for part in ("BOTH_KINDS", "BUILD_TESTS", "BUILD_DEMO"):
            toolchain.cache_variables[f"LEASELOCK_{part}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        for folder in ("cmake", "pkgconfig"):  # Conan makes its own
            rmdir(self, os.path.join(self.package_folder, "lib", folder))

    def package_info(self):
        library = self.cpp_info.components["leaselock"]
        library.set_property("cmake_target_name", "leaselock::leaselock")
        library.set_property("pkg_config_name", "leaselock")
        library.libs = ["leaselock"]
        library.requires = ["boost::filesystem"]
        library.system_libs = ["pthread"]
        asio = self.cpp_info.components["asio"]
        asio.set_property("cmake_target_name", "leaselock::asio")
        asio.set_property("pkg_config_name", "leaselock-asio")
        asio.requires = ["leaselock"]
