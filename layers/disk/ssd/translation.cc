#include "layers/disk/ssd/translation.h"

#include <utility>

#include "sim/core/check.h"

namespace biotope {

Translation::Translation(const SsdParameters& parameters, FlashOpPool& ops, Flash& flash)
    : entries_per_page_(parameters.mapping.entries_per_page),
      max_deferred_(parameters.mapping.deferred_pages),
      ops_(ops),
      flash_(flash),
      cache_(parameters.mapping.cache_entries),
      pages_(parameters.translation_pages()),
      deferred_(pages_.size()) {}

bool Translation::Find(OpId id, Tick now) {
  const LogicalPage page = ops_[id].page;
  const MappingCache::State state = cache_.Use(page);
  if (state == MappingCache::State::kValid) {
    ++statistics_.hits;
    return true;
  }
  ++statistics_.misses;
  Page& translation = PageOf(page);
  if (!translation.reading && translation.programs > 0) {
    Insert(page, now);
    return true;
  }
  translation.waiting.PushBack(ops_, id);
  if (state == MappingCache::State::kAbsent) Reserve(page, now);
  if (!translation.reading) {
    translation.reading = true;
    flash_.ReadTranslationPage(page / entries_per_page_, now);
  }
  return false;
}

// What makes room for the entry may be written back.
void Translation::Reserve(LogicalPage page, Tick now) {
  if (cache_.full()) {
    const MappingCache::Evicted evicted = cache_.Evict();
    if (evicted.changed > PageOf(evicted.page).written_back) {
      WriteBack(evicted.page / entries_per_page_, now);
    }
  }
  cache_.Reserve(page);
}

void Translation::Insert(LogicalPage page, Tick now) {
  const MappingCache::State state = cache_.Use(page);
  if (state == MappingCache::State::kValid) return;
  if (state == MappingCache::State::kAbsent) Reserve(page, now);
  cache_.Validate(page);
}

void Translation::Changed(LogicalPage page, Tick now) {
  Insert(page, now);
  cache_.MarkChanged(page, date_);
}

void Translation::WriteBack(uint32_t number, Tick now) {
  ++statistics_.write_backs;
  Page& page = pages_[number];
  page.written_back = date_++;
  page.merging = true;
  if (page.reading) return;
  page.reading = true;
  flash_.ReadTranslationPage(number, now);
}

FlashOpList Translation::OnRead(uint32_t number, Tick now) {
  Page& page = pages_[number];
  page.reading = false;
  if (std::exchange(page.merging, false)) Defer(number, now);
  FlashOpList ready = std::exchange(page.waiting, FlashOpList());
  for (OpId id = ready.head; id != kNoOp; id = ops_[id].next) Insert(ops_[id].page, now);
  return ready;
}

void Translation::Defer(uint32_t number, Tick now) {
  Page& page = pages_[number];
  if (!page.deferred) {
    page.deferred = true;
    ++page.programs;
    deferred_[(first_deferred_ + nr_deferred_++) % deferred_.size()] = number;
  }
  if (nr_deferred_ <= max_deferred_) return;
  const uint32_t oldest = deferred_[first_deferred_];
  first_deferred_ = (first_deferred_ + 1) % deferred_.size();
  --nr_deferred_;
  pages_[oldest].deferred = false;
  flash_.ProgramTranslationPage(oldest, now);
}

}  // namespace biotope
