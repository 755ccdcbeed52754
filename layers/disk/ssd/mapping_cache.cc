#include "layers/disk/ssd/mapping_cache.h"

#include "sim/core/check.h"

namespace biotope {

void MappingCache::Unlink(uint32_t id) {
  const Node& node = nodes_[id];
  (node.newer != FlatIndex::kNone ? nodes_[node.newer].older : newest_) = node.older;
  (node.older != FlatIndex::kNone ? nodes_[node.older].newer : oldest_) = node.newer;
}

void MappingCache::LinkNewest(uint32_t id) {
  nodes_[id].newer = FlatIndex::kNone;
  nodes_[id].older = newest_;
  (newest_ != FlatIndex::kNone ? nodes_[newest_].newer : oldest_) = id;
  newest_ = id;
}

MappingCache::State MappingCache::Use(LogicalPage page) {
  const uint32_t id = index_.Find(page);
  if (id == FlatIndex::kNone) return State::kAbsent;
  if (!nodes_[id].valid) return State::kReserved;
  if (id != newest_) {
    Unlink(id);
    LinkNewest(id);
  }
  return State::kValid;
}

void MappingCache::Reserve(LogicalPage page) {
  BIOTOPE_CHECK(!full(), "the mapping cache is full");
  uint32_t id = unused_;
  if (id == FlatIndex::kNone) {
    id = static_cast<uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    unused_ = nodes_[id].older;
  }
  nodes_[id].page = page;
  nodes_[id].changed = 0;
  nodes_[id].valid = false;
  index_.Set(page, id);
  LinkNewest(id);
}

void MappingCache::Validate(LogicalPage page) {
  const uint32_t id = index_.Find(page);
  BIOTOPE_CHECK(id != FlatIndex::kNone, "entry {} is not in the mapping cache", page);
  nodes_[id].valid = true;
}

MappingCache::Evicted MappingCache::Evict() {
  BIOTOPE_CHECK(oldest_ != FlatIndex::kNone, "the mapping cache is empty");
  const uint32_t id = oldest_;
  const Evicted evicted{.page = nodes_[id].page, .changed = nodes_[id].changed};
  Unlink(id);
  index_.Erase(evicted.page);
  nodes_[id].older = unused_;
  unused_ = id;
  return evicted;
}

void MappingCache::MarkChanged(LogicalPage page, uint32_t date) {
  const uint32_t id = index_.Find(page);
  if (id != FlatIndex::kNone) nodes_[id].changed = date;
}

}  // namespace biotope
