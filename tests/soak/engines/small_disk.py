"""A file system of a fixed size, which can be filled up."""

import errno
import os
import subprocess


class SmallDisk:
    """Lies in memory, at a folder; it ends with the mount namespace of the run."""

    def __init__(self, folder, megabytes, owner=None):
        folder.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "assay-soak",
                        folder], check=True, timeout=60)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self):
        """Leaves no byte; gives what shows it."""
        with open(self._ballast, "ab", buffering=0) as ballast:
            block = bytes(1 << 16)
            while block:
                try:
                    ballast.write(block)
                except OSError as fault:
                    if fault.errno != errno.ENOSPC:
                        raise
                    block = block[:len(block) // 2]
        return f"{self.free} of {self.size} bytes are free"

    def is_full(self):
        return self.free == 0

    def clear(self):
        self._ballast.unlink(missing_ok=True)

    @property
    def free(self):
        status = os.statvfs(self.folder)
        return status.f_bavail * status.f_frsize

    @property
    def size(self):
        status = os.statvfs(self.folder)
        return status.f_blocks * status.f_frsize

    def end(self):
        subprocess.run(["umount", "--lazy", self.folder], check=True, timeout=60)
