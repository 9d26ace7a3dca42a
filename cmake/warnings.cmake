# Our own code compiles without a single one of these; third-party headers are system headers.
option(ASSAY_WARNINGS_AS_ERRORS "Stop at the first warning" OFF)

add_library(assay_warnings INTERFACE)
target_compile_options(assay_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wformat=2 -Wundef -Wextra-semi
  $<$<BOOL:${ASSAY_WARNINGS_AS_ERRORS}>:-Werror>)
