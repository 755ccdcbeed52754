#include "layers/iosched/merge_hash.h"

namespace biotope {

Request* MergeHash::Find(Sector sector) {
  Bucket& bucket = BucketOf(sector);
  for (auto it = bucket.begin(); it != bucket.end();) {
    Request& request = *it++;
    if (!request.Mergeable()) {
      Remove(request);
    } else if (request.end() == sector) {
      return &request;
    }
  }
  return nullptr;
}

}  // namespace biotope
