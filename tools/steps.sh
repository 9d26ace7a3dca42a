# Plans and runs steps: one line of progress, one log and one outcome each.

readonly logs=build/logs

step_parts=() step_titles=() step_commands=()
running_job=
# What the last plan came to, in tests; a step without tests counts as one.
passed=0 failed=0

# plan PART TITLE COMMAND...: within one part, a failure skips the steps that follow. A command
# that is a function must be exported.
plan() {
  step_parts+=("$1")
  step_titles+=("$2")
  step_commands+=("${*:3}")
}

# Runs what is planned; fails if any step did, after all parts had their turn.
run_plan() {
  local step total=${#step_titles[@]} failed_part=
  passed=0 failed=0
  mkdir -p "$logs"
  trap 'stop_running_job; exit 130' INT TERM
  for step in "${!step_titles[@]}"; do
    local label="[$((step + 1))/$total] ${step_titles[step]}"
    if [[ ${step_parts[step]} == "$failed_part" ]]; then
      echo "$label … skipped"
    elif ! run_step "$label" "$(log_of "${step_titles[step]}")" "${step_commands[step]}"; then
      failed_part=${step_parts[step]}
    fi
  done
  trap - INT TERM
  step_parts=() step_titles=() step_commands=()
  ((failed == 0))
}

log_of() {
  echo "$logs/${1//[^A-Za-z0-9]/-}.log"
}

# The job is a process group of its own, so that stopping it stops all that it started; and a
# shell of its own, since in a shell that is within a condition bash passes over failed commands.
run_step() {
  local label=$1 log=$2 command=$3 started=$SECONDS status=0
  set -m
  bash -euo pipefail -c "$command" >"$log" 2>&1 </dev/null &
  running_job=$!
  set +m
  watch_job "$label" "$log" "$started"
  wait "$running_job" || status=$?
  running_job=
  count_outcomes "$log" "$status"
  if ((status == 0)); then
    echo "$((SECONDS - started)) s"
    return
  fi
  echo "$((SECONDS - started)) s, FAILED:"
  tail -n 40 "$log" | sed 's/^/    /'
  echo "    (all of it: $log)"
  return 1
}

# On a terminal, the line keeps counting and shows what the step says last.
watch_job() {
  local label=$1 log=$2 started=$3
  if [[ -t 1 ]]; then
    while kill -0 "$running_job" 2>/dev/null; do
      printf '\r\e[K%s … %d s  %s' "$label" $((SECONDS - started)) "$(tail -n 1 "$log" | cut -c 1-60)"
      sleep 0.5
    done
    printf '\r\e[K'
  fi
  printf '%s … ' "$label"
}

stop_running_job() {
  [[ -z $running_job ]] || kill -- "-$running_job" 2>/dev/null
  echo
}

# Adds what ctest or pytest say in the log.
count_outcomes() {
  local log=$1 status=$2 of_tests
  of_tests=$(awk '
    function number_before(word) {
      return match($0, "[0-9]+ " word) ? substr($0, RSTART, RLENGTH) + 0 : 0
    }
    /% tests passed, [0-9]+ tests failed out of/ { failed += $4; passed += $NF - $4 }
    / in [0-9.]+s/ { passed += number_before("passed")
                     failed += number_before("failed") + number_before("error") }
    END { print passed + 0, failed + 0 }' "$log")
  local passed_tests=${of_tests% *} failed_tests=${of_tests#* }
  ((passed_tests + failed_tests > 0 || status != 0)) || passed_tests=1
  ((status == 0 || failed_tests > 0)) || failed_tests=1
  passed=$((passed + passed_tests))
  failed=$((failed + failed_tests))
}
