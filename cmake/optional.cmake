# Parts that need something the machine may lack are left out, never a reason to fail; what was left out, and what to
# install, is said at the end of the configuration.

function(leaselock_skip what why)
  set_property(GLOBAL APPEND PROPERTY LEASELOCK_SKIPPED "${what}: ${why}")
endfunction()

function(leaselock_report_skipped)
  get_property(skipped GLOBAL PROPERTY LEASELOCK_SKIPPED)
  foreach(line IN LISTS skipped)
    message(STATUS "Skipped ${line}")
  endforeach()
endfunction()
