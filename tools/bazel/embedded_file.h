#ifndef BIOTOPE_TOOLS_BAZEL_EMBEDDED_FILE_H_
#define BIOTOPE_TOOLS_BAZEL_EMBEDDED_FILE_H_

#include <string_view>

namespace biotope {

// A file that was built into the program by the rule biotope_embed. Both views last for ever.
struct EmbeddedFile {
  std::string_view path;  // from the root of the repository
  std::string_view contents;
};

}  // namespace biotope

#endif  // BIOTOPE_TOOLS_BAZEL_EMBEDDED_FILE_H_
