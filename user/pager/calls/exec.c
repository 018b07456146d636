/* SPDX-License-Identifier: MIT
 *
 * EXEC: from a start block and an image to a space that a thread can be started in. A few regions and
 * the first stack pages; what the image holds is faulted in later. See proto/start.h for the block. */
#include <abi/elf.h>
#include <errno.h>
#include <proto/pager.h>
#include <proto/start.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "user/pager/base/watcher.h"
#include "user/pager/cache/archive.h"
#include "user/pager/cache/cache.h"
#include "user/pager/cache/file.h"
#include "user/pager/calls/calls.h"
#include "user/pager/calls/image.h"
#include "user/pager/names/name.h"
#include "user/pager/names/work.h"
#include "user/pager/vm/space.h"

/* The block, copied once and then checked: its sender may change it meanwhile. */
static union {
    struct start_block head;
    uint8_t byte[START_MAX];
    uint32_t word[START_MAX / 4];
} block;

#define OFFSETS_AT (sizeof(struct start_block) / 4) /* in words */

static uint64_t pairs_at(void)
{
    return (sizeof(struct start_block) + 4ul * (block.head.argc + block.head.envc) + 7) & ~7ul;
}

/* Every offset names a string, every pair lies inside. */
static bool block_is_sound(uint64_t length)
{
    const struct start_block *head = &block.head;
    uint64_t strings = (uint64_t)head->argc + head->envc;

    if (length < sizeof(*head) || head->size != length || block.byte[length - 1] != '\0' ||
        strings > length / 4 || head->auxc > length / 16 || head->path >= length ||
        pairs_at() + 16ul * head->auxc > length)
        return false;
    for (uint64_t i = 0; i < strings; i++)
        if (block.word[OFFSETS_AT + i] >= length)
            return false;
    return true;
}

/* Words written upwards into a space, a batch at a time. */
struct writer {
    struct request *r;
    struct space *space;
    uint64_t to;
    unsigned count;
    int error;
    uint64_t word[64];
};

static void writer_flush(struct writer *w)
{
    if (!w->error)
        w->error = space_write(w->r, w->space, w->to, w->word, w->count * 8ul);
    w->to += w->count * 8ul;
    w->count = 0;
}

static void writer_put(struct writer *w, uint64_t word)
{
    w->word[w->count++] = word;
    if (w->count == sizeof(w->word) / 8)
        writer_flush(w);
}

static void writer_put_pair(struct writer *w, uint64_t type, uint64_t value)
{
    writer_put(w, type);
    writer_put(w, value);
}

/* argc, argv[], NULL, envp[], NULL, auxv at *sp; above it the whole block, where the strings are. */
static int exec_stack(struct request *r, struct space *space, const struct image *image,
                      uint64_t *sp)
{
    const struct start_block *head = &block.head;
    uint64_t strings = (uint64_t)head->argc + head->envc;
    uint64_t base = (STACK_TOP - head->size) & ~15ul;
    uint64_t words = 1 + strings + 2 + 2 * (head->auxc + 6ul);
    struct writer w = {.r = r, .space = space, .to = (base - words * 8) & ~15ul};

    *sp = w.to;
    w.error = space_write(r, space, base, block.byte, head->size);
    writer_put(&w, head->argc);
    for (uint64_t i = 0; i <= strings; i++) {
        if (i == head->argc)
            writer_put(&w, 0);
        writer_put(&w, i < strings ? base + block.word[OFFSETS_AT + i] : 0);
    }
    for (uint64_t at = pairs_at(), i = 0; i < head->auxc; i++, at += 16) {
        uint64_t pair[2];
        memcpy(pair, block.byte + at, sizeof(pair));
        writer_put_pair(&w, pair[0], pair[1]);
    }
    writer_put_pair(&w, AT_PHDR, image->headers);
    writer_put_pair(&w, AT_PHENT, sizeof(Elf64_Phdr));
    writer_put_pair(&w, AT_PHNUM, image->headers ? image->header_count : 0);
    writer_put_pair(&w, AT_PAGESZ, PAGE_SIZE);
    writer_put_pair(&w, AT_ENTRY, image->entry);
    writer_put_pair(&w, AT_NULL, 0);
    writer_flush(&w);
    return w.error;
}

static uint64_t page_down(uint64_t address)
{
    return address & ~PAGE_MASK;
}

static uint64_t page_up(uint64_t address)
{
    return (address + PAGE_MASK) & ~PAGE_MASK;
}

/* One segment: pages of the file, then zeros. Where the two meet within a page, that page is made
 * private now, since the file goes on with something else. */
static int exec_segment(struct request *r, struct space *space, const struct image *image,
                        const struct segment *segment)
{
    uint64_t start = page_down(segment->start), end = page_up(segment->end);
    uint64_t file_end = segment->file_end > segment->start ? page_up(segment->file_end) : start;
    struct region_kind kind = {
        .object = image->object, .offset = page_down(segment->offset), .prot = segment->prot};

    if (region_reserve(&space->regions, 2 * REGION_INSERT_NEEDS) < 0)
        return -ENOMEM;
    if (file_end > start)
        region_insert(&space->regions, start, file_end, kind);
    kind.object = NULL;
    if (end > file_end)
        region_insert(&space->regions, file_end, end, kind);
    if (segment->end == segment->file_end || file_end == start)
        return 0;
    return space_write(r, space, segment->file_end, NULL, file_end - segment->file_end);
}

static int exec_layout(struct request *r, struct space *space, const struct image *image)
{
    const char *path = (const char *)block.byte + block.head.path, *name = strrchr(path, '/');

    for (unsigned i = 0; i < image->count; i++) {
        int error = exec_segment(r, space, image, &image->segment[i]);
        if (error)
            return error;
    }
    if (region_reserve(&space->regions, 2 * REGION_INSERT_NEEDS) < 0)
        return -ENOMEM;
    region_insert(&space->regions, MMAP_TOP, STACK_START,
                  (struct region_kind){.flags = REGION_GUARD});
    region_insert(&space->regions, STACK_START, STACK_TOP,
                  (struct region_kind){.prot = VM_R | VM_W, .flags = REGION_GROWS});
    space->brk = space->brk_start = page_up(image->end);
    snprintf(space->name, sizeof(space->name), "%s", name ? name + 1 : path);
    return 0;
}

/* --- the program --- */

/* Looks the path up at the place that came with the request, if one did: 0, and r->object is the file;
 * REQUEST_WAITS; or a negative errno. */
static int exec_find_file(struct request *r, unsigned place)
{
    const char *path = (const char *)block.byte + block.head.path;
    struct work *w = r->work;

    if (!w) {
        if (MSG_HANDLES(r->m.tag) <= place || r->handle[place] == HANDLE_NONE)
            return -ENOENT;
        w = work_get(r);
        if (!w)
            return REQUEST_WAITS;
        w->path[0].place = w->path[place].place; /* the other one is a space: no handle at all */
        if (place > 0)
            w->path[place].place = HANDLE_NONE;
        w->path[0].length = strlen(path);
        if (w->path[0].length == 0 || w->path[0].length > FS_PATH_MAX)
            return w->path[0].length ? -ENAMETOOLONG : -ENOENT;
        memcpy(w->in.bytes, path, w->path[0].length);
        w->flags = FS_O_RDONLY;
    }
    return name_look_up(r);
}

/* The object that the path names, as r->object, and its size: a file of the share, else of the archive. */
static int exec_find(struct request *r, unsigned place, uint64_t *size)
{
    const char *path = (const char *)block.byte + block.head.path;
    int error = r->object ? 0 : exec_find_file(r, place);

    if (error == -ENOENT || error == -ENOTDIR || error == -ENODEV || error == -EIO) {
        struct file *file;
        int found = archive_open(path, &file);
        if (found < 0)
            return found == -ENOENT && error != -ENODEV ? error : found;
        r->object = &file->object;
        error = 0;
    }
    if (error)
        return error == -EISDIR || error == -ENXIO ? -EACCES : error;
    const struct file *file = file_of(r->object);
    if (!(file->host.mode & 0111))
        return -EACCES;
    *size = file->size;
    return 0;
}

/* Fills an empty space: 0, an errno or REQUEST_WAITS, and then it is empty again. */
static int exec_fill(struct request *r, struct space *space, unsigned place, struct image *image,
                     uint64_t *sp)
{
    uint64_t size;
    int error = exec_find(r, place, &size);

    if (!error)
        error = image_read(r, r->object, size, image);
    if (error)
        return error;
    error = exec_layout(r, space, image);
    if (!error)
        error = exec_stack(r, space, image, sp);
    if (error)
        space_clear(space);
    return error;
}

/* The caller's own space becomes a new one's contents. */
static int exec_replace(struct request *r, struct image *image, uint64_t *sp)
{
    struct space *fresh = space_create_inner();
    int error = fresh ? exec_fill(r, fresh, 0, image, sp) : -ENOMEM;

    if (error) {
        if (fresh)
            space_free_inner(fresh);
        return error;
    }
    r->answer.tag = 0;
    mmap_unmap(r, USER_MIN, USER_MAX);
    space_take_over(r->space, fresh);
    return 0;
}

/* a2 bytes of the start block in `in`. Handle 0: the right of the space to fill, handle 1: the place; or,
 * a3 PAGER_EXEC_SELF, handle 0: the place. */
enum outcome calls_exec(struct request *r)
{
    bool self = r->m.w[1] == PAGER_EXEC_SELF;
    struct space *space = self ? r->space : MSG_HANDLES(r->m.tag) ? space_find(r->badge[0]) : NULL;
    uint64_t length = r->m.w[0], sp;
    struct image image;

    if (!space)
        return answer_errno(r, -EBADF);
    if (!self && space->regions.count > 0)
        return answer_errno(r, -EBUSY);
    if (r->m.w[1] > PAGER_EXEC_SELF)
        return answer_errno(r, -EINVAL);
    if (length > START_MAX || length < sizeof(struct start_block))
        return answer_errno(r, length > START_MAX ? -E2BIG : -EINVAL);
    int error = request_copy(r, COPY_IN, 0, &block, length);
    if (error > 0)
        return DONE;
    if (error < 0 || !block_is_sound(length))
        return answer_errno(r, -EINVAL);
    error = self ? exec_replace(r, &image, &sp) : exec_fill(r, space, 1, &image, &sp);
    if (error)
        return error == REQUEST_WAITS ? WAIT : answer_errno(r, error);
    RECORD(~0u, TRACE_SPACE, space->badge);
    if (!self)
        r->answer.tag = 0;
    else
        r->answer.tag |= MSG_START;
    r->answer.w[0] = image.entry;
    r->answer.w[1] = sp;
    return DONE;
}
