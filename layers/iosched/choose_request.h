#ifndef BIOTOPE_LAYERS_IOSCHED_CHOOSE_REQUEST_H_
#define BIOTOPE_LAYERS_IOSCHED_CHOOSE_REQUEST_H_

#include <cstdint>

#include "layers/block/request.h"
#include "layers/iosched/sort_tree.h"
#include "sim/core/units.h"

namespace biotope {

// Which request is the shortest way from where the head was left?
// Models: as_choose_req and as_find_next_arq of drivers/block/as-iosched.c, cfq_choose_req and
// cfq_find_next_crq of cfq-iosched.c (Linux 2.6.11 to 2.6.20). Left out on purpose: that CFQ of
// 2.6.20 prefers metadata, which its ext2 does not mark.

// Backwards is dearer than forwards, and too far backwards is as good as the whole disk away.
struct SeekRule {
  uint64_t back_max;      // sectors
  uint64_t back_penalty;  // a sector backwards costs so many sectors forwards
};

// The better one of two with the head at `head`; either may be null. Of two that cost the same the
// higher one; of two that are too far behind, the lower one.
inline Request* ChooseRequest(Request* a, Request* b, Sector head, const SeekRule& rule) {
  if (a == nullptr || b == nullptr || a == b) return a == nullptr ? b : a;
  const auto is_wrapped = [&](const Request& request) {
    return request.sector < head && request.sector + Sector(rule.back_max) < head;
  };
  const auto cost = [&](const Request& request) {
    return request.sector >= head ? (request.sector - head).value()
                                  : (head - request.sector).value() * rule.back_penalty;
  };
  const bool a_wrapped = is_wrapped(*a), b_wrapped = is_wrapped(*b);
  if (a_wrapped != b_wrapped) return a_wrapped ? b : a;
  if (a_wrapped) return a->sector <= b->sector ? a : b;
  if (cost(*a) != cost(*b)) return cost(*a) < cost(*b) ? a : b;
  return a->sector >= b->sector ? a : b;
}

// What comes after `request`, which is about to leave `tree`: one of its neighbours, where the
// lowest is the neighbour of the highest. Null: it is the only one.
inline Request* ChooseNext(SortTree& tree, Request& request, Sector head, const SeekRule& rule) {
  Request* latter = tree.Latter(request);
  if (latter == nullptr) latter = tree.First();
  if (latter == &request) return nullptr;
  return ChooseRequest(latter, tree.Former(request), head, rule);
}

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_CHOOSE_REQUEST_H_
