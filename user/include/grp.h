/* SPDX-License-Identifier: MIT
 *
 * The groups (POSIX.1-2017 <grp.h>, with the old gr_passwd): there is one, root's. */
#ifndef OCTAVO_GRP_H
#define OCTAVO_GRP_H

#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct group {
    char *gr_name, *gr_passwd;
    gid_t gr_gid;
    char **gr_mem;
};

struct group *getgrgid(gid_t id);
struct group *getgrnam(const char *name);
int getgrnam_r(const char *name, struct group *group, char *strings, size_t size,
               struct group **found);
int getgrgid_r(gid_t id, struct group *group, char *strings, size_t size, struct group **found);
struct group *getgrent(void);
void setgrent(void);
void endgrent(void);
int initgroups(const char *name, gid_t group);

#ifdef __cplusplus
}
#endif

#endif
