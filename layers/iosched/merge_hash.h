#ifndef BIOTOPE_LAYERS_IOSCHED_MERGE_HASH_H_
#define BIOTOPE_LAYERS_IOSCHED_MERGE_HASH_H_

#include <array>
#include <boost/intrusive/list.hpp>
#include <cstddef>

#include "layers/block/request.h"
#include "sim/core/units.h"

namespace biotope {

// Queued requests by the sector behind their last one: which request can a bio be appended to?
// Models: deadline_find_drq_hash and its helpers in drivers/block/deadline-iosched.c
// (Linux 2.6.11); the other schedulers of that kernel have the same.
//
// Of several requests that end at one sector, the one that was added or made hot last is found. As
// they all are in one bucket, the number of buckets and the hash function have no influence.
class MergeHash {
 public:
  // In front of its bucket. `request` must not be in a hash.
  void Add(Request& request) { BucketOf(request.end()).push_front(request); }

  // Takes it out if it is in; its end may have changed since.
  static void Remove(Request& request) {
    if (request.hash_hook.is_linked()) request.hash_hook.unlink();
  }

  // `request` has a new end.
  void Reposition(Request& request) {
    Remove(request);
    Add(request);
  }

  // To the front of its bucket, if it is in.
  void MakeHot(Request& request) {
    if (request.hash_hook.is_linked()) Reposition(request);
  }

  // A request that ends before `sector` and may be merged with, or null. Forgets those on the way
  // that may not be merged with any more.
  Request* Find(Sector sector);

 private:
  static constexpr size_t kBucketBits = 7;

  using Bucket = boost::intrusive::list<
      Request,
      boost::intrusive::member_hook<Request, decltype(Request::hash_hook), &Request::hash_hook>,
      boost::intrusive::constant_time_size<false>>;

  Bucket& BucketOf(Sector end) {
    // Fibonacci hashing of blocks of 4 KiB.
    return buckets_[(end.value() >> 3) * 0x9E3779B97F4A7C15u >> (64 - kBucketBits)];
  }

  std::array<Bucket, 1 << kBucketBits> buckets_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_MERGE_HASH_H_
