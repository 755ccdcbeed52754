#ifndef BIOTOPE_LAYERS_VFS_VFS_H_
#define BIOTOPE_LAYERS_VFS_VFS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "layers/ext2/messages.h"
#include "layers/vfs/dcache.h"
#include "layers/vfs/file.h"
#include "layers/vfs/messages.h"
#include "layers/vfs/mm.h"
#include "sim/cpu/cost_table.h"
#include "sim/cpu/layer_actor.h"

namespace biotope {

// Models: fs/open.c sys_open, filp_open, dentry_open; fs/namei.c open_namei, may_open,
// link_path_walk; fs/read_write.c sys_read, sys_pread64, vfs_read, sys_pwrite64, sys_lseek;
// mm/fadvise.c, mm/filemap.c sys_readahead; mm/mmap.c sys_mmap2, sys_munmap; mm/madvise.c;
// mm/memory.c do_no_page (Linux 2.6.11). One read-only file system, mounted at `mount_point`; every
// task is root. Left out on purpose: creating and writing (EROFS), permissions, pipes and devices,
// file locks.
class Vfs : public LayerActor {
 public:
  struct Parameters {
    std::string mount_point = "/";
    uint64_t max_rw_count = INT32_MAX;  // f_maxcount: a longer read fails
    uint32_t read_ahead_pages = 32;     // of the backing device
  };

  // `readahead`: the kernel's algorithm, which gives open files their state.
  Vfs(Engine& engine, const CostTable& costs, const Parameters& parameters,
      const Readahead& readahead);

  VfsPorts ports() { return {PortOf<&Vfs::OnCall>(*this)}; }
  // Mounts the file system; open finds nothing before. context: of a kernel thread or the init
  // task.
  Port<MountFs> mount_port() { return PortOf<&Vfs::OnMount>(*this); }
  // fget, for asynchronous I/O.
  Port<GetFile> get_file_port() { return PortOf<&Vfs::OnGetFile>(*this); }
  void Connect(const Ext2Ports& ext2) { ext2_ = ext2; }

 private:
  struct Costs {
    explicit Costs(const CostTable& costs);
    FunctionCost sys_open, sys_read, sys_pread64, sys_lseek, sys_close, sys_fadvise64,
        sys_readahead, vfs_read, vfs_write, sys_pwrite64, link_path_walk, sys_mmap, sys_munmap,
        sys_madvise, do_no_page;
  };
  // The state of one path walk.
  struct Walk {
    VfsInode* inode = nullptr;  // where it has come to
    int error = 0;
    int nested_links = 0;
    int total_links = 0;
  };

  Handler OnCall(VfsCall& call);
  Handler OnMount(MountFs& call);
  void OnGetFile(GetFile& call);

  Co<int64_t> SysOpen(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysRead(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysPread64(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysPwrite64(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysLseek(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysClose(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysFadvise64(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysReadahead(Context& context, const SyscallArguments& arguments);

  Co<int64_t> SysMmap(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysMunmap(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysMadvise(Context& context, const SyscallArguments& arguments);
  Co<int64_t> DoNoPage(Context& context, const SyscallArguments& arguments);
  Co<> MadviseWillNeed(Context& context, const VmArea& area);
  Co<> UnmapPages(Context& context, const std::vector<Page*>& pages);

  Co<int64_t> FilpOpen(Context& context, const SyscallArguments& arguments, int fd);
  Co<int64_t> VfsRead(Context& context, File& file, const SyscallArguments& arguments,
                      uint64_t* pos);
  Co<> LinkPathWalk(Context& context, std::string path, bool follow_last, Walk* walk);
  Co<VfsInode*> DoLookup(Context& context, VfsInode* directory, std::string_view name, int* error);
  int MayOpen(const VfsInode& inode, int flags) const;

  const Costs costs_;
  const Parameters parameters_;
  const Readahead& readahead_;
  Ext2Ports ext2_;
  VfsInode* root_ = nullptr;  // of the mounted file system
  Dcache dcache_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_VFS_VFS_H_
