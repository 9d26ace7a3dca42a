#!/bin/bash
# run_fuzz_targets.sh SECONDS: each target of build/fuzz for so long, as many at a time as there
# are cores. What a target finds to be worth keeping goes to build/fuzz/corpus, on top of the seeds.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

readonly seconds=$1
export seconds
export ASAN_OPTIONS=external_symbolizer_path=/usr/lib/llvm-19/bin/llvm-symbolizer
export UBSAN_OPTIONS=print_stacktrace=1:$ASAN_OPTIONS

fuzz() {
  local name=$1 found=build/fuzz/corpus/$1 log=build/fuzz/$1.log seeds=()
  [[ ! -d fuzz/corpus/$name ]] || seeds=("fuzz/corpus/$name")
  mkdir -p "$found" build/fuzz/faults
  if "build/fuzz/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="build/fuzz/faults/$name-" "$found" "${seeds[@]}" >"$log" 2>&1; then
    echo "$name: $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log") runs without a fault"
  else
    tail -n 60 "$log"
    echo "$name: a fault; its input is in build/fuzz/faults, its log is $log"
    return 1
  fi
}
export -f fuzz

for source in fuzz/*_fuzz.cc; do
  basename "$source" _fuzz.cc
done | xargs -P "$(nproc)" -I{} bash -c 'fuzz {}'
