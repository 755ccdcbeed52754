// How a page fault gets a page of a file: filemap_nopage and page_cache_read of mm/filemap.c, Linux
// 2.6.11. Left out on purpose: VM_FAULT_MAJOR counts, a page that is truncated meanwhile.

#include <cerrno>

#include "layers/ext2/ext2.h"

namespace biotope {

Handler Ext2::OnFault(FaultPage& call) {
  Context& context = *call.context;
  Ext2Inode& inode = static_cast<Ext2Inode&>(*call.inode);
  co_await Execute(context, costs_.filemap_nopage);
  const uint64_t pages = (inode.size + kPageSize - 1) / kPageSize;
  if (call.index >= PageIndex(pages)) {
    call.error = -EFAULT;
    Reply(call);
    co_return;
  }
  FindFaultPage find;
  find.mapping = &inode.mapping;
  find.readahead = call.readahead;
  find.index = call.index;
  find.advice = call.advice;
  co_await Ask(page_cache_.find_fault_page, find, context);
  call.page = find.page;
  if (call.page == nullptr || !call.page->uptodate) {
    call.error = co_await MakePageUptodate(context, inode.mapping, call.index, false, &call.page);
  }
  if (call.error == 0) {
    MapPageFrame map;
    map.page = call.page;
    co_await Ask(page_cache_.map_page_frame, map, context);
  }
  Reply(call);
}

Handler Ext2::OnUnmap(UnmapPage& call) {
  MapPageFrame unmap;
  unmap.page = call.page;
  unmap.map = false;
  co_await Ask(page_cache_.map_page_frame, unmap, *call.context);
  Reply(call);
}

}  // namespace biotope
