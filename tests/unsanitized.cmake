# leaselock_unsanitized: the library without sanitizers, optimized, whatever the build. For tests that cannot run under
# them; without sanitizers it is the library itself.
if(NOT LEASELOCK_SANITIZE)
  add_library(leaselock_unsanitized ALIAS leaselock)
  return()
endif()

get_target_property(library_sources leaselock_protocol SOURCES)
foreach(target leaselock_core leaselock_drive leaselock_keep)
  get_target_property(sources ${target} SOURCES)
  list(TRANSFORM sources PREPEND "${PROJECT_SOURCE_DIR}/lib/")
  list(APPEND library_sources ${sources})
endforeach()
add_library(leaselock_unsanitized STATIC EXCLUDE_FROM_ALL ${library_sources})
target_compile_features(leaselock_unsanitized PUBLIC cxx_std_20)
target_include_directories(leaselock_unsanitized PUBLIC "${PROJECT_SOURCE_DIR}/include"
                                                 PRIVATE "${PROJECT_SOURCE_DIR}/lib")
target_compile_options(leaselock_unsanitized PUBLIC -O2 -fno-sanitize=all)
target_link_options(leaselock_unsanitized INTERFACE -fno-sanitize=all)
target_link_libraries(leaselock_unsanitized PUBLIC Boost::headers Boost::filesystem Threads::Threads
                                            PRIVATE leaselock_warnings date::date)
