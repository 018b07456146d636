#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""plot.py - pictures of a trace and of what policies make of it; what `make plot` does.

Usage: plot.py --pagesim PROGRAM --out FOLDER [--policies P,P,...] [--frames N,N,...]
               [--window N] [--only faults|addresses|working-set] [--options '...'] TRACE

Writes, as .svg and .png:
  faults        faults against frames for each policy, with the optimum as the floor
  addresses     which page was referenced when (a sample)
  working-set   how many pages the last N references touched, in the course of time

--options are given to pagesim, for instance '--bits 10' or '--format arc'.
All numbers come from pagesim; nothing is computed here.
"""
import argparse
import csv
import os
import shlex
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams["svg.fonttype"] = "none"  # text stays text: small files
matplotlib.rcParams["svg.hashsalt"] = "octavo"  # the same picture is the same file
from matplotlib import pyplot  # noqa: E402  (after the choice of a backend)

POLICIES = "fifo,lru,clock,2q,arc,lirs"
POINTS = 16  # memory sizes, if none are given
STYLES = ["-", "--", "-.", ":"]


def pagesim(args, *more):
    """Runs pagesim and returns the rows of its CSV as dictionaries."""
    command = [args.pagesim, *shlex.split(args.options), *more, args.trace]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if result.returncode != 0:
        sys.exit(result.returncode)
    return list(csv.DictReader(result.stdout.splitlines()))


def sizes(args):
    """Memory sizes up to the number of pages, closer together where they are small."""
    if args.frames:
        return [int(n) for n in args.frames.split(",")]
    pages = len(pagesim(args, "--lru-curve"))
    return sorted({max(1, round(pages * (i / POINTS) ** 2)) for i in range(1, POINTS + 1)})


def save(args, name):
    for extension in ("svg", "png"):
        path = os.path.join(args.out, f"{name}.{extension}")
        metadata = {"Date": None} if extension == "svg" else None
        pyplot.savefig(path, metadata=metadata, dpi=120)
        print(path)
    pyplot.close()


def begin(args, title, x, y):
    pyplot.figure(figsize=(7, 4.2), layout="constrained")
    pyplot.title(f"{os.path.basename(args.trace)}: {title}", fontsize=10)
    pyplot.xlabel(x)
    pyplot.ylabel(y)
    pyplot.grid(alpha=0.3)


def plot_faults(args):
    frames = ",".join(str(n) for n in sizes(args))
    rows = pagesim(args, "--csv", "--policy", args.policies + ",opt", "--frames", frames)
    begin(args, "page faults", "frames", "faults")
    curves = {}
    for row in rows:
        curves.setdefault(row["policy"], []).append((int(row["frames"]), int(row["faults"])))
    for number, (policy, points) in enumerate(curves.items()):
        x, y = zip(*points)
        if policy == "opt":
            pyplot.fill_between(x, y, color="0.85", zorder=0)
            pyplot.plot(x, y, color="black", linewidth=2, label="opt")
        else:
            pyplot.plot(x, y, STYLES[number // 7 % 4], marker=".", linewidth=1, label=policy)
    pyplot.ylim(bottom=0)
    pyplot.legend(fontsize=8)
    save(args, "faults")


def plot_addresses(args):
    rows = pagesim(args, "--references", "--samples", "4000")
    begin(args, "pages referenced", "time in references", "page")
    for written, colour, label in (("0", "tab:blue", "read"), ("1", "tab:red", "written")):
        chosen = [r for r in rows if r["written"] == written]
        pyplot.scatter([int(r["time"]) for r in chosen], [int(r["page"]) for r in chosen], s=1.5,
                       color=colour, label=label, linewidths=0, rasterized=True)
    pyplot.legend(fontsize=8, markerscale=5)
    save(args, "addresses")


def plot_working_set(args):
    rows = pagesim(args, "--ws-time", str(args.window), "--samples", "600")
    begin(args, f"working set, window {args.window}", "time in references", "pages")
    pyplot.plot([int(r["time"]) for r in rows], [int(r["pages"]) for r in rows], linewidth=1)
    pyplot.ylim(bottom=0)
    save(args, "working-set")


PLOTS = {"faults": plot_faults, "addresses": plot_addresses, "working-set": plot_working_set}


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--pagesim", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--policies", default=POLICIES)
    parser.add_argument("--frames")
    parser.add_argument("--window", type=int, default=1000)
    parser.add_argument("--only", choices=PLOTS)
    parser.add_argument("--options", default="")
    parser.add_argument("trace")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    for name, plot in PLOTS.items():
        if args.only in (None, name):
            plot(args)


if __name__ == "__main__":
    main()
