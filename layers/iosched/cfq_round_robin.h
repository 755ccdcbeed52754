#ifndef BIOTOPE_LAYERS_IOSCHED_CFQ_ROUND_ROBIN_H_
#define BIOTOPE_LAYERS_IOSCHED_CFQ_ROUND_ROBIN_H_

#include <array>
#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>

#include "layers/block/io_priority.h"
#include "layers/iosched/cfq_task_queue.h"

namespace biotope {

// Whose turn is it? The lists of the queues that have requests.
// Models: cfq_resort_rr_list, cfq_get_next_prio_level and the lists rr_list, cur_rr, busy_rr and
// idle_rr of block/cfq-iosched.c (Linux 2.6.20).
//
// The queues of one level of the best-effort class have their turns, then those of another: level
// 0; 0, 1; 0, 1, 2; ... ; 0 to 7; and from the beginning, so that a low number comes more often.
// Real-time queues join whatever round is going on.
class CfqRoundRobin {
 public:
  // Queues with requests.
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // It has its first request. / It has none left.
  void Add(CfqTaskQueue& queue);
  void Remove(CfqTaskQueue& queue);
  // cfq_resort_rr_list: to the end of the list where it belongs now. `preempted`: it has not had
  // its turn to the end.
  void Resort(CfqTaskQueue& queue, bool preempted);
  // It is to be the next one.
  void MoveToFront(CfqTaskQueue& queue);

  // The next one that is not of the idle class; null: none.
  CfqTaskQueue* Next();
  // The next one of the idle class.
  CfqTaskQueue* NextIdle() { return idle_.empty() ? nullptr : &idle_.front(); }

 private:
  using List = boost::intrusive::list<
      CfqTaskQueue,
      boost::intrusive::member_hook<CfqTaskQueue, boost::intrusive::list_member_hook<>,
                                    &CfqTaskQueue::list_hook>,
      boost::intrusive::constant_time_size<false>>;

  List& ListOf(const CfqTaskQueue& queue);
  void Insert(CfqTaskQueue& queue, bool preempted);
  bool TakeNextLevel();

  std::array<List, kIoPriorityLevels> levels_;  // rr_list: best effort, nothing at the driver
  List current_;                                // cur_rr: the round
  List busy_;                                   // busy_rr: best effort, with requests at the driver
  List idle_;                                   // idle_rr
  size_t size_ = 0;
  size_t level_ = 0;       // cur_prio: the next level of this pass
  size_t last_level_ = 0;  // cur_end_prio: the pass ends with this one
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_CFQ_ROUND_ROBIN_H_
