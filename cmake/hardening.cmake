# What makes the exploiting of a fault harder, for optimized builds of our own: checked stack frames and buffers, pages
# that cannot be changed after the start, addresses that cannot be known. Not with sanitizers, which do some of it in
# ways that do not go together. LEASELOCK_HARDENED tells whether it is on.
include(CheckCXXCompilerFlag)
include(CheckPIESupported)

set(LEASELOCK_HARDENED FALSE)
if(LEASELOCK_HARDEN AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$" AND NOT LEASELOCK_SANITIZE)
  set(LEASELOCK_HARDENED TRUE)
  check_pie_supported(LANGUAGES CXX)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "LEASELOCK_HAS${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      add_compile_options(${flag})
    endif()
  endforeach()
  add_link_options(LINKER:-z,relro LINKER:-z,now)
endif()
