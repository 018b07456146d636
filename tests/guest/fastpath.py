# SPDX-License-Identifier: MIT
"""The kernel without its short way (FASTPATH=0) is the general way and nothing else: slower by what
kernel/entry/fastpath.c is for. That it does the same is what `make test FASTPATH=0` shows."""
import octavo

ROWS = ("ipc_rtt_0", "ipc_rtt_4", "notify", "fault_anon")
TIMEOUT = 300


def rows(fastpath):
    """Instructions by row (its median) of user/bench/bench.c in the release build."""
    result = octavo.run("/bench/bench", {**octavo.VARIABLES, "DEBUG": "0", "ICOUNT": "1", "SMP": "1",
                                         "FASTPATH": fastpath}, seconds=TIMEOUT / 2, build=True)
    assert result.status == 0, (result.status, result.why, result.kernel)
    return {fields[0]: int(fields[2]) for fields in
            (line.split("\t") for line in result.out.decode().splitlines()) if len(fields) == 5}


def test_general_way_is_dearer():
    """By a third at least: were it less, the short way's code would have moved and not gone."""
    short, general = rows("1"), rows("0")
    for row in ROWS:
        assert 3 * general[row] >= 4 * short[row], (row, short[row], general[row])
