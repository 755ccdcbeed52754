#ifndef BIOTOPE_LAYERS_IOSCHED_BFQ_QUEUE_H_
#define BIOTOPE_LAYERS_IOSCHED_BFQ_QUEUE_H_

#include <bit>
#include <boost/intrusive/set_hook.hpp>
#include <cstdint>
#include <optional>

#include "layers/block/io_priority.h"
#include "layers/block/request.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/request_tree.h"
#include "sim/core/units.h"

namespace biotope {

// Models: struct bfq_entity and struct bfq_queue of block/bfq-iosched.h (Linux 6.18).

// A date in jiffies, and one before all others (bfq_smallest_from_now).
using Jiffies = int64_t;
inline constexpr Jiffies kLongAgo = INT64_MIN / 4;

// What B-WF2Q+ knows of a queue. Service and budgets are in sectors, timestamps in virtual time.
struct BfqEntity {
  enum class Tree { kNone, kActive, kIdle };

  Tree tree = Tree::kNone;
  bool on_service_tree = false;  // in a tree or in service: its weight counts
  uint64_t start = 0;
  uint64_t finish = 0;
  int64_t budget = 0;        // that it may consume now
  int64_t service = 0;       // that it has received of it
  uint32_t weight = 0;       // raising included
  uint32_t orig_weight = 0;  // without
  uint32_t new_weight = 0;   // takes the place of orig_weight at the next activation
  bool prio_changed = true;  // weight or class are to be computed anew
};

// The requests of one process that somebody waits for, or those of one priority that nobody waits
// for; and what is known of who issues them.
struct BfqQueue {
  bool sync = true;
  IoPriorityClass priority_class = IoPriorityClass::kBestEffort;
  IoPriority new_ioprio;  // as its process has it now
  BfqEntity entity;
  boost::intrusive::set_member_hook<> tree_hook;  // a tree of BfqServiceTrees

  RequestTree sorted;
  RequestFifo fifo;
  Request* next_request = nullptr;
  uint32_t queued = 0;
  uint32_t dispatched = 0;  // in flight

  bool busy = false;                  // to be served, or being served
  bool wait_request = false;          // in service, empty, and the device waits for it
  bool non_blocking_wait_rq = false;  // was expired while it waited for its process
  bool fifo_expire = false;           // its FIFO has been looked at in this service slot
  int64_t max_budget = 0;
  Jiffies budget_timeout = kLongAgo;  // while it is not busy: since when it is empty and idle

  // The process: how soon it goes on (think time), how much of the time it is busy, where it reads.
  bool just_created = true;
  bool has_short_ttime = true;
  bool io_bound = true;
  uint64_t last_end_request_ns = 0;
  uint64_t ttime_samples = 0;
  uint64_t ttime_total_ns = 0;
  uint64_t ttime_mean_ns = 0;
  uint64_t io_start_time_ns = 0;
  uint64_t tot_idle_time_ns = 0;
  uint32_t seek_history = 1;  // the last 32 requests, a bit for each that was far away
  Sector last_request_pos;

  // Weight raising.
  uint32_t wr_coeff = 1;  // 1: not raised
  Jiffies last_wr_start_finish = 0;
  Jiffies wr_cur_max_time = 0;
  Jiffies wr_start_at_switch_to_srt = kLongAgo;
  uint64_t service_from_wr = 0;
  Jiffies soft_rt_next_start =
      0;  // when its next request must not come before to be soft real-time
  Jiffies last_idle_backlogged = 0;      // when it became busy
  uint64_t service_from_backlogged = 0;  // since then
  bool softrt_update = false;
  bool in_burst_list = false;
  bool in_large_burst = false;

  std::optional<uint32_t> counted_weight;  // under which BfqServiceTrees has counted it

  bool is_idle_class() const { return priority_class == IoPriorityClass::kIdle; }
  bool is_raised() const { return wr_coeff > 1; }
  bool is_seeky() const { return std::popcount(seek_history) > 19; }
  bool is_totally_seeky() const { return seek_history == UINT32_MAX; }
  int64_t budget_left() const { return entity.budget - entity.service; }
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_BFQ_QUEUE_H_
