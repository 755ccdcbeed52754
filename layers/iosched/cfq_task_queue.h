#ifndef BIOTOPE_LAYERS_IOSCHED_CFQ_TASK_QUEUE_H_
#define BIOTOPE_LAYERS_IOSCHED_CFQ_TASK_QUEUE_H_

#include <boost/intrusive/list.hpp>
#include <cstdint>

#include "layers/block/io_priority.h"
#include "layers/block/request.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/sort_tree.h"

namespace biotope {

// The requests that share a time slice: the synchronous ones of a task, or the asynchronous ones of
// all tasks of an I/O priority.
// Models: struct cfq_queue of block/cfq-iosched.c (Linux 2.6.20).
struct CfqTaskQueue {
  bool async = false;  // the queue of a priority (CFQ_KEY_ASYNC)
  IoPriority ioprio;
  boost::intrusive::list_member_hook<> list_hook;  // one of the lists of CfqRoundRobin
  SortTree sorted;
  RequestFifo fifo;
  Request* next = nullptr;    // next_rq
  uint32_t on_dispatch[2]{};  // chosen and not finished; by Request::sync

  // The slice, in jiffies.
  uint64_t slice_end = 0;   // 0: begins with the next request
  uint64_t slice_left = 0;  // of the slice before, when it was taken away

  bool wait_request = false;      // the disk is idle for it
  bool must_dispatch = false;     // goes on although its slice is over
  bool fifo_expired = false;      // has had its overdue request in this slice
  bool idle_window = false;       // worth waiting for
  bool is_new = true;             // has not had a slice
  bool must_alloc_slice = false;  // has had a request beyond the limit in this slice

  bool on_rr() const { return list_hook.is_linked(); }
  uint32_t dispatched() const { return on_dispatch[false] + on_dispatch[true]; }
  // Whether its slice is that of a synchronous queue.
  bool sync() const { return !async || on_dispatch[true] > 0; }
  bool is_idle_class() const { return ioprio.priority_class == IoPriorityClass::kIdle; }
  bool is_real_time() const { return ioprio.priority_class == IoPriorityClass::kRealTime; }
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_CFQ_TASK_QUEUE_H_
