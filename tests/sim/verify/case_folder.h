#ifndef BIOTOPE_TESTS_SIM_VERIFY_CASE_FOLDER_H_
#define BIOTOPE_TESTS_SIM_VERIFY_CASE_FOLDER_H_

#include <filesystem>
#include <string>

#include "tests/testing/program.h"

namespace biotope::testing {

// A case on the disk that a test writes file by file; at first a correct one.
class CaseFolder {
 public:
  explicit CaseFolder(const std::string& name) : path_(TempPath(name)) {
    std::filesystem::create_directories(path_);
    Write("case.json", R"json({
 "case": "tiny",
 "kernel": "2.6.11",
 "image": "fs4k",
 "mount": "-t ext2 -o ro,noatime",
 "nprocs": 1,
 "tcq_depth": 16,
 "queue": { "scheduler": "noop [deadline]", "read_ahead_kb": "128" },
 "stable_across_repeats": { "Q_seq": true, "D_seq(rw)": false, "op_results": true
  }
})json");
    Write("ops.txt", "open 0 /mnt/a rd\nread 0 4096\n");
    Write("ops.csv",
          "op,proc,text,ret,errno,t_begin_us,t_end_us\n"
          "0,P0,\"open 0 /mnt/a rd\",5,0,1,2\n1,P0,\"read 0 4096\",-1,5,3,4\n");
    Write("events.csv",
          "seq,event,rw,sector,nr_sectors,tag,op,time_us,ioprio\n"
          "0,Q,R,2,2,init,,,\n1,Q,R,8,8,P0,1,,\n2,P,,,,P0,1,,\n3,U,,,1,P0,1,,\n");
  }

  void Write(const std::string& name, const std::string& contents) const {
    WriteWholeFile(path_ + "/" + name, contents);
  }
  void Remove(const std::string& name) const { std::filesystem::remove(path_ + "/" + name); }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

}  // namespace biotope::testing

#endif  // BIOTOPE_TESTS_SIM_VERIFY_CASE_FOLDER_H_
