# How the library that is installed is built: what it shows, what it is called, and in which kinds.

# Before 1.0 a new minor version may break programs, so it is part of the name that they are linked to.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(LEASELOCK_SOVERSION "0.${PROJECT_VERSION_MINOR}")
else()
  set(LEASELOCK_SOVERSION "${PROJECT_VERSION_MAJOR}")
endif()

# What the linker script hides besides what the objects hide are instances of templates of the standard library and of
# Boost, which compilers show whatever they are told.
function(leaselock_dress_library target)
  set_target_properties(${target} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${LEASELOCK_SOVERSION}
                                             OUTPUT_NAME leaselock EXPORT_NAME leaselock LINKER_LANGUAGE CXX)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
                                              "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_link_libraries(${target} PUBLIC Boost::headers Boost::filesystem Threads::Threads)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "SHARED_LIBRARY")
    set(map "${CMAKE_CURRENT_BINARY_DIR}/leaselock.map")
    configure_file(leaselock.map.in "${map}" @ONLY)
    target_link_options(${target} PRIVATE "LINKER:--version-script=${map}")
    set_target_properties(${target} PROPERTIES LINK_DEPENDS "${map}")
  endif()
endfunction()

# leaselock_from(object-library...)
# Makes the target leaselock; with LEASELOCK_BOTH_KINDS also the kind that BUILD_SHARED_LIBS does not ask for, as
# leaselock_static or leaselock_shared, from the same objects: they are position-independent and hide the same names.
function(leaselock_from)
  add_library(leaselock)
  add_library(leaselock::leaselock ALIAS leaselock)
  set(targets leaselock)
  if(LEASELOCK_BOTH_KINDS AND BUILD_SHARED_LIBS)
    add_library(leaselock_static STATIC)
    list(APPEND targets leaselock_static)
  elseif(LEASELOCK_BOTH_KINDS)
    add_library(leaselock_shared SHARED)
    list(APPEND targets leaselock_shared)
  endif()
  foreach(target IN LISTS targets)
    foreach(objects IN LISTS ARGN)
      target_sources(${target} PRIVATE $<TARGET_OBJECTS:${objects}>)
    endforeach()
    leaselock_dress_library(${target})
  endforeach()
endfunction()
