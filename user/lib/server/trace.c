/* SPDX-License-Identifier: MIT
 *
 * Beginning and ending a recording. A pager with a file server of its own makes the file itself, so that
 * what it writes passes through no frame; another one is given the open file of the pager above it. */
#include <errno.h>
#include <fcntl.h>
#include <octavo/trace.h>
#include <string.h>
#include <unistd.h>
#include "user/lib/system/fd.h"
#include "user/lib/system/path.h"

static long begin_with_file(handle_t pager, const char *path, unsigned what)
{
    struct message m = {.tag = PAGER_RECORD, .w = {0, 1, what}};
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
    const struct fd *file = fd < 0 ? NULL : fd_get(fd);
    long result;

    if (!file)
        return -errno;
    if (file->kind != START_FD_FILE) {
        close(fd);
        return -ENXIO;
    }
    ipc_attach_handle(&m, file->handle);
    result = ipc_request(pager, &m);
    close(fd);
    return result;
}

long trace_begin(handle_t pager, const char *path, unsigned what)
{
    struct message m = {.tag = PAGER_RECORD, .w = {0, 1, what}};
    handle_t place;
    long result = path_place(AT_FDCWD, path, &place);

    if (result < 0)
        return result;
    ipc_attach_handle(&m, place);
    m.w[0] = strlen(path);
    ipc_attach_in(&m, path, m.w[0]);
    result = ipc_request(pager, &m);
    return result == -ENODEV ? begin_with_file(pager, path, what) : result;
}

long trace_end(handle_t pager, struct trace_result *result)
{
    struct message m = {.tag = PAGER_RECORD};
    long error = ipc_request(pager, &m);

    *result = (struct trace_result){m.w[0], m.w[1]};
    return error;
}
