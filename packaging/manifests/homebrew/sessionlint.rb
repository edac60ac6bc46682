# SPDX-License-Identifier: MIT
# The source tarball has what Ragel makes.
class Sessionlint < Formula
  desc "@summary@"
  homepage "@homepage@"
  url "@downloads@/@version@/@source@"
  sha256 "@source_sha256@"
  license "@license@"

  depends_on "meson" => :build
  depends_on "ninja" => :build
  depends_on "python@3.13" => :build

  def install
    system "meson", "setup", "build", "-Dtests=false", *std_meson_args
    system "meson", "compile", "-C", "build", "--verbose"
    system "meson", "install", "-C", "build"
    pkgshare.install "traces"
  end

  test do
    system bin/"sessionlint", "check", pkgshare/"traces/legal"
    output = shell_output("#{bin}/sessionlint check #{pkgshare}/traces/illegal/logon-twice.trace", 1)
    assert_match "session/illegal-transition", output
  end
end
