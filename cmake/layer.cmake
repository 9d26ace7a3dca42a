# assay_layer(NAME  USES lower-layers...  LINKS third-party...  FILES sources...)
#
# One static library for one folder of src/. USES is the whole truth about which layers
# this one may include: the linker obeys it here, and tools/tidy.py checks it line by line.
function(assay_layer name)
  cmake_parse_arguments(layer "" "" "USES;LINKS;FILES" ${ARGN})
  add_library(assay_${name} STATIC ${layer_FILES})
  add_library(assay::${name} ALIAS assay_${name})
  target_include_directories(assay_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM layer_USES PREPEND assay::)
  target_link_libraries(assay_${name} PUBLIC ${layer_USES} PRIVATE assay_warnings ${layer_LINKS})
  target_precompile_headers(assay_${name} REUSE_FROM assay_prelude)
endfunction()
