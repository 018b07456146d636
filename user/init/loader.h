/* SPDX-License-Identifier: MIT
 *
 * The static loader: makes a program ready in memory that init gives it: all that its file has is mapped
 * before it starts, the rest it takes itself at once (octavo/wired.h). For servers and for pagers: they
 * never fault. It trusts the file, whether from the boot archive
 * or sent in pieces, no more than any other input.
 *
 *     loader_open, with the file's head    frames of init's for the segments
 *     loader_fill, once or piece by piece  what is in them
 *     loader_finish                        mapped in the process's task, with a stack; it can start */
#ifndef OCTAVO_INIT_LOADER_H
#define OCTAVO_INIT_LOADER_H

#include "user/init/archive.h"
#include "user/init/process.h"
#include <stdint.h>

/* One change to the space of a wired process: init's pages at src appear at dst. 0 or an errno. */
int loader_map(const struct process *process, uint64_t src, uint64_t dst, uint64_t pages,
               unsigned prot);

#define LOADER_SEGMENTS 8u

struct loader_image {
    uint64_t entry;
    uint64_t size;              /* of the file, bytes */
    const struct process *same; /* has the same program, whose read-only pages will do; or NULL */
    unsigned count;
    struct loader_segment {
        uint64_t start, end; /* pages with bytes from the file, in the process's space */
        uint64_t bottom;     /* where the next segment may begin: behind its zeros */
        uint64_t address;    /* of the first byte from the file */
        uint64_t offset;     /* in the file */
        uint64_t size;       /* bytes from the file; zeros behind them */
        unsigned prot;
    } segment[LOADER_SEGMENTS]; /* ascending */
};

/* What a process finds on its stack beside its name. */
struct loader_start {
    const uint64_t *auxv;
    unsigned pairs;     /* of auxv */
    uint64_t text_type; /* one more pair: the address of a text; 0: none */
    const char *text;   /* at most LOADER_TEXT bytes with the final 0 */
};
#define LOADER_TEXT 256u

/* Takes frames for the program of a file of `size` bytes whose first `length` are at `head`, all program
 * headers among them. `same`: a process with that program (image->same), or NULL. 0 or a negative errno;
 * -ENOEXEC: no such program. */
int loader_open(const struct process *process, struct loader_image *image,
                const struct process *same, const void *head, size_t length, uint64_t size);

/* Frames that it takes, with its stack's page. The rest of its memory a wired program takes itself
 * (octavo/wired.h). */
uint64_t loader_frames(const struct loader_image *image);

/* Copies what a piece of the file, from `offset` on, has of the segments. */
void loader_fill(const struct process *process, const struct loader_image *image, uint64_t offset,
                 const void *bytes, size_t length);

/* Maps everything into the process's space, its task made and pid its badge, and sets its entry and sp. 0
 * or a negative errno. */
int loader_finish(struct process *process, const struct loader_image *image,
                  const struct loader_start *start);

/* All three for a file of the boot archive. */
int loader_load(struct process *process, const struct archive_file *file,
                const struct loader_start *start);

/* Gives back what loader_open took. After the task is gone, or it never was. */
void loader_unload(const struct process *process);

#endif
