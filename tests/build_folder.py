"""The BUILD of a test's command line."""
import glob
import os
import sys


def build_folder(usage, built=True):
    """The first argument as a path, where it is a folder, and one of a build if `built`; whoever gives another, or none, reads the usage."""
    folder = sys.argv[1] if len(sys.argv) > 1 else ""
    if not os.path.isdir(folder) or (built and not glob.glob(os.path.join(glob.escape(folder), "*", "build.ninja"))):
        sys.exit("%s\n%s: %s" % (usage.strip(), os.path.basename(sys.argv[0]), "%s holds no build" % folder if os.path.isdir(folder) else "BUILD is to be a folder"))
    return os.path.abspath(folder)
