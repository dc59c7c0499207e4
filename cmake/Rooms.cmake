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
    glasspost_join(glasspost_${name})
endfunction()

# glasspost_join(TARGET): GLASSPOST_JOIN of its sources are compiled as one, which takes a tenth of the time with Qt's headers.
# CMake's own unity files name sources by absolute paths, so that ccache would know none of them in another clone.
# Every target of a folder that shares a source with one that is joined must be joined too.
function(glasspost_join target)
    if(GLASSPOST_JOIN LESS 2)
        return()
    endif()
    get_target_property(sources ${target} SOURCES)
    list(FILTER sources INCLUDE REGEX "\\.cpp$")
    set(count 0)
    foreach(source ${sources})
        get_filename_component(path ${source} ABSOLUTE)
        file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${path})
        math(EXPR number "${count} / ${GLASSPOST_JOIN}")
        string(APPEND text${number} "#include \"${path}\"\n")
        math(EXPR count "${count} + 1")
    endforeach()
    foreach(index RANGE ${number})
        set(joined ${CMAKE_CURRENT_BINARY_DIR}/joined/${target}/${index}.cpp)
        file(CONFIGURE OUTPUT ${joined} CONTENT "${text${index}}" @ONLY)
        target_sources(${target} PRIVATE ${joined})
    endforeach()
    set_source_files_properties(${sources} PROPERTIES HEADER_FILE_ONLY ON) # read for moc, compiled as part of the joined ones
endfunction()
