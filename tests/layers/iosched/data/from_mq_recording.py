#!/usr/bin/env python3
"""Makes the mq_*.csv files of this folder: from_mq_recording.py RECORDINGS

RECORDINGS is the folder of the recorded 6.18 kernel. For each blk-mq scheduler the cases of its groups
08 and 10, and its AIO writes of group 09, in which the requests reached the disk in the same order in
every run. A section starts with '# case=NAME tags=N TUNABLE=VALUE...' (tags=0: more than there ever
were requests; cgroup=1: the processes are in a cgroup of their own); then, in the order of the trace,

    kind,direction,sector,nr_sectors,microseconds,process,class

with the kinds I (inserted), S (was to be inserted, but a queued request has swallowed it), M and F (a bio
has joined the end or the front of a queued request), D (given to the driver), C (completed). The
direction is R or W, with S if somebody waits for the write. What happens in a plug is left out: requests
come out of it as they are.
"""

import csv
import json
import pathlib
import sys

SCHEDULERS = {'mq-deadline': 'mq_deadline', 'kyber': 'kyber', 'bfq': 'bfq'}
CLASSES = {'rt': 'rt', 'idle': 'idle'}


def direction(row):
    return 'R' if 'W' not in row['rw'] else 'WS' if 'S' in row['rw'] else 'W'


class Plug:
    """The requests that are allocated and not inserted yet."""

    def __init__(self):
        self.requests = []  # [process, first sector, sector behind]

    def add(self, row):
        sector = int(row['sector'])
        self.requests.append([row['tag'], sector, sector + int(row['nr_sectors'])])

    def merge(self, row):
        """Whether the bio of an M or F has joined one of them."""
        sector, end = int(row['sector']), int(row['sector']) + int(row['nr_sectors'])
        for request in reversed(self.requests):
            if row['event'] == 'M' and request[2] == sector:
                request[2] = end
                return True
            if row['event'] == 'F' and request[1] == end:
                request[1] = sector
                return True
        return False

    def take(self, row):
        """Its process and number of sectors."""
        request = next(r for r in self.requests if r[1] == int(row['sector']))
        self.requests.remove(request)
        return request[0], request[2] - request[1]


def write_case(case, file):
    description = json.loads((case / 'case.json').read_text())
    queue = description['queue']
    head = [f'# case={case.name} tags={description.get("hw_tags") or 0}']
    head += [f'{name}={value}' for name, value in queue.get('iosched', {}).items()]
    head.append(f'nomerges={queue["nomerges"]}')
    head.append(f'cgroup={int(bool(description.get("cgroup")))}')
    file.write(' '.join(head) + '\n')
    plug = Plug()
    process, priority = {}, {}
    with open(case / 'events.csv', newline='') as events:
        rows = list(csv.DictReader(events))
    for row in rows:
        if row['event'] == 'I':
            priority[row['sector']] = row['ioprio'].split('/')[0]
    for row in rows:
        kind, sector = row['event'], row['sector']
        if kind == 'G':
            plug.add(row)
        if kind in ('M', 'F') and plug.merge(row):
            continue
        size = row['nr_sectors']
        if kind in ('I', 'MM'):
            process[sector], size = plug.take(row)
        if kind == 'MM':
            kind = 'S'
        if kind not in ('I', 'S', 'M', 'F', 'D', 'C'):
            continue
        tag = row['tag'] if kind in ('M', 'F') else process.get(sector, '')
        number = tag[1:] if tag.startswith('P') and tag[1:].isdigit() else '9'
        level = CLASSES.get(priority.get(sector, ''), 'be')
        file.write(f'{kind},{direction(row)},{sector},{size},{int(float(row["time_us"]))},'
                   f'{number},{level}\n')


def main():
    recordings = pathlib.Path(sys.argv[1])
    for sysfs_name, name in SCHEDULERS.items():
        with open(pathlib.Path(__file__).parent / f'mq_{name}.csv', 'w') as file:
            for case in sorted(recordings.glob('*')):
                if not case.name.startswith(('08_', '09_aio', '10_')):
                    continue
                description = json.loads((case / 'case.json').read_text())
                if f'[{sysfs_name}]' not in description['queue']['scheduler']:
                    continue
                if not description['stable_across_repeats']['D_seq(rw,sector,nr)']:
                    continue
                write_case(case, file)


main()
