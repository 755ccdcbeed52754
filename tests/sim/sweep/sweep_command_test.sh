#!/usr/bin/env bash
#
# The program as users have it: sweeps with worlds, killed, resumed, sharded, merged.
set -euo pipefail
biotope=$(realpath "${1:?usage: sweep_command_test.sh PROGRAM}")
scenario=$PWD/scenarios/random_read_direct.textproto
cd "$(mktemp -d "${TEST_TMPDIR:-/tmp}/sweep.XXXXXX")"

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# Runs a command that must end with the given status.
expect() {
  local wanted=$1 status=0; shift
  "$@" >out 2>err || status=$?
  [[ $status == "$wanted" ]] || { cat out err; fail "$* ended with $status instead of $wanted"; }
}

cp "$scenario" s.textproto
cat >sweep.textproto <<'END'
schema_version: 1
scenario: "s.textproto"
set: "process[name=reader].fio.number_ios=4"
set: "filesystem.synthesize={size: \"256m\" file {path: \"data\" size: \"128m\"}}"
axis { choice {
  field: "block_device.queue.scheduler"
  option { value: "noop" }
  option { value: "deadline"
    axis { list { field: "block_device.queue.scheduler.deadline.read_expire" value: ["5", "500"] } } }
} }
axis { range { field: "process[name=reader].fio.numjobs" from: "1" to: "4" count: 3
               scale: LOGARITHMIC } }
seeds { count: 4 }
END

# The same bytes for any number of workers.
expect 0 "$biotope" sweep sweep.textproto -o one -j 1
grep -q '36 of 36 points are finished' out || fail 'summary'
expect 0 "$biotope" sweep sweep.textproto -o two -j 2
diff -r one two || fail '-j 1 and -j 2 differ'

# A point is what `run` gives.
"$biotope" run s.textproto --output-format json --seed 1 \
  --set 'process[name=reader].fio.number_ios=4' \
  --set 'filesystem.synthesize={size: "256m" file {path: "data" size: "128m"}}' \
  --set block_device.queue.scheduler=deadline \
  --set block_device.queue.scheduler.deadline.read_expire=5 \
  --set 'process[name=reader].fio.numjobs=4' >run.json 2>/dev/null
diff run.json one/points/000020/result.json || fail 'a point differs from its run'

# Killed three times, with its workers or without, and resumed.
for goal in 4 10 20; do
  "$biotope" sweep sweep.textproto -o killed -j 2 --resume >/dev/null 2>&1 &
  pid=$!
  while (($(find killed/points -name result.pb -not -path '*.tmp-*' 2>/dev/null | wc -l) < goal)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.01
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
done
expect 0 "$biotope" sweep sweep.textproto -o killed -j 2 --resume
diff -r one killed || fail 'a killed and resumed sweep differs'

# Ctrl-C. (A background job of a script ignores SIGINT; SIGTERM takes the same way.)
"$biotope" sweep sweep.textproto -o interrupted -j 1 >/dev/null 2>err &
pid=$!
until [[ -d interrupted/points/000001 ]]; do sleep 0.01; done
kill -TERM "$pid"
status=0; wait "$pid" || status=$?
[[ $status == 130 ]] || fail "interrupted: status $status"
grep -q -- '--resume does the others' err || fail 'interrupted: message'
expect 0 "$biotope" sweep sweep.textproto -o interrupted --resume
diff -r one interrupted || fail 'an interrupted and resumed sweep differs'

# Shards.
for i in 0 1 2; do expect 0 "$biotope" sweep sweep.textproto -o "shard$i" --shard "$i/3"; done
expect 0 "$biotope" merge shard0 shard1 shard2 -o merged
diff -r one merged || fail 'merged shards differ'
expect 5 "$biotope" merge shard0 shard2 -o gaps
grep -q 'MISSING: 12 points' out || fail 'gaps'
expect 0 "$biotope" sweep sweep.textproto -o gaps --resume
diff -r one gaps || fail 'gaps that were filled differ'

# A failing point: a call that returns something else than its script expects.
cat >failing.textproto <<'END'
schema_version: 1
scenario: "s.textproto"
set: "process[name=reader]={name: \"reader\" script {call {open {path: \"/mnt/data\"}} call {read {count: \"4k\"} expect: \"4k\"}}}"
axis { list { field: "process[name=reader].script.call[1].expect" value: ["4k", "8k"] } }
END
expect 5 "$biotope" sweep failing.textproto -o failing -j 2
[[ -s failing/failed/000001/log.txt && -d failing/points/000000 ]] || fail 'a failing point'
grep -q 'FAILED: 1 points' out || fail 'a failing point is told'
expect 5 "$biotope" sweep failing.textproto -o failing --resume

# Usage, and another sweep.
expect 2 "$biotope" sweep sweep.textproto -o one
expect 2 "$biotope" sweep sweep.textproto -o x --shard 3/3
sed -i 's/number_ios=4/number_ios=5/' sweep.textproto
expect 3 "$biotope" sweep sweep.textproto -o one --resume
echo ok
