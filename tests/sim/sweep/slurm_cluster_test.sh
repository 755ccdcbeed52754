#!/usr/bin/env bash
#
# A sweep on a Slurm cluster of two nodes that are both this machine, started for the test.
set -euo pipefail
biotope=$(realpath "${1:?usage: slurm_cluster_test.sh PROGRAM}")
scenario=$PWD/scenarios/random_read_direct.textproto
for program in munged slurmctld slurmd sbatch; do
  if ! PATH=$PATH:/usr/sbin command -v "$program" >/dev/null; then
    echo "skipped: $program is missing (apt-get install slurmctld slurmd slurm-client munge)"
    exit 0
  fi
done
PATH=$PATH:/usr/sbin

# A path of a socket has at most 107 characters.
root=$(mktemp -d /tmp/slurm.XXXXXX)
mkdir -p "$root"/{etc,run,state,log,spool-n1,spool-n2}
stop() {
  local file
  for file in "${root:?}"/run/*.pid; do
    if [[ -s $file ]]; then kill "$(cat "$file")" 2>/dev/null || true; fi
  done
  sleep 1
  rm -rf "${root:?}"
}
trap stop EXIT
fail() { printf 'FAILED: %s\n' "$*" >&2; tail -n 20 "$root"/log/*.log "$root"/sweep/dir/slurm/* >&2 || true; exit 1; }

head -c128 /dev/urandom >"$root/etc/munge.key"
chmod 600 "$root/etc/munge.key"
user=$(id -un)
cat >"$root/etc/slurm.conf" <<CONF
ClusterName=loopback
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$root/run/munge.socket
CredType=cred/munge
StateSaveLocation=$root/state
SlurmdSpoolDir=$root/spool-%n
SlurmctldPidFile=$root/run/slurmctld.pid
SlurmdPidFile=$root/run/slurmd-%n.pid
SlurmctldLogFile=$root/log/slurmctld.log
SlurmdLogFile=$root/log/slurmd-%n.log
SlurmctldPort=17817
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SlurmctldParameters=node_reg_mem_percent=1
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
MaxArraySize=10001
SlurmdParameters=config_overrides
DefMemPerCPU=100
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=17901 CPUs=4 RealMemory=2000 State=UNKNOWN
NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=17902 CPUs=4 RealMemory=2000 State=UNKNOWN
PartitionName=sweep Nodes=n1,n2 Default=YES MaxTime=60 State=UP
CONF
export SLURM_CONF=$root/etc/slurm.conf
munged --force --socket="$root/run/munge.socket" --key-file="$root/etc/munge.key" \
  --pid-file="$root/run/munged.pid" --log-file="$root/log/munged.log" --seed-file="$root/run/seed"
slurmctld -c -f "$SLURM_CONF"
slurmd -N n1 -f "$SLURM_CONF"
slurmd -N n2 -f "$SLURM_CONF"
for ((i = 0; i < 100; ++i)); do
  if [[ $(sinfo -h -t idle -o %D 2>/dev/null) == 2 ]]; then break; fi
  sleep 0.2
done

mkdir "$root/sweep"
cd "$root/sweep"
cp "$scenario" s.textproto
cat >sweep.textproto <<'END'
schema_version: 1
scenario: "s.textproto"
set: "process[name=reader].fio.number_ios=4"
set: "filesystem.synthesize={size: \"256m\" file {path: \"data\" size: \"128m\"}}"
axis { list { field: "block_device.queue.scheduler" value: ["noop", "deadline"] } }
axis { range { field: "process[name=reader].fio.numjobs" from: "1" to: "4" count: 4 } }
seeds { count: 4 }
END
"$biotope" sweep sweep.textproto -o local -j 1 >local.txt 2>/dev/null
"$biotope" sweep sweep.textproto -o dir --executor slurm -j 5 >slurm.txt || fail 'the sweep on slurm'
diff local.txt slurm.txt || fail 'what is printed differs'
diff -r local dir || fail 'the directories differ'
echo ok
