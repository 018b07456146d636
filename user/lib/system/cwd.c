/* SPDX-License-Identifier: MIT
 *
 * The working directory: a place (proto/fs.h), which stays what it is when a folder above it gets
 * another name. So no text is kept: getcwd climbs to the root and looks at each level for the name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/path.h"

#define CWD_LEVELS 2048 /* deeper is a host that moves folders under our feet */

static int cwd_change(long result, handle_t at, const char *path)
{
    handle_t place = HANDLE_NONE;

    if (result == 0)
        result = path_new_place(at, path, &place);
    if (result == 0) {
        octavo_lock();
        handle_t old = octavo_place;
        octavo_place = place;
        octavo_unlock();
        sys_close(old);
    }
    return (int)octavo_result(result);
}

int chdir(const char *path)
{
    handle_t at = HANDLE_NONE;
    long result = path_place(AT_FDCWD, path, &at);

    return cwd_change(result, at, path);
}

int fchdir(int number)
{
    handle_t at = HANDLE_NONE;
    long result = number == AT_FDCWD ? -EBADF : path_place(number, ".", &at);

    return cwd_change(result, at, ".");
}

static long cwd_inode(handle_t place, const char *path, uint64_t *inode)
{
    struct fs_stat record = {0};
    struct message m = {.tag = FS_STAT, .w = {0, 0, 0, sizeof(record)}};

    ipc_attach_out(&m, &record, sizeof(record));
    long result = path ? path_ask(place, &m, path) : ipc_request(place, &m);
    *inode = record.inode;
    return result;
}

/* The name in the directory `place` of what has that inode, its length or a negative errno. */
static long cwd_name(handle_t place, uint64_t inode, char *name)
{
    char buffer[4096] __attribute__((aligned(8)));
    uint64_t cursor = 0;

    for (;;) {
        struct message m = {.tag = FS_READDIR, .w = {0, cursor, sizeof(buffer)}};
        ipc_attach_out(&m, buffer, sizeof(buffer));
        long result = octavo_ask(place, &m);
        if (result <= 0)
            return result < 0 ? result : -ENOENT;
        for (size_t at = 0; at < (size_t)result;) {
            struct fs_entry *entry = (struct fs_entry *)(void *)(buffer + at);
            bool dots = entry->name_length <= 2 && !memcmp(entry->name, "..", entry->name_length);
            if (entry->inode == inode && !dots) {
                memcpy(name, entry->name, entry->name_length);
                return entry->name_length;
            }
            cursor = entry->cursor;
            at += entry->length;
        }
    }
}

/* One level: puts "/name" of *place before *start, which moves; *place becomes the directory above. */
static long cwd_climb(handle_t *place, char *room, char **start)
{
    char name[FS_NAME_MAX + 1];
    uint64_t inode;
    handle_t above;
    long result = cwd_inode(*place, NULL, &inode);

    if (result == 0)
        result = path_new_place(*place, "..", &above);
    if (result < 0)
        return result;
    if (*place != octavo_place)
        sys_close(*place);
    *place = above;
    result = cwd_name(above, inode, name);
    if (result < 0)
        return result;
    if (*start - room < result + 1)
        return -ERANGE;
    *start -= result;
    memcpy(*start, name, (size_t)result);
    *--*start = '/';
    return 0;
}

/* Writes the path to the end of room[size]: its start in *start; 0, or a negative errno. */
static long cwd_path(char *room, size_t size, char **start)
{
    handle_t place = octavo_place;
    uint64_t root, inode;
    long result = place == HANDLE_NONE ? -ENOENT : cwd_inode(place, "/", &root);

    *start = room + size - 1;
    **start = '\0';
    for (int level = 0; result == 0; level++) {
        result = level < CWD_LEVELS ? cwd_inode(place, NULL, &inode) : -ELOOP;
        if (result < 0 || inode == root)
            break;
        result = cwd_climb(&place, room, start);
    }
    if (place != octavo_place)
        sys_close(place);
    if (result == 0 && **start == '\0')
        *--*start = '/';
    return result;
}

/* buffer NULL: memory for the caller to free (BSD, Linux). */
char *getcwd(char *buffer, size_t size)
{
    char room[FS_PATH_MAX + 1], *path;
    long result = buffer && size == 0 ? -EINVAL : cwd_path(room, sizeof(room), &path);

    if (result == 0 && size != 0 && strlen(path) >= size)
        result = -ERANGE;
    if (octavo_result(result) < 0)
        return NULL;
    if (!buffer)
        buffer = malloc(size ? size : strlen(path) + 1);
    return buffer ? strcpy(buffer, path) : NULL;
}

char *get_current_dir_name(void) { return getcwd(NULL, 0); }
