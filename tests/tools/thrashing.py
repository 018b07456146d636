#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""thrashing.py - useful work against the number of programs, in a fixed number of frames; what
`make thrashing` does.

Usage: thrashing.py [--out FOLDER] [--programs N] [--pages N] [--fault-cost K] [--wait W] [VAR=VALUE]...

Runs demo/crowd with 1, 2, ... N programs of so many pages each, and writes thrashing.tsv
(programs, visits, faults: counted in the guest; with ICOUNT=1, which is set, the same in each run), and the
picture as .svg and .png. Time is a model of three numbers that are said in the picture: a visit of a
page costs 1, a fault K more (100), and after its turn each program waits for its user, W times as long as
the turn's visits take (3). With p pages each a round of n programs takes

    max(n * (p + K * faults), p + K * faults + W * p)         faults: of one program in one round

and its useful work is n * p visits.
"""
import argparse
import concurrent.futures
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import octavo

LINE = re.compile(r"programs (\d+) pages (\d+) frames (\d+) policy (\S+) visits (\d+) ns \d+ faults (\d+) ")
SECONDS = 600


def crowd(programs, pages, variables):
    """In a guest and a share of its own, so that nothing came before: (visits, faults, frames, policy)."""
    with tempfile.TemporaryDirectory(prefix="octavo-thrashing-") as share:
        result = octavo.run(f"crowd {programs} {pages}",
                            {"ICOUNT": "1", "SEED": "1", "SHARE": share, **variables}, seconds=SECONDS)
    found = LINE.search(result.out.decode())
    if result.status != 0 or not found:
        raise octavo.Failed(f"{programs} programs: the guest ended with {result.status} {result.why or ''}\n"
                            f"{(result.out + result.err)[-2000:].decode(errors='replace')}")
    return int(found[5]), int(found[6]), found[3], found[4]


def measure(args, variables):
    """[(programs, visits, faults)], frames, policy"""
    octavo.make(variables, "boot")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda n: crowd(n, args.pages, variables), range(1, args.programs + 1)))
    return [(n, *one[:2]) for n, one in enumerate(found, 1)], *found[0][2:4]


def useful(args, programs, visits, faults):
    """Of a processor's time."""
    turn = args.pages * (1 + args.fault_cost * faults / visits)
    return programs * args.pages / max(programs * turn, turn + args.wait * args.pages)


def draw(args, rows, frames, policy):
    import matplotlib
    matplotlib.use("Agg")
    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["svg.hashsalt"] = "octavo"
    from matplotlib import pyplot
    figure, (work, fault) = pyplot.subplots(2, 1, sharex=True, figsize=(7, 5), layout="constrained",
                                            height_ratios=(2, 1))
    x = [row[0] for row in rows]
    work.set_title(f"{frames} frames, {policy}: programs of {args.pages} pages each; a fault costs as much as "
                   f"{args.fault_cost:g} visits", fontsize=10)
    work.plot(x, [100 * min(1, n / (1 + args.wait)) for n in x], ":", color="0.5", label="without faults")
    work.plot(x, [100 * useful(args, *row) for row in rows], marker="o", label="useful work")
    work.set_ylabel("% of a processor")
    work.set_ylim(bottom=0)
    work.legend(fontsize=8)
    fault.bar(x, [faults / visits for _, visits, faults in rows], color="tab:red")
    fault.set_ylabel("faults a visit")
    fault.set_xlabel("programs")
    for axes in (work, fault):
        axes.axvline(int(frames) / args.pages, color="0.7", linewidth=1)
        axes.grid(alpha=0.3)
    for extension in ("svg", "png"):
        path = os.path.join(args.out, f"thrashing.{extension}")
        figure.savefig(path, metadata={"Date": None} if extension == "svg" else None, dpi=120)
        print(path)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--out", default="build/thrashing")
    parser.add_argument("--programs", type=int, default=10)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--fault-cost", type=float, default=100)
    parser.add_argument("--wait", type=float, default=3)
    parser.add_argument("variables", nargs="*")
    args = parser.parse_args()
    variables = dict(word.split("=", 1) for word in args.variables)
    variables.setdefault("FRAMES", "256")
    try:
        rows, frames, policy = measure(args, variables)
    except (octavo.Failed, octavo.NotBuilt) as failure:
        sys.exit(f"thrashing.py: {failure}")
    os.makedirs(args.out, exist_ok=True)
    with open(os.path.join(args.out, "thrashing.tsv"), "w", encoding="utf-8") as out:
        out.write("programs\tvisits\tfaults\n" + "".join("%d\t%d\t%d\n" % row for row in rows))
    print(f"{'programs':>8} {'visits':>8} {'faults':>8} {'useful work':>12}")
    for row in rows:
        print("%8d %8d %8d %10.1f %%" % (*row, 100 * useful(args, *row)))
    draw(args, rows, frames, policy)


if __name__ == "__main__":
    main()
