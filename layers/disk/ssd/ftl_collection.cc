// The garbage collection of ftl.h.

#include <utility>

#include "layers/disk/ssd/ftl.h"
#include "sim/core/check.h"

namespace biotope {

// Without preemption it is always urgent; with it when a plane is short of free blocks.
void Ftl::UpdateUrgency(uint32_t plane) {
  const SsdGarbageCollection& collection = parameters_.collection;
  backend_.SetUrgent(
      plane, !collection.preemptible || blocks_.free_blocks(plane) < collection.urgent_blocks);
}

// A collection may need a whole block before it gives one back.
void Ftl::CheckCollection(uint32_t plane) {
  UpdateUrgency(plane);
  const SsdGarbageCollection& collection = parameters_.collection;
  if (blocks_.free_blocks(plane) >= collection.threshold_blocks) return;
  if (planes_[plane].collections >= collection.max_jobs) return;
  if (planes_[plane].collections + 1 >= blocks_.free_blocks(plane)) return;
  if (const std::optional<uint32_t> block = blocks_.TakeVictim(plane)) Collect(plane, *block);
}

void Ftl::Collect(uint32_t plane, uint32_t block) {
  ++statistics_.collections;
  ++planes_[plane].collections;
  backend_.BeginCollection(plane);
  if (unused_collections_.empty()) {
    unused_collections_.push_back(static_cast<uint32_t>(collections_.size()));
    collections_.emplace_back();
  }
  const uint32_t number = unused_collections_.back();
  unused_collections_.pop_back();
  collections_[number] = {.plane = plane, .block = block, .moving = 1};
  const FlashPosition first = block * parameters_.geometry.pages_per_block;
  for (uint32_t i = 0; i < parameters_.geometry.pages_per_block; ++i) {
    const LogicalPage page = blocks_.PageAt(plane, first + i);
    if (page == FlatIndex::kNone) continue;
    const LogicalPageMap::Location location = map_.Find(page);
    if (location.parts == 0 || location.position != first + i) continue;
    ++collections_[number].moving;
    const OpId id = ops_.Allocate();
    FlashOp& read = ops_[id];
    read.kind = FlashOpKind::kRead;
    read.source = FlashOpSource::kCollection;
    read.page = page;
    read.plane = plane;
    read.position = first + i;
    read.bytes = page_bytes_;
    read.owner = number;
    backend_.Enqueue(id);
  }
  OnPageMoved(number);  // the one that stands for this loop
}

void Ftl::OnCollectionDone(OpId id, Tick now) {
  const uint32_t collection = ops_[id].owner;
  switch (ops_[id].kind) {
    case FlashOpKind::kRead:
      OnPageRead(id, now);
      return;
    case FlashOpKind::kProgram:
      OnPageMoved(collection);
      break;
    case FlashOpKind::kErase:
      OnErased(collection, now);
      break;
  }
  ops_.Free(id);
}

void Ftl::OnPageRead(OpId id, Tick now) {
  const LogicalPageMap::Location location = map_.Find(ops_[id].page);
  if (location.position != ops_[id].position) {  // the host has written it meanwhile
    OnPageMoved(ops_[id].owner);
    ops_.Free(id);
    return;
  }
  ++statistics_.moved_pages;
  ops_[id].kind = FlashOpKind::kProgram;
  const FlashPosition position =
      Relocate(ops_[id].page, location.parts, WriteStream::kCollection, now);
  ops_[id].position = position;
  backend_.Enqueue(id);
}

void Ftl::OnPageMoved(uint32_t number) {
  Collection& collection = collections_[number];
  if (--collection.moving > 0) return;
  const OpId id = ops_.Allocate();
  FlashOp& erase = ops_[id];
  erase.kind = FlashOpKind::kErase;
  erase.source = FlashOpSource::kCollection;
  erase.plane = collection.plane;
  erase.position = collection.block * parameters_.geometry.pages_per_block;
  erase.owner = number;
  backend_.Enqueue(id);
}

void Ftl::OnErased(uint32_t number, Tick now) {
  const Collection collection = collections_[number];
  unused_collections_.push_back(number);
  Plane& plane = planes_[collection.plane];
  --plane.collections;
  backend_.EndCollection(collection.plane);
  blocks_.Erased(collection.plane, collection.block);
  UpdateUrgency(collection.plane);
  while (!plane.waiting_programs.empty() && !MustWait(collection.plane)) {
    const OpId id = plane.waiting_programs.PopFront(ops_);
    if (ops_[id].source == FlashOpSource::kMapping) {
      PlaceTranslationProgram(id, now);
    } else {
      PlaceProgram(id, now);
    }
  }
  if (MustWait(collection.plane)) CheckCollection(collection.plane);
}

}  // namespace biotope
