# glasspost_room(NAME LINKS ... PCH ...): one library of every source below the calling folder, in the order
# smtp <- mail <- ui <- app. Adding a file is adding a file; a room links only to its left (tests/structure checks it).
# WITHOUT names folders that are programs of their own.
# Static in a release; the test presets ask for shared ones, since some sixty test programs with the windows and the
# sanitizers in each of them fill a small disk.
function(glasspost_room name)
    cmake_parse_arguments(ROOM "" "" "WITHOUT;LINKS;PCH" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp *.h)
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    foreach(folder ${ROOM_WITHOUT})
        list(FILTER sources EXCLUDE REGEX "/${folder}/")
    endforeach()
    add_library(glasspost_${name} ${sources})
    set_target_properties(glasspost_${name} PROPERTIES LINKER_LANGUAGE CXX)
    target_link_libraries(glasspost_${name} PUBLIC glasspost_flags ${ROOM_LINKS})
    target_precompile_headers(glasspost_${name} PRIVATE ${ROOM_PCH})
endfunction()
