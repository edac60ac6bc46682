# SPDX-License-Identifier: MIT
"""Archives that are the same whenever and by whomever they are made: sorted, one time, no owner."""

import gzip
import io
import tarfile
import time
import zipfile


def tar_bytes(entries, epoch):
    """A tar of (name, bytes, mode); folders are names that end in a slash."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data, mode in sorted(entries):
            entry = tarfile.TarInfo(name.rstrip("/"))
            entry.mtime, entry.mode = epoch, mode
            entry.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def gzip_bytes(data):
    return gzip.compress(data, 9, mtime=0)


def entries_of(folder, prefix):
    """The files of a folder, as tar_bytes() takes them."""
    for path in folder.rglob("*"):
        name = f"{prefix}{path.relative_to(folder).as_posix()}"
        if path.is_file():
            yield name, path.read_bytes(), 0o755 if path.stat().st_mode & 0o100 else 0o644


def write_zip(path, entries, epoch):
    """A zip of (name, bytes, mode), in the order given."""
    when = time.gmtime(max(epoch, 315532800))[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data, mode in entries:
            entry = zipfile.ZipInfo(name, when)
            entry.external_attr = (0o100000 | mode) << 16
            entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
