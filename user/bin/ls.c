/* SPDX-License-Identifier: MIT
 *
 * ls [-1AaCdFhiklnpRrStuc] [file]... (POSIX XCU ls). Columns on a terminal, else a name a line. Names
 * are sorted by bytes, and written as they are. */
#include "user/lib/tool/tool.h"
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COLUMNS 80
#define COLUMN_GAP 2
#define HALF_YEAR (365l * 24 * 3600 / 2)

static int show_all, show_almost, columns, directory_itself, classify, human, inode, long_format;
static int numeric, slash, recursive, reverse, follow, show_blocks;
static enum { BY_NAME, BY_SIZE, BY_TIME, UNSORTED } order;
static char which_time = 'm'; /* m, a (-u), c (-c) */
static int first_output = 1;

struct file {
    char *name; /* as shown */
    char *path;
    struct stat status;
};

struct files {
    struct file *v;
    size_t n;
};

static const struct timespec *time_of(const struct file *file)
{
    return which_time == 'a'   ? &file->status.st_atim
           : which_time == 'c' ? &file->status.st_ctim
                               : &file->status.st_mtim;
}

static int compare(const void *a, const void *b)
{
    const struct file *x = a, *y = b;
    const struct timespec *s = time_of(x), *t = time_of(y);
    long long difference = 0;

    if (order == BY_SIZE)
        difference =
            (y->status.st_size > x->status.st_size) - (y->status.st_size < x->status.st_size);
    if (order == BY_TIME)
        difference = s->tv_sec != t->tv_sec ? (t->tv_sec > s->tv_sec) - (t->tv_sec < s->tv_sec)
                                            : (t->tv_nsec > s->tv_nsec) - (t->tv_nsec < s->tv_nsec);
    if (difference == 0)
        difference = strcmp(x->name, y->name);
    return reverse ? -(int)difference : (int)difference;
}

static void add(struct files *files, const char *name, char *path, const struct stat *status)
{
    if ((files->n & (files->n - 1)) == 0)
        files->v = tool_memory(files->v, (files->n ? 2 * files->n : 1) * sizeof(*files->v));
    files->v[files->n++] =
        (struct file){strcpy(tool_memory(NULL, strlen(name) + 1), name), path, *status};
}

static void drop(struct files *files)
{
    for (size_t i = 0; i < files->n; i++) {
        free(files->v[i].name);
        free(files->v[i].path);
    }
    free(files->v);
}

static char mark_of(mode_t mode)
{
    if (S_ISDIR(mode))
        return slash || classify ? '/' : 0;
    if (!classify)
        return 0;
    return S_ISLNK(mode)                  ? '@'
           : S_ISFIFO(mode)               ? '|'
           : S_ISSOCK(mode)               ? '='
           : mode & 0111 && S_ISREG(mode) ? '*'
                                          : 0;
}

static const char *owner(char text[24], uid_t id)
{
    const struct passwd *entry = numeric ? NULL : getpwuid(id);

    snprintf(text, 24, "%u", (unsigned)id);
    return entry ? entry->pw_name : text;
}

static const char *group(char text[24], gid_t id)
{
    const struct group *entry = numeric ? NULL : getgrgid(id);

    snprintf(text, 24, "%u", (unsigned)id);
    return entry ? entry->gr_name : text;
}

static const char *size(char text[24], const struct file *file)
{
    if (S_ISCHR(file->status.st_mode) || S_ISBLK(file->status.st_mode))
        snprintf(text, 24, "%u, %u", (unsigned)(file->status.st_rdev >> 8 & 0xfff),
                 (unsigned)(file->status.st_rdev & 0xff));
    else if (human)
        tool_human(text, (unsigned long long)file->status.st_size);
    else
        snprintf(text, 24, "%lld", (long long)file->status.st_size);
    return text;
}

static void print_name(const struct file *file)
{
    char target[PATH_MAX];

    fputs(file->name, stdout);
    if (long_format && S_ISLNK(file->status.st_mode)) {
        ssize_t length = readlink(file->path, target, sizeof(target) - 1);
        if (length >= 0)
            printf(" -> %.*s", (int)length, target);
    } else if (mark_of(file->status.st_mode)) {
        putchar(mark_of(file->status.st_mode));
    }
}

static unsigned long long blocks(const struct file *file)
{
    return ((unsigned long long)file->status.st_blocks + 1) / 2; /* of 1 KiB */
}

static int digits(unsigned long long value)
{
    int n = 1;

    for (; value >= 10; value /= 10)
        n++;
    return n;
}

/* Widths of the columns of -l (and of -i and -s). */
struct widths {
    int inode, blocks, links, owner, group, size;
};

static void widen(int *width, int needed)
{
    if (needed > *width)
        *width = needed;
}

static struct widths measure(const struct files *files)
{
    struct widths w = {0};
    char text[24];

    for (size_t i = 0; i < files->n; i++) {
        const struct file *file = &files->v[i];
        widen(&w.inode, digits(file->status.st_ino));
        widen(&w.blocks,
              human ? (int)strlen(tool_human(text, blocks(file) * 1024)) : digits(blocks(file)));
        if (!long_format)
            continue;
        widen(&w.links, digits(file->status.st_nlink));
        widen(&w.owner, (int)strlen(owner(text, file->status.st_uid)));
        widen(&w.group, (int)strlen(group(text, file->status.st_gid)));
        widen(&w.size, (int)strlen(size(text, file)));
    }
    return w;
}

static void print_long(const struct file *file, const struct widths *w, time_t now)
{
    char mode[11], user[24], users[24], bytes[24], when[32];
    time_t seconds = time_of(file)->tv_sec;
    int recent = seconds <= now && now - seconds < HALF_YEAR;

    tool_mode_text(file->status.st_mode, mode);
    strftime(when, sizeof(when), recent ? "%b %e %H:%M" : "%b %e  %Y", localtime(&seconds));
    printf("%s %*lu %-*s %-*s %*s %s ", mode, w->links, (unsigned long)file->status.st_nlink,
           w->owner, owner(user, file->status.st_uid), w->group, group(users, file->status.st_gid),
           w->size, size(bytes, file), when);
}

static void print_prefix(const struct file *file, const struct widths *w)
{
    char text[24];

    if (inode)
        printf("%*llu ", w->inode, (unsigned long long)file->status.st_ino);
    if (show_blocks && human)
        printf("%*s ", w->blocks, tool_human(text, blocks(file) * 1024));
    else if (show_blocks)
        printf("%*llu ", w->blocks, blocks(file));
}

static size_t shown_width(const struct file *file, const struct widths *w)
{
    return strlen(file->name) + (mark_of(file->status.st_mode) != 0) +
           (inode ? (size_t)w->inode + 1 : 0) + (show_blocks ? (size_t)w->blocks + 1 : 0);
}

/* The width of the column of `down` files that begins with file `first`. */
static size_t column_width(const struct files *files, const struct widths *w, size_t first,
                           size_t down)
{
    size_t widest = 0;

    for (size_t i = first; i < first + down && i < files->n; i++)
        if (shown_width(&files->v[i], w) > widest)
            widest = shown_width(&files->v[i], w);
    return widest + COLUMN_GAP;
}

/* Down, then right, in as few rows as fit. */
static void print_columns(const struct files *files, const struct widths *w)
{
    size_t down = 1;

    for (; down < files->n; down++) {
        size_t all = 0;
        for (size_t i = 0; i < files->n; i += down)
            all += column_width(files, w, i, down);
        if (all - COLUMN_GAP < COLUMNS)
            break;
    }
    for (size_t row = 0; row < down; row++) {
        for (size_t i = row; i < files->n; i += down) {
            const struct file *file = &files->v[i];
            print_prefix(file, w);
            print_name(file);
            if (i + down < files->n)
                printf("%*s", (int)(column_width(files, w, i - row, down) - shown_width(file, w)),
                       "");
        }
        if (files->n)
            putchar('\n');
    }
}

static void print(struct files *files)
{
    time_t now = time(NULL);

    if (files->n && order != UNSORTED)
        qsort(files->v, files->n, sizeof(*files->v), compare);
    struct widths w = measure(files);
    if (columns && !long_format) {
        print_columns(files, &w);
        return;
    }
    for (size_t i = 0; i < files->n; i++) {
        print_prefix(&files->v[i], &w);
        if (long_format)
            print_long(&files->v[i], &w, now);
        print_name(&files->v[i]);
        putchar('\n');
    }
}

static void list(const char *path, int title);

/* -R: the folders that were shown, in the order they were shown in. */
static void descend(const struct files *files)
{
    for (size_t i = 0; i < files->n; i++)
        if (S_ISDIR(files->v[i].status.st_mode) && strcmp(files->v[i].name, ".") != 0 &&
            strcmp(files->v[i].name, "..") != 0)
            list(files->v[i].path, 1);
}

static void add_entry(struct files *files, const char *folder, const char *name)
{
    struct stat status;
    char *path = tool_path(folder, name);

    if ((follow ? stat(path, &status) : lstat(path, &status)) < 0 && lstat(path, &status) < 0) {
        tool_warn("cannot access '%s'", path);
        free(path);
        return;
    }
    add(files, name, path, &status);
}

static void list(const char *path, int title)
{
    struct files files = {0};
    unsigned long long total = 0;
    char text[24];
    char **names = tool_names(path);

    if (!names) {
        tool_warn("cannot open directory '%s'", path);
        return;
    }
    if (title)
        printf("%s%s:\n", first_output ? "" : "\n", path);
    first_output = 0;
    if (show_all) {
        add_entry(&files, path, ".");
        add_entry(&files, path, "..");
    }
    for (char **name = names; *name; name++)
        if (show_all || show_almost || **name != '.')
            add_entry(&files, path, *name);
    tool_names_free(names);
    for (size_t i = 0; i < files.n; i++)
        total += blocks(&files.v[i]);
    if (long_format || show_blocks) {
        snprintf(text, sizeof(text), "%llu", total);
        printf("total %s\n", human ? tool_human(text, total * 1024) : text);
    }
    print(&files);
    if (recursive)
        descend(&files);
    drop(&files);
}

static void take_option(int option)
{
    switch (option) {
    case '1':
        columns = 0;
        break;
    case 'A':
        show_almost = 1;
        break;
    case 'a':
        show_all = 1;
        break;
    case 'C':
        columns = 1;
        long_format = 0;
        break;
    case 'd':
        directory_itself = 1;
        break;
    case 'F':
        classify = 1;
        break;
    case 'f':
        show_all = 1;
        order = UNSORTED;
        break;
    case 'h':
        human = 1;
        break;
    case 'i':
        inode = 1;
        break;
    case 'k': /* as it is anyway */
        break;
    case 'L':
        follow = 1;
        break;
    case 'l':
        long_format = 1;
        break;
    case 'n':
        long_format = numeric = 1;
        break;
    case 'p':
        slash = 1;
        break;
    case 'R':
        recursive = 1;
        break;
    case 'r':
        reverse = 1;
        break;
    case 'S':
        order = BY_SIZE;
        break;
    case 's':
        show_blocks = 1;
        break;
    case 't':
        order = BY_TIME;
        break;
    case 'u':
        which_time = 'a';
        break;
    case 'c':
        which_time = 'c';
        break;
    default:
        tool_misused();
    }
}

int main(int argc, char **argv)
{
    static char here[] = ".";
    static char *nothing[] = {here, NULL};
    struct files plain = {0}, folders = {0};
    struct stat status;
    int option;

    tool_begin(argv, "ls [-1AaCcdFfhikLlnpRrSstu] [file]...");
    tool_trouble = TOOL_MISUSED;
    columns = isatty(STDOUT_FILENO);
    while ((option = getopt(argc, argv, "1AaCcdFfhikLlnpRrSstu")) != -1)
        take_option(option);
    if (which_time != 'm' && order == BY_NAME && !long_format)
        order = BY_TIME;
    char **operand = optind == argc ? nothing : argv + optind;
    for (; *operand; operand++) {
        int links = directory_itself || long_format || classify;
        int error = links && !follow ? lstat(*operand, &status) : stat(*operand, &status);
        if (error && lstat(*operand, &status) < 0) {
            tool_warn("cannot access '%s'", *operand);
            tool_status = TOOL_MISUSED;
            continue;
        }
        int is_folder = S_ISDIR(status.st_mode) && !directory_itself;
        add(is_folder ? &folders : &plain, *operand,
            strcpy(tool_memory(NULL, strlen(*operand) + 1), *operand), &status);
    }
    print(&plain);
    first_output = plain.n == 0;
    if (folders.n)
        qsort(folders.v, folders.n, sizeof(*folders.v), compare);
    for (size_t i = 0; i < folders.n; i++)
        list(folders.v[i].path, recursive || argc - optind > 1);
    drop(&plain);
    drop(&folders);
    return tool_end();
}
