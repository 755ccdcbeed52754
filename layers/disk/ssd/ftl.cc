#include "layers/disk/ssd/ftl.h"

#include <bit>
#include <utility>

#include "sim/core/check.h"

namespace biotope {

Ftl::Ftl(const SsdParameters& parameters, FlashOpPool& ops, FlashBackend& backend,
         FlashClient& host)
    : parameters_(parameters),
      page_bytes_(static_cast<uint32_t>(parameters.geometry.page.value())),
      first_translation_page_(static_cast<LogicalPage>(parameters.logical_pages())),
      ops_(ops),
      backend_(backend),
      host_(host),
      map_(parameters),
      blocks_(parameters, map_),
      planes_(parameters.geometry.nr_planes()) {
  Translation::Flash& flash = *this;
  if (!parameters.mapping.ideal) translation_.emplace(parameters, ops, flash);
  for (uint32_t plane = 0; plane < planes_.size(); ++plane) UpdateUrgency(plane);
}

void Ftl::Submit(OpId id, Tick now) {
  if (!translation_ || translation_->Find(id, now)) Place(id, now);
}

void Ftl::Place(OpId id, Tick now) {
  ops_[id].plane = map_.PlaneOf(ops_[id].page);
  if (ops_[id].kind == FlashOpKind::kRead) {
    PlaceRead(id, now);
  } else if (MustWait(ops_[id].plane)) {
    planes_[ops_[id].plane].waiting_programs.PushBack(ops_, id);
    CheckCollection(ops_[id].plane);
  } else {
    PlaceProgram(id, now);
  }
}

// What was never written is taken as just written, so that it lies somewhere. When the plane is
// short of blocks it is taken to lie at the beginning, and not noted.
void Ftl::PlaceRead(OpId id, Tick now) {
  const LogicalPage page = ops_[id].page;
  const LogicalPageMap::Location location = map_.Find(page);
  if (location.parts != 0) {
    ops_[id].position = location.position;
  } else if (!MustWait(ops_[id].plane)) {
    ops_[id].position = Relocate(page, ops_[id].touched, WriteStream::kHost, now);
  }
  backend_.Enqueue(id);
}

void Ftl::PlaceProgram(OpId id, Tick now) {
  const LogicalPageMap::Location old = map_.Find(ops_[id].page);
  const auto parts = static_cast<PageParts>(old.parts | ops_[id].touched);
  const auto rest = static_cast<PageParts>(old.parts & ~ops_[id].covered);
  ops_[id].position = Relocate(ops_[id].page, parts, WriteStream::kHost, now);
  if (rest == 0) {
    backend_.Enqueue(id);
  } else {
    ReadRest(id, old.position, rest);
  }
}

FlashPosition Ftl::Relocate(LogicalPage page, PageParts parts, WriteStream stream, Tick now) {
  const uint32_t plane = map_.PlaneOf(page);
  const LogicalPageMap::Location old = map_.Find(page);
  if (old.parts != 0) blocks_.Invalidate(plane, old.position);
  const uint32_t free_before = blocks_.free_blocks(plane);
  const FlashPosition position = blocks_.Allocate(plane, stream, page);
  map_.Set(page, {.position = position, .parts = parts});
  if (translation_ && page < first_translation_page_) translation_->Changed(page, now);
  if (blocks_.free_blocks(plane) != free_before) CheckCollection(plane);
  return position;
}

void Ftl::ReadRest(OpId program, FlashPosition position, PageParts parts) {
  ++statistics_.update_reads;
  const OpId id = ops_.Allocate();
  FlashOp& read = ops_[id];
  read.kind = FlashOpKind::kRead;
  read.source = FlashOpSource::kUpdate;
  read.plane = ops_[program].plane;
  read.position = position;
  read.bytes = static_cast<uint32_t>(std::popcount(parts)) * (page_bytes_ / kPartsPerPage);
  read.owner = program;
  // Parts that the write only touches are read, and programmed once.
  const auto added =
      static_cast<unsigned>(std::popcount(static_cast<PageParts>(parts & ~ops_[program].touched)));
  ops_[program].bytes += added * (page_bytes_ / kPartsPerPage);
  backend_.Enqueue(id);
}

void Ftl::OnFlashDone(OpId id, Tick now) {
  switch (ops_[id].source) {
    case FlashOpSource::kHost:
      host_.OnFlashDone(id, now);
      return;
    case FlashOpSource::kUpdate:
      backend_.Enqueue(ops_[id].owner);
      break;
    case FlashOpSource::kMapping:
      OnTranslationDone(id, now);
      break;
    case FlashOpSource::kCollection:
      OnCollectionDone(id, now);
      return;
  }
  ops_.Free(id);
}

void Ftl::OnTranslationDone(OpId id, Tick now) {
  const uint32_t number = ops_[id].owner;
  if (ops_[id].kind == FlashOpKind::kProgram) {
    translation_->OnProgrammed(number);
    return;
  }
  FlashOpList ready = translation_->OnRead(number, now);
  while (!ready.empty()) Place(ready.PopFront(ops_), now);
}

void Ftl::ReadTranslationPage(uint32_t number, Tick) {
  const LogicalPage page = first_translation_page_ + number;
  const OpId id = ops_.Allocate();
  FlashOp& op = ops_[id];
  op.kind = FlashOpKind::kRead;
  op.source = FlashOpSource::kMapping;
  op.plane = map_.PlaneOf(page);
  op.position = map_.Find(page).position;
  op.bytes = static_cast<uint32_t>(parameters_.mapping.read.value());
  op.owner = number;
  backend_.Enqueue(id);
}

void Ftl::ProgramTranslationPage(uint32_t number, Tick now) {
  const LogicalPage page = first_translation_page_ + number;
  const OpId id = ops_.Allocate();
  ops_[id].kind = FlashOpKind::kProgram;
  ops_[id].source = FlashOpSource::kMapping;
  ops_[id].plane = map_.PlaneOf(page);
  ops_[id].bytes = page_bytes_;
  ops_[id].owner = number;
  ops_[id].page = page;
  if (MustWait(ops_[id].plane)) {
    planes_[ops_[id].plane].waiting_programs.PushBack(ops_, id);
    CheckCollection(ops_[id].plane);
  } else {
    PlaceTranslationProgram(id, now);
  }
}

void Ftl::PlaceTranslationProgram(OpId id, Tick now) {
  ops_[id].position = Relocate(ops_[id].page, kWholePage, WriteStream::kMapping, now);
  backend_.Enqueue(id);
}

}  // namespace biotope
