# Debian packages by CPack: libleaselock0.1, libleaselock-dev and leaselock, from the components of cmake/install.cmake.
# The preset `deb` configures what they need; scripts/check_packages tries them out (docs/packaging.md).
set(LEASELOCK_PACKAGE_CONTACT "leaselock maintainers <maintainers@example.org>" CACHE STRING
    "Who answers for packages that are built here, as Debian writes it")
set(debian_version "${PROJECT_VERSION}-1")
set(library_package "libleaselock${LEASELOCK_SOVERSION}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME leaselock)
set(CPACK_PACKAGE_VENDOR leaselock)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package has its own
set(CPACK_PACKAGE_CONTACT "${LEASELOCK_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL library dev)
if(TARGET leaselock_tool)
  list(APPEND CPACK_COMPONENTS_ALL tool)
endif()
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SOURCE leaselock)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/lib")
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(what "Processes on any number of machines that share a directory take turns, or
share a number of slots, with nothing but files on it: no server. Each hold
is a lease that ends by itself, and has a token that grows with every hold
and lets a resource refuse whoever is late. Works on NFS, and together with
Python's flufl.lock.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME "${library_package}")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA "${PROJECT_SOURCE_DIR}/cmake/packaging/debian/triggers")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "locks on shared file systems with leases and fencing tokens
${what}
.
This package has the shared library.")

# Types of Boost.Filesystem are part of the interface, so it must be the very version that the library was built with.
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libleaselock-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "${library_package} (= ${debian_version}), libboost-filesystem${Boost_VERSION_MAJOR}.${Boost_VERSION_MINOR}-dev")
set(CPACK_DEBIAN_DEV_DESCRIPTION "locks on shared file systems with leases, for developers
${what}
.
This package has the headers, the static library, and what CMake and pkg-config
need to find them.")

set(CPACK_DEBIAN_TOOL_PACKAGE_NAME leaselock)
set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_TOOL_PACKAGE_DEPENDS "${library_package} (>= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_TOOL_DESCRIPTION "run commands under a lock on a shared file system
${what}
.
This package has the command leaselock, which runs other commands under a
lock, shows and repairs locks, and tries out whether a file system can be
trusted with them.")

# What policy wants in every package and nobody else does: documents, and manual pages compressed.
set(CPACK_LEASELOCK_PACKAGES "library=${library_package}" "dev=libleaselock-dev" "tool=leaselock")
set(CPACK_LEASELOCK_SOURCE "${PROJECT_SOURCE_DIR}")
set(CPACK_LEASELOCK_CHANGELOG "${PROJECT_BINARY_DIR}/changelog.Debian")
string(TIMESTAMP DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(cmake/packaging/debian/changelog.in "${CPACK_LEASELOCK_CHANGELOG}" @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/packaging/debian/add_documents.cmake")
include(CPack)
