if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR
    "Assay is built with clang 19: g++ 12 destroys some temporaries inside co_await expressions "
    "twice. Use `./dev build`, or a preset: `cmake --preset release`.")
endif()
