#include "layers/disk/ssd/write_buffer.h"

#include "sim/core/check.h"

namespace biotope {

WriteBuffer::WriteBuffer(const SsdParameters& parameters)
    : capacity_(static_cast<uint32_t>(parameters.buffer.capacity / parameters.geometry.page)),
      hot_window_(parameters.buffer.hot_window) {}

void WriteBuffer::Unlink(uint32_t id) {
  const Slot& slot = slots_[id];
  (slot.newer != FlatIndex::kNone ? slots_[slot.newer].older : newest_) = slot.older;
  (slot.older != FlatIndex::kNone ? slots_[slot.older].newer : oldest_) = slot.newer;
}

void WriteBuffer::LinkNewest(uint32_t id) {
  slots_[id].newer = FlatIndex::kNone;
  slots_[id].older = newest_;
  (newest_ != FlatIndex::kNone ? slots_[newest_].newer : oldest_) = id;
  newest_ = id;
}

void WriteBuffer::Remove(uint32_t id) {
  Unlink(id);
  index_.Erase(slots_[id].content.page);
  if (slots_[id].dirty) --nr_dirty_;
  slots_[id].older = unused_;
  unused_ = id;
}

PageParts WriteBuffer::Covered(LogicalPage page) {
  const uint32_t id = index_.Find(page);
  if (id == FlatIndex::kNone) return 0;
  Unlink(id);
  LinkNewest(id);
  return slots_[id].content.covered;
}

// A slot for the page, which is not in the buffer.
uint32_t WriteBuffer::Take(LogicalPage page) {
  uint32_t id = unused_;
  if (id == FlatIndex::kNone) {
    id = static_cast<uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    unused_ = slots_[id].older;
    slots_[id] = Slot();
  }
  slots_[id].content.page = page;
  index_.Set(page, id);
  LinkNewest(id);
  return id;
}

// What is on its way to the flash anyway leaves without another write.
std::optional<WriteBuffer::Content> WriteBuffer::EvictOldest() {
  const uint32_t id = oldest_;
  const Content content = slots_[id].content;
  const bool dirty = slots_[id].dirty;
  Remove(id);
  if (!dirty) return std::nullopt;
  return content;
}

bool WriteBuffer::WrittenLately(LogicalPage page, Tick now) {
  if (hot_window_ == Tick(0)) return false;
  if (now > next_reset_) {
    lately_.Clear();
    next_reset_ = now + hot_window_;
  }
  if (lately_.Find(page) != FlatIndex::kNone) return true;
  lately_.Set(page, 0);
  return false;
}

WriteBuffer::Written WriteBuffer::Write(LogicalPage page, PageParts touched, PageParts covered,
                                        bool through, Tick now) {
  Written written;
  uint32_t id = index_.Find(page);
  if (id == FlatIndex::kNone) {
    if (index_.size() >= capacity_) written.evicted = EvictOldest();
    id = Take(page);
  } else {
    Unlink(id);
    LinkNewest(id);
  }
  Slot& slot = slots_[id];
  slot.content.touched |= touched;
  slot.content.covered |= covered;
  slot.content.version = written.version = ++version_;
  const bool lately = WrittenLately(page, now);
  written.write_back = through || !lately;
  const bool dirty = !written.write_back;
  if (dirty != slot.dirty) nr_dirty_ += dirty ? 1 : UINT32_MAX;
  slot.dirty = dirty;
  return written;
}

std::optional<WriteBuffer::Content> WriteBuffer::TakeDirty() {
  if (nr_dirty_ == 0) return std::nullopt;
  for (uint32_t id = oldest_; id != FlatIndex::kNone; id = slots_[id].newer) {
    if (!slots_[id].dirty) continue;
    slots_[id].dirty = false;
    --nr_dirty_;
    return slots_[id].content;
  }
  BIOTOPE_CHECK(false, "{} dirty pages are not in the buffer", nr_dirty_);
}

void WriteBuffer::OnProgrammed(LogicalPage page, uint32_t version) {
  const uint32_t id = index_.Find(page);
  if (id != FlatIndex::kNone && slots_[id].content.version == version) Remove(id);
}

}  // namespace biotope
