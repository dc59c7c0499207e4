# What every target is compiled with: warnings, sanitizers, ccache and a fast linker where present.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
        "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1 ${CCACHE_PROGRAM})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT GLASSPOST_FUZZ)
    add_link_options(-fuse-ld=mold)
endif()

add_library(glasspost_flags INTERFACE)
target_compile_options(glasspost_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum)
target_compile_definitions(glasspost_flags INTERFACE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_KEYWORDS
    QT_NO_URL_CAST_FROM_STRING QT_STRICT_ITERATORS QT_DEPRECATED_WARNINGS QT_DISABLE_DEPRECATED_BEFORE=0x060400)
target_include_directories(glasspost_flags INTERFACE ${CMAKE_SOURCE_DIR})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Ten sources are compiled as one (a tenth of the time with Qt's headers), so GCC takes a .cpp for a header and warns
    # of a Private that holds a type of its own file.
    target_compile_options(glasspost_flags INTERFACE -Wno-subobject-linkage)
    # ccache may hand a precompiled header's preprocessed text to the compiler only with this.
    target_compile_options(glasspost_flags INTERFACE -fpch-preprocess)
endif()
if(GLASSPOST_SANITIZE)
    add_compile_options(-fsanitize=${GLASSPOST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${GLASSPOST_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND GLASSPOST_SANITIZE MATCHES "undefined")
        # GCC writes a record with a red zone for each pointer that is followed, and for each that something is added to,
        # which at -O0 each member is: 74 MB of data in the library of mail alone, a second for each program to start.
        # A pointer that is null or went round the end of memory ends in the address sanitizer as soon as it is
        # followed, and Clang's builds keep these checks.
        add_compile_options(-fno-sanitize=null,alignment,pointer-overflow)
    endif()
endif()
