/* SPDX-License-Identifier: MIT
 *
 * Start block of a shell: see start.h. */
#include "user/login/start.h"
#include <abi/handle.h>
#include <proto/fs.h>
#include <string.h>

struct packer {
    char *bytes;
    size_t end, room;
    bool is_full;
};

/* Appends a string; its offset. */
static uint32_t pack_string(struct packer *packer, const char *string)
{
    size_t size = strlen(string) + 1, at = packer->end;
    if (size > packer->room - at) {
        packer->is_full = true;
        return 0;
    }
    memcpy(packer->bytes + at, string, size);
    packer->end += size;
    return (uint32_t)at;
}

static uint32_t count(const char *const *list)
{
    uint32_t n = 0;
    while (list[n])
        n++;
    return n;
}

bool start_pack(struct start_block *block, size_t room, const char *path,
                const char *const *arguments, const char *const *environment, bool has_place)
{
    uint32_t argc = count(arguments), envc = count(environment);
    size_t pairs = (sizeof *block + (argc + envc) * sizeof(uint32_t) + 7) & ~(size_t)7;
    uint32_t auxc = START_STREAMS + has_place;
    size_t strings = pairs + auxc * 2 * sizeof(uint64_t);
    struct packer packer = {(char *)block, strings, room, false};
    uint32_t *offset = (uint32_t *)(block + 1);

    if (strings > room)
        return false;
    memset(block, 0, strings);
    for (uint32_t i = 0; i < argc; i++)
        *offset++ = pack_string(&packer, arguments[i]);
    for (uint32_t i = 0; i < envc; i++)
        *offset++ = pack_string(&packer, environment[i]);
    uint64_t *pair = (uint64_t *)((char *)block + pairs);
    for (unsigned i = 0; i < START_STREAMS; i++) {
        *pair++ = AT_OCTAVO_FD + i;
        *pair++ = (HANDLE_FIRST + i) | (uint64_t)START_FD_CON << 32 |
                  (uint64_t)FS_O_RDWR << START_FD_FLAGS_SHIFT;
    }
    if (has_place) {
        *pair++ = AT_OCTAVO_PLACE;
        *pair++ = START_PLACE;
    }
    block->path = pack_string(&packer, path);
    block->argc = argc;
    block->envc = envc;
    block->auxc = auxc;
    block->size = (uint32_t)packer.end;
    return !packer.is_full;
}
