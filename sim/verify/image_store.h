#ifndef BIOTOPE_SIM_VERIFY_IMAGE_STORE_H_
#define BIOTOPE_SIM_VERIFY_IMAGE_STORE_H_

#include <cstdint>
#include <map>
#include <string>

namespace biotope {

// The file-system images of cases. One that is packed is unpacked once, into a temporary file that
// has no name, so that nothing is left behind.
class ImageStore {
 public:
  // `directory`: where all images lie; "" looks beside each case.
  explicit ImageStore(std::string directory) : directory_(std::move(directory)) {}
  ~ImageStore();
  ImageStore(const ImageStore&) = delete;
  ImageStore& operator=(const ImageStore&) = delete;

  struct Opened {
    std::string found;  // the file, for messages
    std::string path;   // a path under which its contents can be opened
    uint64_t size = 0;  // bytes
  };
  // The image `name` of a case in `case_directory`. Throws EnvironmentError if it is not there or
  // cannot be unpacked.
  const Opened& Open(const std::string& name, const std::string& case_directory);

 private:
  std::string Find(const std::string& name, const std::string& case_directory) const;
  Opened Unpack(const std::string& packed);

  const std::string directory_;
  std::map<std::string, Opened> opened_;  // by the file found
  std::map<std::string, int> unpacked_;   // descriptors
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_IMAGE_STORE_H_
