#ifndef BIOTOPE_LAYERS_IOSCHED_REQUEST_TREE_H_
#define BIOTOPE_LAYERS_IOSCHED_REQUEST_TREE_H_

#include <boost/intrusive/set.hpp>

#include "layers/block/request.h"
#include "sim/core/units.h"

namespace biotope {

// Queued requests by their start sector, any number of them with the same one.
// Models: block/elevator.c elv_rb_add, elv_rb_del, elv_rb_find (Linux 6.18). Of several requests
// that start together elv_rb_find gives the one that happens to be highest in the tree; here it is
// the oldest.
//
// A request whose start has changed is still in its old place: Remove it and insert it again.
class RequestTree {
 public:
  bool empty() const { return tree_.empty(); }
  // Behind those that start at the same sector.
  void Insert(Request& request) { tree_.insert(request); }
  void Remove(Request& request) { tree_.erase(tree_.iterator_to(request)); }

  // A request that starts at `sector`, or null.
  Request* Find(Sector sector) { return Get(tree_.find(sector)); }
  // The lowest request that starts at `sector` or above, or null.
  Request* AtOrAbove(Sector sector) { return Get(tree_.lower_bound(sector)); }
  // The highest request that starts below `sector`, or null.
  Request* Below(Sector sector) {
    auto position = tree_.lower_bound(sector);
    return position == tree_.begin() ? nullptr : &*--position;
  }
  Request* First() { return Get(tree_.begin()); }
  Request* Last() { return tree_.empty() ? nullptr : &*--tree_.end(); }

  // The neighbours of a request of the tree, or null.
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
  using Tree = boost::intrusive::multiset<
      Request,
      boost::intrusive::member_hook<Request, decltype(Request::sort_hook), &Request::sort_hook>,
      boost::intrusive::key_of_value<StartOf>, boost::intrusive::constant_time_size<false>>;

  Request* Get(Tree::iterator position) { return position == tree_.end() ? nullptr : &*position; }

  Tree tree_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_REQUEST_TREE_H_
