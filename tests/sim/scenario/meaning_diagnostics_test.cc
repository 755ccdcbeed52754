// What a user sees when a scenario can be read but makes no sense: golden diagnostics of a good
// scenario with one edit.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/sim/scenario/test_scenario.h"

namespace biotope {
namespace {

struct MeaningCase {
  const char* name;
  const char* from;  // of kGoodScenario
  const char* to;
  const char* diagnostics;
};

const MeaningCase kCases[] = {
    {"NoVersion", "schema_version: 1\n", "",
     R"(s.textproto:1:1: error: schema_version is required
  note: begin the file with `schema_version: 1`)"},
    {"NewerVersion", "schema_version: 1", "schema_version: 2",
     R"(s.textproto:1:1: error: schema_version 2 is not known here; this program reads 1
schema_version: 2
^~~~~~~~~~~~~~
  note: the scenario was written for a newer biotope: upgrade)"},
    {"OlderVersion", "schema_version: 1", "schema_version: 0",
     R"(s.textproto:1:1: error: schema_version 0 is not known here; this program reads 1
schema_version: 0
^~~~~~~~~~~~~~)"},
    {"NoKernel", R"(kernel { profile: "test-1.0" })", "",
     R"(s.textproto:1:1: error: kernel is required)"},
    {"UnknownKernelProfile", R"("test-1.0")", R"("test1.0")",
     R"(s.textproto:2:10: error: kernel.profile: there is no profile "test1.0"; did you mean "test-1.0"?
kernel { profile: "test1.0" }
         ^~~~~~~
  note: profiles: test-1.0)"},
    {"UnknownCpuProfile", R"("slow")", R"("fast")",
     R"(s.textproto:3:17: error: machine.cpu.profile: there is no profile "fast"
machine { cpu { profile: "fast" } }
                ^~~~~~~
  note: profiles: slow)"},
    {"ProfileOfAnotherKind", R"("flat")", R"("slow")",
     R"(s.textproto:6:12: error: block_device.device.profile: there is no profile "slow"
  device { profile: "slow" }
           ^~~~~~~
  note: profiles: flat)"},
    {"NoProfile", R"(profile: "slow")", R"(model: "X")",
     R"(s.textproto:3:11: error: machine.cpu lacks frequency_khz
machine { cpu { model: "X" } }
          ^~~
  note: a profile gives them; `biotope list cpus` prints the names)"},
    {"OutOfRange", "scsi {}", "scsi {}\n  queue {\n    nr_requests: 2\n  }",
     R"(s.textproto:7:5: error: block_device.queue.nr_requests must be in [4, 65536], got 2
    nr_requests: 2
    ^~~~~~~~~~~)"},
    {"SeveralAtOnce", "{ cpu", R"({ memory: "1k" cores: 0 cpu)",
     R"(s.textproto:3:11: error: machine.memory must be in [4m, 16t], got 1k
machine { memory: "1k" cores: 0 cpu { profile: "slow" } }
          ^~~~~~
s.textproto:3:24: error: machine.cores must be in [1, 1024], got 0
machine { memory: "1k" cores: 0 cpu { profile: "slow" } }
                       ^~~~~)"},
    {"UnknownCost", R"(profile: "test-1.0")",
     R"(profile: "test-1.0" cost { function: "submit_boi" })",
     R"(s.textproto:2:37: error: kernel.cost[2].function: the profile has no function "submit_boi"; did you mean "submit_bio"?
kernel { profile: "test-1.0" cost { function: "submit_boi" } }
                                    ^~~~~~~~)"},
    {"CostGivenTwice", R"(profile: "test-1.0")",
     "profile: \"test-1.0\"\n  cost { function: \"vfs_read\" cycles: 1 }\n  cost { function: "
     "\"vfs_read\" cycles: 2 }\n",
     R"(s.textproto:4:10: error: kernel.cost[2].function: "vfs_read" is given twice, here and in kernel.cost[1]
  cost { function: "vfs_read" cycles: 2 }
         ^~~~~~~~)"},
    {"SchedulerOfAnotherKernel",
     "\"test-1.0\" }\nmachine { cpu { profile: \"slow\" } }\nblock_device {",
     "\"test-1.0\" schedulers: \"noop\" default_scheduler: \"noop\" }\nmachine { cpu { profile: "
     "\"slow\" } }\nblock_device {\n  queue { scheduler { deadline {} } }",
     R"(s.textproto:5:23: error: block_device.queue.scheduler.deadline: this kernel has no scheduler "deadline"
  queue { scheduler { deadline {} } }
                      ^~~~~~~~
  note: kernel.schedulers: noop)"},
    {"UnknownSchedulerInKernel", R"(profile: "test-1.0")",
     R"(profile: "test-1.0" schedulers: "noop" schedulers: "bio" default_scheduler: "nop")",
     R"(s.textproto:2:49: error: kernel.schedulers[1]: "bio" is not a scheduler of this program
kernel { profile: "test-1.0" schedulers: "noop" schedulers: "bio" default_scheduler: "nop" }
                                                ^~~~~~~~~~
  note: schedulers: noop, deadline, anticipatory, cfq, none, mq-deadline, kyber, bfq
s.textproto:2:67: error: kernel.default_scheduler: this kernel has no scheduler "nop"; did you mean "noop"?
kernel { profile: "test-1.0" schedulers: "noop" schedulers: "bio" default_scheduler: "nop" }
                                                                  ^~~~~~~~~~~~~~~~~
  note: kernel.schedulers: noop, bio)"},
    {"NoDriver", "scsi {}", "",
     R"(s.textproto:4:1: error: block_device needs one of: scsi, ide
block_device {
^~~~~~~~~~~~)"},
    {"NoDrive", R"(profile: "flat")", "",
     R"(s.textproto:6:3: error: block_device.device needs one of: hdd, fixed_latency, drive_directory, ssd
  device {  }
  ^~~~~~)"},
    {"RequestTooLarge", "scsi {}", "ide { lba48: false }\n  queue { max_sectors_kb: 256 }",
     R"(s.textproto:6:11: error: block_device.queue.max_sectors_kb must be at most 128, the driver's largest request, got 256
  queue { max_sectors_kb: 256 }
          ^~~~~~~~~~~~~~)"},
    {"NotAPowerOfTwo", R"(size: "64m")", R"(size: "64m" block_size: 3000)",
     R"(s.textproto:9:28: error: filesystem.synthesize.block_size must be a power of two, got 3000
  synthesize { size: "64m" block_size: 3000 file { path: "dir/a" size: "1m" } }
                           ^~~~~~~~~~)"},
    {"FilesLargerThanFileSystem", R"(size: "1m")", R"(size: "1g")",
     R"(s.textproto:9:16: error: filesystem.synthesize.size: the files have 1073741824 bytes, more than the file system (64m)
  synthesize { size: "64m" file { path: "dir/a" size: "1g" } }
               ^~~~)"},
    {"FileSystemLargerThanDisk", R"(size: "64m")", R"(size: "64g")",
     R"(s.textproto:9:16: error: filesystem.synthesize.size: the file system (134217728 sectors from sector 0) does not fit on the device, which has 1000000
  synthesize { size: "64g" file { path: "dir/a" size: "1m" } }
               ^~~~)"},
    {"BeginsBeyondTheDisk", "filesystem {", "filesystem { start_sector: 3000000",
     R"(s.textproto:8:14: error: filesystem.start_sector: sector 3000000 lies beyond the device, which has 1000000 sectors
filesystem { start_sector: 3000000
             ^~~~~~~~~~~~)"},
    {"BeginsAtTheEndOfTheDisk", "filesystem {", "filesystem { start_sector: 1000000",
     R"(s.textproto:8:14: error: filesystem.start_sector: sector 1000000 lies beyond the device, which has 1000000 sectors
filesystem { start_sector: 1000000
             ^~~~~~~~~~~~)"},
    {"EndsBeyondTheDisk", "filesystem {", "filesystem { start_sector: 868929",
     R"(s.textproto:9:16: error: filesystem.synthesize.size: the file system (131072 sectors from sector 868929) does not fit on the device, which has 1000000
  synthesize { size: "64m" file { path: "dir/a" size: "1m" } }
               ^~~~)"},
    {"TooManyCores", "{ cpu", "{ cores: 1025 cpu",
     R"(s.textproto:3:11: error: machine.cores must be in [1, 1024], got 1025
machine { cores: 1025 cpu { profile: "slow" } }
          ^~~~~)"},
    {"FileBelowAFile", R"(file { path: "dir/a")",
     R"(file { path: "dir" size: "1k" } file { path: "dir/a")",
     R"(s.textproto:9:67: error: filesystem.synthesize.file[1].path: "dir/a" lies below "dir", which is a file (entry 0)
  synthesize { size: "64m" file { path: "dir" size: "1k" } file { path: "dir/a" size: "1m" } }
                                                                  ^~~~)"},
    {"AbsolutePathInImage", R"("dir/a")", R"("/dir/a")",
     R"(s.textproto:9:35: error: filesystem.synthesize.file[0].path: "/dir/a" must not begin with '/': it counts from the root of the image
  synthesize { size: "64m" file { path: "/dir/a" size: "1m" } }
                                  ^~~~)"},
    {"NoSource", R"(synthesize { size: "64m" file { path: "dir/a" size: "1m" } })", "",
     R"(s.textproto:8:1: error: filesystem needs one of: image, synthesize
filesystem {
^~~~~~~~~~)"},
    {"EmptyImage", R"(synthesize { size: "64m" file { path: "dir/a" size: "1m" } })",
     R"(image: "")",
     R"(s.textproto:9:3: error: filesystem.image is empty
  image: ""
  ^~~~~)"},
    {"MountPointWithSlash", "filesystem {", R"(filesystem { mount_point: "/dir/")",
     R"(s.textproto:8:14: error: filesystem.mount_point must be written without '.', '..', '//' and a '/' at the end, got "/dir/"
filesystem { mount_point: "/dir/"
             ^~~~~~~~~~~)"},
    {"NotBelowTheMountPoint", "filesystem {", R"(filesystem { mount_point: "/mnt")",
     R"(s.textproto:13:9: error: process[0].fio.filename: "/dir/a" is not below the mount point "/mnt"
  fio { filename: "/dir/a" rw: RANDREAD }
        ^~~~~~~~
s.textproto:18:19: error: process[1].script.call[0].open.path: "/dir/a" is not below the mount point "/mnt"
    call { open { path: "/dir/a" } expect: "3" }
                  ^~~~)"},
    {"RelativePath", R"(filename: "/dir/a")", R"(filename: "dir/a")",
     R"(s.textproto:13:9: error: process[0].fio.filename must be an absolute path, got "dir/a"
  fio { filename: "dir/a" rw: RANDREAD }
        ^~~~~~~~)"},
    {"NoFilename", R"(filename: "/dir/a")", "",
     R"(s.textproto:13:3: error: process[0].fio.filename is required
  fio {  rw: RANDREAD }
  ^~~)"},
    {"MalformedSize", "rw: RANDREAD", R"(bs: "4q")",
     R"(s.textproto:13:28: error: process[0].fio.bs: "4q" is not a size; write a whole number and a unit, such as "512", "4k", "1m", "2g" or "1GiB"
  fio { filename: "/dir/a" bs: "4q" }
                           ^~)"},
    {"ZeroSize", "rw: RANDREAD", R"(bs: "0")",
     R"(s.textproto:13:28: error: process[0].fio.bs must be in [1, 1g], got 0
  fio { filename: "/dir/a" bs: "0" }
                           ^~)"},
    {"MalformedTime", "rw: RANDREAD", R"(runtime: "1.5s")",
     R"(s.textproto:13:28: error: process[0].fio.runtime: "1.5s" is not a time; write a whole number and a unit, such as "10s", "1ms", "50us", "20ns", "2m" or "1h"
  fio { filename: "/dir/a" runtime: "1.5s" }
                           ^~~~~~~)"},
    {"TimeTooLarge", "rw: RANDREAD", R"(runtime: "99999999999h")",
     R"(s.textproto:13:28: error: process[0].fio.runtime: "99999999999h" is too large; the limit is 213 days
  fio { filename: "/dir/a" runtime: "99999999999h" }
                           ^~~~~~~)"},
    {"UnspecifiedValue", "rw: RANDREAD", "rw: RW_UNSPECIFIED",
     R"(s.textproto:13:28: error: process[0].fio.rw: RW_UNSPECIFIED is not a value to choose
  fio { filename: "/dir/a" rw: RW_UNSPECIFIED }
                           ^~
  note: values of rw: READ, RANDREAD, WRITE, RANDWRITE)"},
    {"ValueByNumber", "rw: RANDREAD", "rw: 7",
     R"(s.textproto:13:28: error: process[0].fio.rw: 7 is not a value to choose
  fio { filename: "/dir/a" rw: 7 }
                           ^~
  note: values of rw: READ, RANDREAD, WRITE, RANDWRITE)"},
    {"UnalignedDirectIo", "rw: RANDREAD", R"(direct: 1 bs: "1000")",
     R"(s.textproto:13:38: error: process[0].fio.bs must be a multiple of 512 with direct: 1, got 1000
  fio { filename: "/dir/a" direct: 1 bs: "1000" }
                                     ^~)"},
    {"RegionSmallerThanBlock", "rw: RANDREAD", R"(bs: "64k" size: "4k")",
     R"(s.textproto:13:38: error: process[0].fio.size (4k) is smaller than process[0].fio.bs (64k)
  fio { filename: "/dir/a" bs: "64k" size: "4k" }
                                     ^~~~)"},
    {"IodepthOfASynchronousEngine", "rw: RANDREAD", "iodepth: 32",
     R"(s.textproto:13:28: error: process[0].fio.iodepth: 32 I/Os in flight need an asynchronous ioengine; PSYNC has one
  fio { filename: "/dir/a" iodepth: 32 }
                           ^~~~~~~)"},
    {"TimeBasedWithoutEnd", "rw: RANDREAD", "time_based: 1",
     R"(s.textproto:13:28: error: process[0].fio.time_based needs process[0].fio.runtime, or it would never end
  fio { filename: "/dir/a" time_based: 1 }
                           ^~~~~~~~~~)"},
    {"SameName", R"(name: "calls")", R"(name: "reader")",
     R"(s.textproto:16:3: error: process[1].name: "reader" is the name of process[0] already
  name: "reader"
  ^~~~)"},
    {"LongName", R"(name: "calls")", R"(name: "sixteen_letters_")",
     R"(s.textproto:16:3: error: process[1].name may have at most 15 bytes, got 16
  name: "sixteen_letters_"
  ^~~~)"},
    {"SpaceInName", R"(name: "calls")", R"(name: "a b")",
     R"(s.textproto:16:3: error: process[1].name may have letters, digits, '.', '_' and '-' only, got "a b"
  name: "a b"
  ^~~~)"},
    {"TooManyTasks", "rw: RANDREAD", "numjobs: 65000",
     R"(s.textproto:11:1: error: the scenario has 65001 tasks (numjobs of all processes together); at most 65000 are possible
process {
^~~~~~~)"},
    {"NoWork", "process {\n  name: \"calls\"",
     "process {\n  name: \"idle\"\n}\nprocess {\n  name: \"calls\"",
     R"(s.textproto:15:1: error: process[1] needs one of: fio, script
process {
^~~~~~~)"},
    {"EmptyCall", "call { close {} }", "call {}",
     R"(s.textproto:21:5: error: process[1].script.call[3] needs one of: open, read, pread, lseek, close, fadvise, readahead, compute, pwrite, io_setup, io_destroy, io_submit, io_getevents, io_cancel
    call {}
    ^~~~)"},
    {"DescriptorNotOpen", "read { count", R"(read { fd: "fx" count)",
     R"(s.textproto:19:19: error: process[1].script.call[1].read.fd: no earlier call opens "fx"; did you mean "fd"?
    call { read { fd: "fx" count: "4k" } expect: "4k" }
                  ^~
  note: open so far: fd)"},
    {"DefaultDescriptorNotOpen", R"(open { path: "/dir/a" })",
     R"(open { path: "/dir/a" fd: "f1" })",
     R"(s.textproto:19:12: error: process[1].script.call[1].read.fd: no earlier call opens "fd"; did you mean "f1"?
    call { read { count: "4k" } expect: "4k" }
           ^~~~
  note: open so far: f1
s.textproto:21:12: error: process[1].script.call[3].close.fd: no earlier call opens "fd"; did you mean "f1"?
    call { close {} }
           ^~~~~
  note: open so far: f1)"},
    {"DescriptorNamedByNumber", R"(open { path: "/dir/a" })", R"(open { path: "/dir/a" fd: "3" })",
     R"(s.textproto:18:34: error: process[1].script.call[0].open.fd: the name of a descriptor cannot begin with a digit, got "3"
    call { open { path: "/dir/a" fd: "3" } expect: "3" }
                                 ^~
s.textproto:19:12: error: process[1].script.call[1].read.fd: no earlier call opens "fd"
    call { read { count: "4k" } expect: "4k" }
           ^~~~
  note: open so far: 3
s.textproto:21:12: error: process[1].script.call[3].close.fd: no earlier call opens "fd"
    call { close {} }
           ^~~~~
  note: open so far: 3)"},
    {"WrongFlags", R"(open { path: "/dir/a" })",
     R"(open { path: "/dir/a" flags: "O_RDONLY|O_DIREC" })",
     R"(s.textproto:18:34: error: process[1].script.call[0].open.flags: "O_DIREC" is not a flag of open(2) (O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK, O_DIRECT, O_LARGEFILE, O_DIRECTORY, O_NOFOLLOW, O_NOATIME); did you mean "O_DIRECT"?
    call { open { path: "/dir/a" flags: "O_RDONLY|O_DIREC" } expect: "3" }
                                 ^~~~~)"},
    {"WrongErrno", R"(expect: "4k")", R"(expect: "-ENOENTT")",
     R"(s.textproto:19:33: error: process[1].script.call[1].expect: "-ENOENTT" is not the negative name of an error, such as "-ENOENT"; did you mean "-ENOENT"?
    call { read { count: "4k" } expect: "-ENOENTT" }
                                ^~~~~~)"},
    {"ResultOfCompute", R"(compute: "3us")", R"(compute: "3us" expect: "0")",
     R"(s.textproto:20:27: error: process[1].script.call[2].expect: compute has no result
    call { compute: "3us" expect: "0" }
                          ^~~~~~)"},
    {"NulInPath", R"(filename: "/dir/a")", R"(filename: "/dir\000a")",
     R"(s.textproto:13:9: error: process[0].fio.filename contains a NUL character
  fio { filename: "/dir\000a" rw: RANDREAD }
        ^~~~~~~~)"},
};

class MeaningDiagnosticsGolden : public ::testing::TestWithParam<MeaningCase> {};

TEST_P(MeaningDiagnosticsGolden, IsAsWritten) {
  const MeaningCase& c = GetParam();
  EXPECT_EQ(DiagnosticsOf(Edited(c.from, c.to)), c.diagnostics);
}

// Edits close to the mistakes above that are not mistakes.
TEST(MeaningDiagnosticsTest, Accepted) {
  const std::pair<const char*, const char*> edits[] = {
      {"rw: RANDREAD", R"(bs: "1000")"},
      {"rw: RANDREAD", R"(direct: 1 bs: "1536" offset: "512")"},
      {"rw: RANDREAD", R"(bs: "64k" size: "64k" io_size: "64k")"},
      {"rw: RANDREAD", R"(time_based: 1 runtime: "1s")"},
      {"rw: RANDREAD", "numjobs: 64999"},
      {"filesystem {", R"(filesystem { mount_point: "/dir")"},
      {"filesystem {", "filesystem { start_sector: 868928"},  // the last that leaves 64 MiB
      {"size: \"1m\"", "size: \"64m\""},
      {"scsi {}", "ide {}\n  queue { max_sectors_kb: 1024 }"},
      {"read { count", R"(read { fd: "7" count)"},
      {"expect: \"4k\"", "expect: \"-EBADF\""},
      {"file { path", R"(file { path: "dir/b" size: "0" } file { path)"},
  };
  for (const auto& [from, to] : edits) EXPECT_EQ(DiagnosticsOf(Edited(from, to)), "") << to;
}

INSTANTIATE_TEST_SUITE_P(All, MeaningDiagnosticsGolden, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace biotope
