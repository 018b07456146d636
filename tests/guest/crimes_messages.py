# SPDX-License-Identifier: MIT
"""What init writes about each program that ends badly: exactly one line, and the right one. What the
programs are is in tests/guest/crimes/fatal.c; their signals are checked by the guest test itself."""
import re

import octavo

# OpenSBI 1.6 and later write this themselves, without an end of line, before they hand the exception over.
FIRMWARE = r"\w+_insn: Invalid opcode for CSR read/write instruction"
LINE = r"crimes \(pid \d+\): (.*?)(?: at pc 0x[0-9a-f]+)"


def test_messages(smp):
    result = octavo.run("/test/crimes messages", {"SMP": str(smp), "TESTS": "1"}, seconds=60)
    wanted = re.findall(r"^\d+ (.+)$", result.out.decode(errors="replace"), re.MULTILINE)
    lines = re.sub(FIRMWARE, "", result.err.decode(errors="replace").replace("\r", "")).splitlines()
    assert result.status == 0, (result.status, result.why)
    assert len(wanted) > 30 and len(lines) == len(wanted), (len(wanted), lines)
    for want, line in zip(wanted, lines):
        match = re.fullmatch(LINE, line)
        assert match, line
        pattern = re.escape(want).replace(r"\*", r".*")
        assert re.fullmatch(pattern, match[1]), (want, line)
