# What most sources include of others' headers, parsed once a preset: it takes half of the time that
# a build takes. A source still includes all that it uses itself: clang-tidy reads it without these.
#
# assay_prelude: for layers and programs. assay_test_prelude: with GoogleTest, for tests.
set(prelude_headers
  <algorithm> <array> <atomic> <chrono> <expected> <filesystem> <functional> <map> <memory> <mutex>
  <optional> <set> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant>
  <vector> <boost/asio/awaitable.hpp> <boost/json.hpp> <boost/url/url.hpp> <fmt/format.h>)

function(assay_add_prelude name)
  cmake_parse_arguments(prelude "" "" "HEADERS;LINKS" ${ARGN})
  file(CONFIGURE OUTPUT ${name}.cc CONTENT "// Only its precompiled headers count.\n")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE
    Boost::json Boost::url fmt::fmt Threads::Threads ${prelude_LINKS})
  target_precompile_headers(${name} PRIVATE ${prelude_headers} ${prelude_HEADERS})
  # ccache takes it for the same headers whenever they were made.
  target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
endfunction()

assay_add_prelude(assay_prelude)
