"""The rules of this repository's BUILD files."""

# Our own code only: what protoc generates is compiled without them.
_COPTS = [
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Wconversion",
    "-Wno-sign-conversion",
    "-Werror",
]

def biotope_cc_library(name, srcs = [], hdrs = [], deps = [], copts = [], **kwargs):
    """One header pair."""
    native.cc_library(
        name = name,
        srcs = srcs,
        hdrs = hdrs,
        copts = _COPTS + copts,
        deps = deps,
        **kwargs
    )

def biotope_cc_binary(name, srcs, deps = [], copts = [], **kwargs):
    """A program."""
    native.cc_binary(
        name = name,
        srcs = srcs,
        copts = _COPTS + copts,
        deps = deps,
        **kwargs
    )

def biotope_cc_test(name, srcs, deps = [], copts = [], size = "small", **kwargs):
    """A GoogleTest program; main() comes with it.

    tags = ["no-sanitize"] keeps it out of the sanitizers' run.
    """
    native.cc_test(
        name = name,
        size = size,
        srcs = srcs,
        copts = _COPTS + copts,
        deps = deps + ["@googletest//:gtest_main"],
        **kwargs
    )

def biotope_cc_benchmark(name, srcs, deps = [], copts = [], args = [], tags = [], **kwargs):
    """A Google Benchmark program; main() comes with it.

    As a test it only shows that it runs. To measure: `bazel run TARGET -- --benchmark_min_time=1`.
    """
    native.cc_test(
        name = name,
        size = "medium",
        srcs = srcs,
        args = args or ["--benchmark_min_time=0.01"],
        copts = _COPTS + copts,
        tags = tags + ["bench"],
        deps = deps + ["@benchmark//:benchmark_main"],
        **kwargs
    )

def biotope_proto_library(name, srcs = None, deps = [], visibility = None):
    """`name`.proto as `name`_proto and, for C++, `name`_cc_proto (#include "<package>/`name`.pb.h").

    Args:
      name: name of the message family.
      srcs: the .proto files, if not `name`.proto.
      deps: the proto libraries that it imports (`other_proto`).
      visibility: of both targets.
    """
    native.proto_library(
        name = name + "_proto",
        srcs = srcs or [name + ".proto"],
        visibility = visibility,
        deps = deps,
    )
    native.cc_proto_library(
        name = name + "_cc_proto",
        visibility = visibility,
        deps = [":" + name + "_proto"],
    )

def biotope_embed(name, srcs, symbol, visibility = None):
    """Files as part of the program, byte for byte.

    Header "<package>/`name`.h" declares `std::span<const EmbeddedFile> symbol();`: path from the root
    of the repository and contents of each file, ordered by path.

    Args:
      name: name of the C++ library.
      srcs: the files.
      symbol: name of the function.
      visibility: of the C++ library.
    """
    native.genrule(
        name = name + "_sources",
        srcs = srcs,
        outs = [name + ".h", name + ".cc"],
        cmd = "$(execpath //tools/bazel:embed.sh) {symbol} {header} $(RULEDIR)/{name} $(BINDIR)/ $(SRCS)".format(
            header = native.package_name() + "/" + name + ".h" if native.package_name() else name + ".h",
            name = name,
            symbol = symbol,
        ),
        tools = ["//tools/bazel:embed.sh"],
        visibility = ["//visibility:private"],
    )
    biotope_cc_library(
        name = name,
        srcs = [name + ".cc"],
        hdrs = [name + ".h"],
        visibility = visibility,
        deps = ["//tools/bazel:embedded_file"],
    )

def biotope_embed_descriptors(name, srcs, symbol, visibility = None):
    """The FileDescriptorSet of .proto files, with their imports and comments, as an embedded file.

    `symbol()` as of biotope_embed returns one file: `name`.binpb, a serialized
    google.protobuf.FileDescriptorSet.

    Args:
      name: name of the C++ library.
      srcs: the .proto files, imported ones of this repository included.
      symbol: name of the function.
      visibility: of the C++ library.
    """
    native.genrule(
        name = name + "_descriptors",
        srcs = srcs,
        outs = [name + ".binpb"],
        cmd = ("$(execpath @com_google_protobuf//:protoc) --include_source_info --include_imports" +
               " --descriptor_set_out=$@ $(SRCS)"),
        tools = ["@com_google_protobuf//:protoc"],
        visibility = ["//visibility:private"],
    )
    biotope_embed(
        name = name,
        srcs = [name + ".binpb"],
        symbol = symbol,
        visibility = visibility,
    )
