#!/usr/bin/env python3
"""Makes the .csv files of this folder: from_recording.py RECORDINGS SCHEDULER...

RECORDINGS is the folder of the recorded 2.6.11 kernel; SCHEDULER.csv gets its cases 10_SCHEDULER_*.
The format is described in README.md.
"""

import csv
import json
import pathlib
import sys

TUNABLES = ('read_expire', 'write_expire', 'writes_starved', 'fifo_batch', 'front_merges',
            'read_batch_expire', 'write_batch_expire', 'antic_expire',
            'quantum', 'queued', 'fifo_expire_sync', 'fifo_expire_async', 'fifo_batch_expire',
            'find_best_crq', 'back_seek_max', 'back_seek_penalty')


def operations(case, run):
    """op -> (pause, duration): the pause in ms of an operation that reads piece by piece, each piece
    when the one before has come (None: not such an operation); and the duration in us of one that
    queues its pieces one after the other and does not wait (0: not such an operation, or not recorded,
    which only run 1 is)."""
    result = {}
    with open(case / 'ops.csv', newline='') as file:
        for row in csv.DictReader(file):
            words = row['text'].split()
            pause = None
            if words[0] in ('nread', 'pread'):
                pause = 0
            elif words[0] == 'nstride':
                pause = int(words[6]) if len(words) > 6 else 0
            duration = 0
            if words[0] in ('aio', 'aiox') and run == 1:
                duration = int(row['t_end_us']) - int(row['t_begin_us'])
                if '_nr16_' in case.name:  # it sleeps for free requests: that is not in these dates
                    duration = min(duration, 4000)
            result[row['op']] = (pause, duration)
    return result


def pair_completions(events):
    """Gives every D row the date of its C."""
    open_commands = {}
    for event in events:
        key = event['rw'], event['sector']
        if event['event'] == 'D':
            open_commands.setdefault(key, []).append(event)
        elif event['event'] == 'C':
            open_commands[key].pop(0)['completed'] = int(event['time_us'])


def after_completion(time, event, commands):
    """When a process queues `event` that has waited for the completion at `time`: the interrupt that
    tells of it starts the next command first, if there is one."""
    following = next((d for d in commands if time <= int(d['time_us']) < time + 2000), None)
    if following and (following['rw'], following['sector']) != (event['rw'], event['sector']):
        time = int(following['time_us'])
    return time + 50


def arrivals(case, events, ops):
    """(time_us, inferred, row) of every Q, in the order of arrival."""
    commands = [e for e in events if e['event'] == 'D']
    size = {(e['rw'], e['sector']): e['nr_sectors'] for e in commands}
    # pdflush has no system call. It joins in behind the first process that writes back, or starts itself.
    writes = [(int(e['time_us']), e['event']) for e in events if e['rw'] == 'W' and e['time_us']]
    first_flush = min((t + 50 if kind == 'Q' else t - 100 for t, kind in writes), default=0)
    last_write = max((e['completed'] for e in commands if e['rw'] == 'W'), default=0)
    queued = [e for e in events if e['event'] == 'Q']
    pieces = {}  # op -> (row, arrival) of its Q so far
    result = []
    for event in queued:
        event['nr_sectors'] = event['nr_sectors'] or size.get((event['rw'], event['sector']), '8')
        op = event['op']
        pause, duration = ops.get(op, (None, 0))
        before = pieces.setdefault(op, [])
        inferred = True
        if not event['time_us']:
            time = first_flush
        elif pause is not None and before:
            row, arrival = before[-1]
            time = min(d['completed'] for d in commands if d['completed'] > arrival and
                       (d['rw'], d['sector']) == (row['rw'], row['sector']))
            time = after_completion(time, event, commands)
            if pause:  # a sleep ends with a timer interrupt, 1 to 2 ms later than it was asked for
                time += pause * 1000 + 1500
        elif '_syncw' in case.name and event['rw'] == 'R':
            time = after_completion(last_write, event, commands)  # dirty pages of the file go first
        else:
            count = sum(e['op'] == op for e in queued)
            time = int(event['time_us']) + duration * len(before) // count
            inferred = False
        # What has reached the disk was queued before.
        arrived = [int(d['time_us']) for d in commands if d['completed'] > time - 60000 and
                   (d['rw'], d['sector']) == (event['rw'], event['sector'])]
        time = min([time] + [t - 20 for t in arrived])
        before.append((event, time))
        result.append((time, inferred, event))
    return sorted(result, key=lambda a: a[0])


def operation_texts(case):
    with open(case / 'ops.csv', newline='') as file:
        return {row['op']: row['text'] for row in csv.DictReader(file)}


def task_number(tag):
    """P0 is task 1; pdflush is the last."""
    return int(tag[1:]) + 1 if tag.startswith('P') else 99


def is_sync(event, texts):
    """1: a read, or a direct write; pages that are written back are asynchronous."""
    if event['rw'] == 'R':
        return 1
    return int(texts.get(event['op'], '').split()[0:1] in (['aio'], ['aiox'], ['pwrite'], ['nwrite']))


def write_section(case, events_file, run, file):
    with open(case / events_file, newline='') as recorded:
        events = list(csv.DictReader(recorded))
    queue = json.loads((case / 'case.json').read_text())['queue']
    pair_completions(events)
    texts = operation_texts(case)
    rows = [(time, 'q' if inferred else 'Q', e, f',{task_number(e["tag"])},{is_sync(e, texts)}')
            for time, inferred, e in arrivals(case, events, operations(case, run))]
    rows += [(int(e['time_us']), 'D', e, f',{e["completed"]}')
             for e in events if e['event'] == 'D']
    rows.sort(key=lambda r: r[0])
    name, depth = case.name.split('_', 2)[2].rsplit('_t', 1)
    head = [f'# case={name} run={run} depth={depth} nr_requests={queue["nr_requests"]}']
    if '_cfq_' in case.name:
        head.append('nr_batching=8')  # CFQ sets it
    head += [f'{t}={queue["iosched/" + t]}' for t in TUNABLES if 'iosched/' + t in queue]
    file.write(' '.join(head) + '\n')
    for time, kind, e, end in rows:
        file.write(f'{kind},{e["rw"]},{e["sector"]},{e["nr_sectors"]},{time}{end}\n')


def main():
    recordings = pathlib.Path(sys.argv[1])
    for scheduler in sys.argv[2:]:
        with open(pathlib.Path(__file__).parent / f'{scheduler}.csv', 'w') as file:
            for case in sorted(recordings.glob(f'10_{scheduler}_*')):
                if 'twofiles' in case.name:
                    continue  # sizes and dates of readahead are not recorded
                for run, name in enumerate(('events.csv', 'events_run2.csv', 'events_run3.csv'), 1):
                    if (case / name).exists():
                        write_section(case, name, run, file)


main()
