/* SPDX-License-Identifier: MIT
 *
 * Requests that name files: to fs directly (proto/fs.h), or to the pager, which gets the place beside
 * the path (proto/pager.h). Results: 0 or a negative errno. Not for programs. */
#ifndef OCTAVO_LIB_PATH_H
#define OCTAVO_LIB_PATH_H

#include <fcntl.h>
#include <proto/fs.h>
#include <proto/pager.h>
#include "user/lib/system/internal.h"

/* The place that path starts at: that of a directory's descriptor, or of AT_FDCWD the working
 * directory. ENOTDIR, EBADF, ENOENT (also: there is no file server), ENAMETOOLONG. */
long path_place(int directory, const char *path, handle_t *place);

/* m's first word becomes the path's length; the answer is in *m. */
long path_ask(handle_t place, struct message *m, const char *path);
long path_ask_at(int directory, struct message *m, const char *path);
long path_ask_pager(handle_t place, struct message *m, const char *path);

/* m, with all that comes with it, to the pager; a pager without files is passed by (FS_*). */
long path_send_pager(struct message *m);

/* Two paths, for FS_SYMLINK, FS_LINK and PAGER_RENAME; the first one of FS_SYMLINK is only text. */
long path_ask_two(struct message *m, int from_directory, const char *from, int to_directory,
                  const char *to);

/* A new place into *place. */
long path_new_place(handle_t at, const char *path, handle_t *place);

/* struct fs_stat of a name, any kind; flags: FS_AT_*. */
long path_status(handle_t at, const char *path, unsigned flags, struct fs_stat *record);

#endif
