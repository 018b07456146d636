# SPDX-License-Identifier: MIT
"""What tests of recordings share: a folder that is the guest's root, and pagesim on what is recorded into it."""
import os
import subprocess
import tempfile

import octavo


class Share:
    """A folder that is the guest's root, and what is recorded into it."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="octavo-share-")
        self.path = self._folder.name

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def file(self, name):
        return os.path.join(self.path, name)

    def write(self, name, data):
        with open(self.file(name), "wb" if isinstance(data, bytes) else "w") as file:
            file.write(data)
        return self.file(name)

    def read(self, name):
        with open(self.file(name), "rb") as file:
            return file.read()

    def run(self, script, seconds=120, **variables):
        """Runs shell lines in the guest; each must end with 0."""
        self.write("script", "set -e\n" + script)
        result = octavo.run("sh /script", {"TESTS": "1", "SHARE": self.path, **variables}, seconds=seconds)
        assert result.status == 0, (result.status, result.why, result.out[-800:], result.err[-800:],
                                    result.kernel[-400:])
        return result.out.decode()


def pagesim(*arguments, status=0):
    """Runs it; (stdout, stderr)."""
    octavo.make({name: value for name, value in octavo.VARIABLES.items() if name == "BUILD"}, "sim")
    program = os.path.join(octavo.build_folder()[0], "host", "pagesim")
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100)
    assert done.returncode == status, (arguments, done.returncode, done.stdout[-500:], done.stderr[-500:])
    return done.stdout, done.stderr.decode()


def text_of(path):
    return pagesim("--text", path)[0].decode().splitlines()
