# cmake -DPROGRAM=... -DPLACE=... -P in_fresh_directory.cmake: runs PROGRAM PLACE, where nothing is in PLACE.
file(REMOVE_RECURSE "${PLACE}")
file(MAKE_DIRECTORY "${PLACE}")
execute_process(COMMAND "${PROGRAM}" "${PLACE}" COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE_RECURSE "${PLACE}")
