#ifndef BIOTOPE_SIM_VERIFY_FILE_BYTES_H_
#define BIOTOPE_SIM_VERIFY_FILE_BYTES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "layers/ext2/image.h"

namespace biotope {

// What stands in the files of an image, for operations whose result is a byte. The simulation
// itself moves no data.
class FileBytes {
 public:
  // As Image: the file, its name for messages; and where it is mounted. Opened when first needed.
  FileBytes(std::string image_path, std::string image_name, std::string mount_point);
  ~FileBytes();

  // The byte of a file; 0 in a hole, and where there is no such file or byte.
  uint8_t At(const std::string& path, uint64_t offset);

 private:
  const std::string image_path_;
  const std::string image_name_;
  const std::string mount_point_;
  std::unique_ptr<Image> image_;
  std::map<std::string, std::optional<Inode>> inodes_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_FILE_BYTES_H_
