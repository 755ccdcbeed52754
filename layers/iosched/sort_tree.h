#ifndef BIOTOPE_LAYERS_IOSCHED_SORT_TREE_H_
#define BIOTOPE_LAYERS_IOSCHED_SORT_TREE_H_

#include <boost/intrusive/set.hpp>

#include "layers/block/request.h"
#include "sim/core/units.h"

namespace biotope {

// Queued requests by their start sector (sort_list of the schedulers).
// Models: the rbtree helpers of drivers/block/deadline-iosched.c (Linux 2.6.11); the other
// schedulers of that kernel have the same.
//
// A request whose start has changed is still in its old place: Remove it and insert it again before
// the next InsertUnlessAlias or Find.
class SortTree {
 public:
  bool empty() const { return tree_.empty(); }

  // Puts `request` in, unless another one has the same start: then nothing happens and that one,
  // the alias, is returned. Null: it is in.
  Request* InsertUnlessAlias(Request& request) {
    const auto [position, inserted] = tree_.insert(request);
    return inserted ? nullptr : &*position;
  }

  void Remove(Request& request) { tree_.erase(tree_.iterator_to(request)); }

  // The request that starts at `sector`, or null.
  Request* Find(Sector sector) { return Get(tree_.find(sector)); }

  // The request with the lowest sector, or null.
  Request* First() { return Get(tree_.begin()); }

  // The neighbours of a request of the tree (rb_prev, rb_next), or null.
  Request* Former(Request& request) {
    auto position = tree_.iterator_to(request);
    return position == tree_.begin() ? nullptr : &*--position;
  }
  Request* Latter(Request& request) { return Get(++tree_.iterator_to(request)); }

 private:
  struct StartOf {
    using type = Sector;
    Sector operator()(const Request& request) const { return request.sector; }
  };
  using Tree = boost::intrusive::set<
      Request,
      boost::intrusive::member_hook<Request, decltype(Request::sort_hook), &Request::sort_hook>,
      boost::intrusive::key_of_value<StartOf>, boost::intrusive::constant_time_size<false>>;

  Request* Get(Tree::iterator position) { return position == tree_.end() ? nullptr : &*position; }

  Tree tree_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_SORT_TREE_H_
