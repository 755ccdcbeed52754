#include "layers/page_cache/page_cache.h"

#include <cerrno>

#include "layers/page_cache/forced_readahead.h"
#include "layers/page_cache/truncate.h"
#include "sim/core/check.h"

namespace biotope {

PageCache::Costs::Costs(const CostTable& costs)
    : page_cache_readahead(costs.Get("page_cache_readahead")),
      find_get_page(costs.Get("find_get_page")),
      add_to_page_cache(costs.Get("add_to_page_cache")),
      mpage_readpages(costs.Get("mpage_readpages")),
      do_mpage_readpage(costs.Get("do_mpage_readpage")),
      submit_bio(costs.Get("submit_bio")),
      mpage_end_io(costs.Get("mpage_end_io")),
      unlock_page(costs.Get("unlock_page")) {}

PageCache::PageCache(Engine& engine, const CostTable& costs, const Parameters& parameters,
                     const Readahead& readahead, BioIds& bio_ids)
    : LayerActor(engine, Layer::kPageCache, "page_cache"),
      costs_(costs),
      parameters_(parameters),
      readahead_(readahead),
      bio_ids_(bio_ids),
      page_bio_end_(PortOf<&PageCache::OnPageBioEnd>(*this)),
      zone_(parameters.memory_pages, parameters.cpus) {}

PageCachePorts PageCache::ports() {
  return {PortOf<&PageCache::OnFindGetPage>(*this),    PortOf<&PageCache::OnWaitOnPage>(*this),
          PortOf<&PageCache::OnReadPage>(*this),       PortOf<&PageCache::OnPutPage>(*this),
          PortOf<&PageCache::OnForceReadahead>(*this), PortOf<&PageCache::OnInvalidate>(*this),
          PortOf<&PageCache::OnFindFaultPage>(*this),  PortOf<&PageCache::OnMapPageFrame>(*this)};
}

// -- Finding pages

Handler PageCache::OnFindGetPage(FindGetPage& call) {
  Context& context = *call.context;
  if (call.readahead_pages > 0) {
    call.readahead_done = co_await PageCacheReadahead(context, *call.mapping, *call.readahead,
                                                      {.trigger = ReadaheadCall::Trigger::kRequest,
                                                       .offset = call.index,
                                                       .req_size = call.readahead_pages});
  }
  // The tree's levels are dependent loads: each costs like a unit.
  co_await Execute(context, costs_.find_get_page, call.mapping->tree_height());
  call.page = call.mapping->FindGetPage(call.index).page;
  if (call.page == nullptr) {
    if (call.readahead != nullptr) {
      co_await PageCacheReadahead(context, *call.mapping, *call.readahead,
                                  {.trigger = ReadaheadCall::Trigger::kMiss, .offset = call.index});
    }
  } else if (call.page->uptodate && call.mark_accessed) {
    zone_.lru().MarkPageAccessed(*call.page);
  }
  Reply(call);
}

// The first part of filemap_nopage: until the page is found, or must be read alone.
Handler PageCache::OnFindFaultPage(FindFaultPage& call) {
  using Trigger = ReadaheadCall::Trigger;
  Context& context = *call.context;
  AddressSpace& mapping = *call.mapping;
  const auto readahead_call = [&call](Trigger trigger) {
    return ReadaheadCall{.trigger = trigger, .offset = call.index, .mapping_advice = call.advice};
  };
  // A mapping that is read in order is read ahead as a file is.
  if (call.advice == ReadAdvice::kSequential) {
    co_await PageCacheReadahead(context, mapping, *call.readahead,
                                readahead_call(Trigger::kRequest));
  }
  co_await Execute(context, costs_.find_get_page, mapping.tree_height());
  call.page = mapping.FindGetPage(call.index).page;
  const bool found = call.page != nullptr;
  co_await PageCacheReadahead(context, mapping, *call.readahead,
                              readahead_call(found ? Trigger::kFaultHit : Trigger::kFaultMiss));
  if (!found) call.page = mapping.FindGetPage(call.index).page;
  Reply(call);
}

void PageCache::OnMapPageFrame(MapPageFrame& call) {
  Page& page = *call.page;
  zone_.lru().MarkPageAccessed(page);
  if (call.map) {
    ++page.mapcount;
  } else {
    --page.mapcount;
    zone_.lru().Release(page);
  }
  Reply(call);
}

// __lock_page and unlock_page by a reader that only wants the page to be up to date.
Handler PageCache::OnWaitOnPage(WaitOnPage& call) {
  Context& context = *call.context;
  Page& page = *call.page;
  while (page.locked) {
    UnplugQueue sync_page;
    co_await Ask(block_.unplug, sync_page, context);
    if (!page.locked) break;
    Waiter waiter;
    waiter.context = &context;
    page.waiters.PushBack(waiter);
    co_await SleepIn(context, {"page", page.index.value()});
  }
  if (page.uptodate && call.mark_accessed) zone_.lru().MarkPageAccessed(page);
  Reply(call);
}

void PageCache::OnPutPage(PutPage& call) {
  zone_.lru().Release(*call.page);
  Reply(call);
}

// unlock_page.
void PageCache::UnlockPage(Page& page, uint64_t bio) {
  page.locked = false;
  while (PageWaiter* waiter = page.waiters.PopFront()) {
    Context& context = *static_cast<Waiter*>(waiter)->context;
    context.core().Wake(context, bio);
  }
}

// -- Reading pages

Handler PageCache::OnReadPage(ReadPage& call) {
  Context& context = *call.context;
  if (call.page == nullptr) {
    call.page = AllocPage(context);
    if (call.page == nullptr) {
      call.error = -ENOMEM;
      Reply(call);
      co_return;
    }
    co_await Execute(context, costs_.add_to_page_cache);
    if (call.mapping->AddToPageCache(*call.page, call.index) != 0) {
      zone_.lru().Release(*call.page);
      call.page = call.mapping->FindGetPage(call.index).page;
      Reply(call);
      co_return;
    }
    zone_.lru().CacheAdd(*call.page, context.core().id());
  } else {
    // A page whose last read has failed.
    call.page->locked = true;
    call.page->error = false;
  }
  co_await MpageReadpage(context, *call.mapping, *call.page);
  Reply(call);
}

// Carries out a call of the readahead algorithm; returns the pages that are taken care of.
Co<uint64_t> PageCache::PageCacheReadahead(Context& context, AddressSpace& mapping, FileRaState& ra,
                                           ReadaheadCall call) {
  co_await Execute(context, costs_.page_cache_readahead);
  std::optional<ReadaheadSubmission> wanted = readahead_.Begin(ra, call);
  while (wanted) {
    const SubmitResult result = co_await DoPageCacheReadahead(context, mapping, *wanted);
    wanted = readahead_.Submitted(ra, call, result);
  }
  co_return call.taken;
}

// __do_page_cache_readahead.
Co<SubmitResult> PageCache::DoPageCacheReadahead(Context& context, AddressSpace& mapping,
                                                 ReadaheadSubmission wanted) {
  SubmitResult result;
  if (!wanted.block) {
    QueryCongestion query;
    co_await Ask(block_.congestion, query, context);
    result.congested = query.read_congested;
    if (result.congested) co_return result;
  }
  Page* pool = nullptr;
  result.pages_started = CollectMissing(context, mapping, wanted, &pool);
  if (pool != nullptr) {
    co_await MpageReadpages(context, mapping, pool, result.pages_started);
  }
  co_return result;
}

// Allocates a page for each one of the range that is missing; a chain by next_in_bio.
uint64_t PageCache::CollectMissing(const Context& context, AddressSpace& mapping,
                                   const ReadaheadSubmission& wanted, Page** pool) {
  const std::optional<PageIndex> end = mapping.end_index();
  if (!end) return 0;
  uint64_t collected = 0;
  for (uint64_t i = 0; i < wanted.count; ++i) {
    const PageIndex index = wanted.start + PageIndex(i);
    if (index > *end) break;
    if (mapping.Lookup(index).page != nullptr) continue;
    Page* page = AllocPage(context);
    if (page == nullptr) break;
    page->index = index;
    *pool = page;
    pool = &page->next_in_bio;
    ++collected;
  }
  return collected;
}

Handler PageCache::OnForceReadahead(ForceReadahead& call) {
  ForcedReadahead forced(call.start, zone_.MaxSaneReadahead(call.count));
  while (const std::optional<ReadaheadSubmission> chunk = forced.Next()) {
    co_await DoPageCacheReadahead(*call.context, *call.mapping, *chunk);
  }
  Reply(call);
}

// -- Memory

// __alloc_pages for a page of a file. Null: there is none to be had.
//
// Left out so far: kswapd as a thread of its own. Its work is done at once by whoever would wake
// it, and reclaim costs no time; with clean pages it only forgets.
Page* PageCache::AllocPage(const Context& context) {
  const uint32_t cpu = context.core().id();
  if (Page* page = zone_.Allocate(zone_.marks().pages_low)) return page;
  Reclaim(PageReclaim::Kind::kKswapd, cpu);
  if (Page* page = zone_.Allocate(zone_.marks().pages_min)) return page;
  Reclaim(PageReclaim::Kind::kDirect, cpu);
  return zone_.Allocate(zone_.marks().pages_min);
}

void PageCache::Reclaim(PageReclaim::Kind kind, uint32_t cpu) {
  PageReclaim reclaim(kind);
  ReclaimResult result;
  for (;;) {
    const PageReclaim::Next next = reclaim.Step(zone_, cpu, result);
    if (next == PageReclaim::Next::kSuccess || next == PageReclaim::Next::kFailure) return;
  }
}

void PageCache::OnInvalidate(InvalidatePages& call) {
  if (call.count > 0) {
    InvalidateMappingPages(*call.mapping, call.start, call.start + PageIndex(call.count - 1),
                           zone_.lru(), call.context->core().id());
  }
  Reply(call);
}

}  // namespace biotope
