/* SPDX-License-Identifier: MIT
 *
 * cp [-afinpRrvHLPT] source... target (POSIX XCU cp). A folder is never copied into itself; a file
 * that is being copied keeps no name of a half-written one: what is written is written in place. */
#include "user/lib/tool/tool.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int force, ask, keep_target, preserve, recursive, verbose;
static enum { FOLLOW_DEFAULT, FOLLOW_NONE, FOLLOW_OPERANDS, FOLLOW_ALL } follow;

/* The folders that are being copied into: where a copy of a folder into itself would show. */
static struct {
    dev_t device;
    ino_t inode;
} target_root;

static void copy(const char *from, const char *to, int is_operand);

static void preserve_attributes(const char *to, const struct stat *status, int is_link)
{
    struct timespec times[2] = {status->st_atim, status->st_mtim};

    if (utimensat(AT_FDCWD, to, times, is_link ? AT_SYMLINK_NOFOLLOW : 0) < 0 && !is_link)
        tool_warn("times of '%s'", to);
    if (!is_link && chmod(to, status->st_mode & 07777) < 0)
        tool_warn("mode of '%s'", to);
}

static void copy_data(const char *from, const char *to, const struct stat *status)
{
    int in = open(from, O_RDONLY);
    if (in < 0) {
        tool_warn("cannot open '%s'", from);
        return;
    }
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, status->st_mode & 0777);
    if (out < 0 && force && unlink(to) == 0)
        out = open(to, O_WRONLY | O_CREAT | O_EXCL, status->st_mode & 0777);
    if (out < 0) {
        tool_warn("cannot create '%s'", to);
        close(in);
        return;
    }
    int result = tool_copy(in, out);
    if (result < 0)
        tool_warn("%s '%s'", result == -2 ? "writing" : "reading", result == -2 ? to : from);
    close(in);
    if (close(out) < 0)
        tool_warn("writing '%s'", to);
}

static void copy_link(const char *from, const char *to, int exists)
{
    char target[PATH_MAX];
    ssize_t length = readlink(from, target, sizeof(target) - 1);

    if (length < 0) {
        tool_warn("cannot read link '%s'", from);
        return;
    }
    target[length] = '\0';
    if (exists)
        unlink(to);
    if (symlink(target, to) < 0)
        tool_warn("cannot create link '%s'", to);
}

static void copy_folder(const char *from, const char *to, const struct stat *status, int exists)
{
    struct stat made;
    char **names = tool_names(from);

    if (!names) {
        tool_warn("%s", from);
        return;
    }
    if (!exists && mkdir(to, (status->st_mode & 0777) | 0700) < 0) {
        tool_warn("cannot create directory '%s'", to);
        tool_names_free(names);
        return;
    }
    if (!exists && verbose)
        printf("'%s' -> '%s'\n", from, to);
    if (!target_root.inode && stat(to, &made) == 0) {
        target_root.device = made.st_dev;
        target_root.inode = made.st_ino;
    }
    for (char **name = names; *name; name++) {
        char *source = tool_path(from, *name), *target = tool_path(to, *name);
        copy(source, target, 0);
        free(source);
        free(target);
    }
    tool_names_free(names);
    if (!exists && !preserve) {
        mode_t mask = umask(0);
        umask(mask);
        chmod(to, status->st_mode & 0777 & ~mask);
    }
}

/* Is the target in the way? False after a message or a no. */
static int may_replace(const char *from, const struct stat *source, const char *to,
                       const struct stat *target)
{
    if (source->st_dev == target->st_dev && source->st_ino == target->st_ino) {
        tool_say("'%s' and '%s' are the same file", from, to);
        return 0;
    }
    if (S_ISDIR(source->st_mode) && !S_ISDIR(target->st_mode)) {
        tool_say("cannot overwrite non-directory '%s' with directory '%s'", to, from);
        return 0;
    }
    if (!S_ISDIR(source->st_mode) && S_ISDIR(target->st_mode)) {
        tool_say("cannot overwrite directory '%s' with non-directory '%s'", to, from);
        return 0;
    }
    return !keep_target && !(ask && !S_ISDIR(target->st_mode) && !tool_ask("overwrite '%s'", to));
}

static void copy(const char *from, const char *to, int is_operand)
{
    int links = follow == FOLLOW_NONE || (follow == FOLLOW_OPERANDS && !is_operand) ||
                (follow == FOLLOW_DEFAULT && recursive);
    struct stat source, target;

    if ((links ? lstat(from, &source) : stat(from, &source)) < 0) {
        tool_warn("cannot stat '%s'", from);
        return;
    }
    if (S_ISDIR(source.st_mode) && !recursive) {
        tool_say("-r not specified; omitting directory '%s'", from);
        return;
    }
    if (S_ISDIR(source.st_mode) && target_root.inode == source.st_ino &&
        target_root.device == source.st_dev) {
        tool_say("cannot copy a directory, '%s', into itself", from);
        return;
    }
    int exists = (S_ISLNK(source.st_mode) ? lstat(to, &target) : stat(to, &target)) == 0;
    if (exists && !may_replace(from, &source, to, &target))
        return;
    if (verbose && !S_ISDIR(source.st_mode))
        printf("'%s' -> '%s'\n", from, to);
    if (S_ISDIR(source.st_mode))
        copy_folder(from, to, &source, exists);
    else if (S_ISLNK(source.st_mode))
        copy_link(from, to, exists);
    else if (S_ISREG(source.st_mode) || S_ISCHR(source.st_mode))
        copy_data(from, to, &source);
    else
        tool_say("'%s' is neither a file nor a folder nor a link", from);
    if (preserve)
        preserve_attributes(to, &source, S_ISLNK(source.st_mode));
}

static void take_option(int option)
{
    switch (option) {
    case 'a':
        recursive = preserve = 1;
        follow = FOLLOW_NONE;
        break;
    case 'f':
        force = 1;
        break;
    case 'i':
        ask = 1;
        break;
    case 'n':
        keep_target = 1;
        break;
    case 'p':
        preserve = 1;
        break;
    case 'R':
    case 'r':
        recursive = 1;
        break;
    case 'v':
        verbose = 1;
        break;
    case 'H':
        follow = FOLLOW_OPERANDS;
        break;
    case 'L':
        follow = FOLLOW_ALL;
        break;
    case 'P':
        follow = FOLLOW_NONE;
        break;
    default:
        tool_misused();
    }
}

int main(int argc, char **argv)
{
    struct stat status;
    int option, whole = 0;

    tool_begin(argv, "cp [-afinpRrvHLPT] source... target");
    while ((option = getopt(argc, argv, "afinpRrvHLPT")) != -1)
        if (option == 'T')
            whole = 1;
        else
            take_option(option);
    if (argc - optind < 2)
        tool_misused();
    const char *last = argv[argc - 1];
    int is_folder = !whole && stat(last, &status) == 0 && S_ISDIR(status.st_mode);
    if (!is_folder && argc - optind > 2) {
        tool_say("target '%s' is not a directory", last);
        return tool_end();
    }
    for (int i = optind; i < argc - 1; i++) {
        target_root.inode = 0;
        if (is_folder) {
            char *base = tool_base(argv[i]);
            char *to = tool_path(last, strcmp(base, "..") == 0 ? "." : base);
            copy(argv[i], to, 1);
            free(to);
            free(base);
        } else {
            copy(argv[i], last, 1);
        }
    }
    return tool_end();
}
