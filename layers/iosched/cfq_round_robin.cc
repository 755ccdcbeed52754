#include "layers/iosched/cfq_round_robin.h"

namespace biotope {

void CfqRoundRobin::Add(CfqTaskQueue& queue) {
  ++size_;
  Insert(queue, false);
}

void CfqRoundRobin::Remove(CfqTaskQueue& queue) {
  --size_;
  current_.erase(List::s_iterator_to(queue));
}

void CfqRoundRobin::Resort(CfqTaskQueue& queue, bool preempted) {
  current_.erase(List::s_iterator_to(queue));
  Insert(queue, preempted);
}

void CfqRoundRobin::MoveToFront(CfqTaskQueue& queue) {
  current_.erase(List::s_iterator_to(queue));
  current_.push_front(queue);
}

CfqRoundRobin::List& CfqRoundRobin::ListOf(const CfqTaskQueue& queue) {
  if (queue.is_real_time()) return current_;
  if (queue.is_idle_class()) return idle_;
  // Who has requests at the driver waits until they are finished, so that a task with many of them
  // does not push aside one that has one at a time.
  return queue.dispatched() > 0 ? busy_ : levels_[queue.ioprio.level];
}

// A queue that is new, or that has lost its turn, is meant to go before the others, behind those
// that are new too. What the kernel does: it looks for the last of the new ones at the front and
// goes before that one; and to the end if there is none.
void CfqRoundRobin::Insert(CfqTaskQueue& queue, bool preempted) {
  List& list = ListOf(queue);
  auto position = list.end();
  if (preempted || queue.is_new) {
    for (auto it = list.begin(); it != list.end() && it->is_new; ++it) position = it;
  }
  list.insert(position, queue);
}

CfqTaskQueue* CfqRoundRobin::Next() {
  if (!current_.empty() || TakeNextLevel()) return &current_.front();
  return busy_.empty() ? nullptr : &busy_.front();
}

// cfq_get_next_prio_level: the next level that has queues becomes the round.
bool CfqRoundRobin::TakeNextLevel() {
  for (bool wrapped = false;;) {
    for (; level_ <= last_level_; ++level_) {
      if (!levels_[level_].empty()) break;
    }
    if (level_ <= last_level_) break;
    level_ = 0;
    if (++last_level_ == kIoPriorityLevels) {
      last_level_ = 0;
      if (wrapped) return false;
      wrapped = true;
    }
  }
  current_.splice(current_.begin(), levels_[level_]);
  ++level_;
  if (level_ > last_level_) {
    last_level_ = level_;
    level_ = 0;
  }
  if (last_level_ == kIoPriorityLevels) level_ = last_level_ = 0;
  return true;
}

}  // namespace biotope
