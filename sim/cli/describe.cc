#include "sim/scenario/describe.h"

#include <cstdio>

#include "configs/schema/descriptors.h"
#include "sim/cli/options.h"

namespace biotope::cli {

int Describe(const DescribeCommand& options) {
  const SchemaDocs docs(EmbeddedSchema().front().contents);
  std::fputs(docs.Describe(options.field).c_str(), stdout);
  return 0;
}

}  // namespace biotope::cli
