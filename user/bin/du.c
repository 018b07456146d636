/* SPDX-License-Identifier: MIT
 *
 * du [-achkLs] [-d depth] [file]... (POSIX XCU du). What the files take on the host's disk, in KiB; a file
 * with several names counts once. */
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/queue.h>
#include <unistd.h>

#define BUCKETS 1024

struct seen {
    SLIST_ENTRY(seen) link;
    dev_t device;
    ino_t inode;
};

static SLIST_HEAD(, seen) seen[BUCKETS];
static int show_files, human, follow;
static long depth_limit = 1l << 30;

/* Is it a further name of a file that was counted? */
static int is_seen(const struct stat *status)
{
    struct seen *s;

    if (S_ISDIR(status->st_mode) || status->st_nlink < 2)
        return 0;
    SLIST_FOREACH (s, &seen[status->st_ino % BUCKETS], link)
        if (s->inode == status->st_ino && s->device == status->st_dev)
            return 1;
    s = tool_memory(NULL, sizeof(*s));
    s->device = status->st_dev;
    s->inode = status->st_ino;
    SLIST_INSERT_HEAD(&seen[status->st_ino % BUCKETS], s, link);
    return 0;
}

static void print(unsigned long long blocks, const char *path)
{
    char text[24];

    if (human)
        printf("%s\t%s\n", tool_human(text, blocks * 512), path);
    else
        printf("%llu\t%s\n", (blocks + 1) / 2, path);
}

/* Blocks of 512 bytes below path, which is printed if it is not deeper than asked for. */
static unsigned long long measure(const char *path, long depth)
{
    struct stat status;
    unsigned long long blocks;

    if ((follow ? stat(path, &status) : lstat(path, &status)) < 0) {
        tool_warn("cannot access '%s'", path);
        return 0;
    }
    if (is_seen(&status))
        return 0;
    blocks = (unsigned long long)status.st_blocks;
    if (S_ISDIR(status.st_mode)) {
        char **names = tool_names(path);
        if (!names)
            tool_warn("cannot read directory '%s'", path);
        for (char **name = names; name && *name; name++) {
            char *child = tool_path(path, *name);
            blocks += measure(child, depth + 1);
            free(child);
        }
        if (names)
            tool_names_free(names);
    }
    if (depth == 0 || (depth <= depth_limit && (show_files || S_ISDIR(status.st_mode))))
        print(blocks, path);
    return blocks;
}

int main(int argc, char **argv)
{
    unsigned long long total = 0;
    int option, show_total = 0;

    tool_begin(argv, "du [-achkLs] [-d depth] [file]...");
    while ((option = getopt(argc, argv, "achkLsd:")) != -1)
        switch (option) {
        case 'a':
            show_files = 1;
            break;
        case 'c':
            show_total = 1;
            break;
        case 'h':
            human = 1;
            break;
        case 'k':
            human = 0;
            break;
        case 'L':
            follow = 1;
            break;
        case 's':
            depth_limit = 0;
            break;
        case 'd':
            depth_limit = tool_number(optarg, 1l << 30);
            if (depth_limit < 0)
                tool_die("%s: not a depth", optarg);
            break;
        default:
            tool_misused();
        }
    if (optind == argc)
        total = measure(".", 0);
    for (int i = optind; i < argc; i++)
        total += measure(argv[i], 0);
    if (show_total)
        print(total, "total");
    return tool_end();
}
