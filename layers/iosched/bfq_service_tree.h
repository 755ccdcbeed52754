#ifndef BIOTOPE_LAYERS_IOSCHED_BFQ_SERVICE_TREE_H_
#define BIOTOPE_LAYERS_IOSCHED_BFQ_SERVICE_TREE_H_

#include <array>
#include <boost/intrusive/set.hpp>
#include <cstddef>
#include <cstdint>
#include <map>

#include "layers/iosched/bfq_queue.h"

namespace biotope {

// B-WF2Q+: which queue is served next, so that each gets the share that its weight gives it.
// Models: block/bfq-wf2q.c, and the weight counters of block/bfq-iosched.c (Linux 6.18). Left out
// on purpose: groups (cgroups), so that there is one level of queues. The search for the eligible
// queue that ends first goes through the queues in order instead of down an augmented tree.
//
// J. Bennett, H. Zhang, "Hierarchical packet fair queueing algorithms", IEEE/ACM ToN 5(5), 1997;
// P. Valente, A. Avanzini, "Evolution of the BFQ storage I/O scheduler", MST 2015.
class BfqServiceTrees {
 public:
  // `idle_class_timeout`: so many jiffies the idle class waits for the others at most.
  explicit BfqServiceTrees(Jiffies idle_class_timeout) : idle_class_timeout_(idle_class_timeout) {}

  // bfq_activate_bfqq: the queue, which has its budget, is to be served.
  void Activate(BfqQueue& queue, Jiffies now);
  // bfq_requeue_bfqq: it has another budget, or (`expiration`) it is no longer in service, but
  // still wants to be.
  void Requeue(BfqQueue& queue, bool expiration, Jiffies now);
  // bfq_deactivate_bfqq: it is not to be served any more.
  void Deactivate(BfqQueue& queue, bool expiration, Jiffies now);

  // bfq_get_next_queue: puts the next queue in service. At least one is active, and none in
  // service.
  BfqQueue& TakeNext(Jiffies now);
  // __bfq_bfqd_reset_in_service: after its deactivation or requeueing.
  void ResetInService() { in_service_ = nullptr; }

  // bfq_bfqq_served: `sectors` are charged to the queue.
  void Served(BfqQueue& queue, int64_t sectors);

  // __bfq_entity_update_weight_prio: weight and, if `class_too`, class become what they should be.
  void UpdateWeight(BfqQueue& queue, bool class_too);

  // bfq_weights_tree_add, bfq_weights_tree_remove: the weights of queues with requests, in flight
  // or not, raised ones excepted.
  void CountWeight(BfqQueue& queue);
  void UncountWeight(BfqQueue& queue);
  // Whether the weights differ in a way that disadvantages somebody else than `queue`.
  bool HasVariedWeights(const BfqQueue& queue) const;

  // Tags of `limit` that are the share of the queue (bfqq_request_over_limit).
  uint64_t ShareOf(const BfqQueue& queue, uint64_t limit) const;

 private:
  struct FinishOf {
    using type = uint64_t;
    uint64_t operator()(const BfqQueue& queue) const { return queue.entity.finish; }
  };
  // Virtual time wraps around.
  struct Before {
    bool operator()(uint64_t a, uint64_t b) const { return static_cast<int64_t>(a - b) < 0; }
  };
  using Tree = boost::intrusive::multiset<
      BfqQueue,
      boost::intrusive::member_hook<BfqQueue, decltype(BfqQueue::tree_hook), &BfqQueue::tree_hook>,
      boost::intrusive::key_of_value<FinishOf>, boost::intrusive::compare<Before>,
      boost::intrusive::constant_time_size<false>>;

  // The queues of one class, by the end of their service.
  struct ServiceTree {
    uint64_t vtime = 0;
    uint64_t wsum = 0;  // of the weights of all in the trees and in service
    Tree active;
    Tree idle;  // have received more than their share: they stay until the others have caught up
  };
  static constexpr size_t kNrClasses = 3;

  static size_t IndexOf(const BfqQueue& queue);
  ServiceTree& TreeOf(const BfqQueue& queue) { return trees_[IndexOf(queue)]; }
  void EnqueueActive(BfqQueue& queue, bool backshifted);
  void ActivateIdle(BfqQueue& queue);
  void RequeueActive(BfqQueue& queue);
  void Extract(BfqQueue& queue);
  void Forget(BfqQueue& queue);
  static void ForgetIdle(ServiceTree& tree);
  void UpdateNextInService(BfqQueue* changed, bool expiration, Jiffies now);
  BfqQueue* LookUpNext(bool in_service, Jiffies now);
  BfqQueue* FirstEligible(ServiceTree& tree, bool in_service);

  const Jiffies idle_class_timeout_;
  std::array<ServiceTree, kNrClasses> trees_;  // real time, best effort, idle
  BfqQueue* in_service_ = nullptr;
  BfqQueue* next_in_service_ = nullptr;  // as of the last change of the trees
  Jiffies idle_class_last_service_ = 0;
  std::map<uint32_t, uint32_t> weight_counts_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_BFQ_SERVICE_TREE_H_
