# What is installed, in three components: library (what programs need to run), dev (to be built), and tool.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/leaselock")

set(default_kind static)
set(other_kind shared)
if(BUILD_SHARED_LIBS)
  set(default_kind shared)
  set(other_kind static)
endif()

# Each kind has a file of targets with the same names; leaselockConfig.cmake takes one of them.
function(leaselock_install_library target kind)
  install(TARGETS ${target} EXPORT leaselock_${kind}
          LIBRARY COMPONENT library NAMELINK_COMPONENT dev
          ARCHIVE COMPONENT dev)
  install(EXPORT leaselock_${kind} NAMESPACE leaselock:: FILE leaselock-${kind}.cmake DESTINATION "${package_dir}"
          COMPONENT dev)
endfunction()
leaselock_install_library(leaselock ${default_kind})
if(LEASELOCK_BOTH_KINDS)
  leaselock_install_library(leaselock_${other_kind} ${other_kind})
endif()

install(DIRECTORY include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT dev
        FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h")

set(with_asio FALSE)
if(TARGET leaselock_asio)
  set(with_asio TRUE)
endif()
configure_package_config_file(cmake/leaselockConfig.cmake.in leaselockConfig.cmake INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(leaselockConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/leaselockConfig.cmake" "${PROJECT_BINARY_DIR}/leaselockConfigVersion.cmake"
        DESTINATION "${package_dir}" COMPONENT dev)

# pkg-config files find the rest of the installation from where they are, so it may be moved as a whole.
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH to_prefix "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" to_prefix "${to_prefix}")
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_INCLUDEDIR BASE_DIRECTORY "\${prefix}" OUTPUT_VARIABLE pc_includedir)
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_LIBDIR BASE_DIRECTORY "\${prefix}" OUTPUT_VARIABLE pc_libdir)
# Where Boost is not where every compiler looks, those who compile must be told.
set(boost_cflags "")
set(boost_libdir "")
if(Boost_INCLUDE_DIRS AND NOT Boost_INCLUDE_DIRS MATCHES "^/usr/(local/)?include$")
  set(boost_cflags " -I${Boost_INCLUDE_DIRS}")
endif()
get_target_property(boost_file Boost::filesystem LOCATION)
cmake_path(GET boost_file PARENT_PATH boost_directory)
if(boost_directory AND NOT boost_directory IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
  set(boost_libdir " -L${boost_directory}")
endif()
set(pc_files leaselock)
if(with_asio)
  list(APPEND pc_files leaselock-asio)
endif()
foreach(name IN LISTS pc_files)
  configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${pkgconfig_dir}" COMPONENT dev)
endforeach()

add_subdirectory(cmake/packaging)
if(PROJECT_IS_TOP_LEVEL)
  include(cmake/packaging/debian/debian.cmake)
endif()
