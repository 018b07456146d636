/* SPDX-License-Identifier: MIT
 *
 * Places, files, clients: see table.h. Badges and ids are slot + 1 and a generation above that, so none
 * comes twice. One lock; fids are ended after it is released, because the host takes its time. */
#include "user/fs/table.h"
#include "user/fs/dev.h"
#include "user/fs/fid.h"
#include <octavo/lock.h>
#include <errno.h>

#define PLACES 512u
#define FILES 2048u
#define PLACES_KEPT 128u /* for those who hold the registered right */
#define FILES_KEPT 512u
#define SLOT_BITS 16u

static struct place places[PLACES];
static struct file files[FILES];
static struct client clients[PLACES]; /* one has at least a place */
static SLIST_HEAD(, place) free_places;
static LIST_HEAD(, file) free_files;
static unsigned places_used, files_used;
static struct lock lock;

void table_setup(uint32_t root_fid, uint64_t inode)
{
    for (unsigned i = PLACES; i-- > 1;) {
        places[i].badge = i + 1;
        places[i].is_closed = true;
        SLIST_INSERT_HEAD(&free_places, &places[i], free);
    }
    for (unsigned i = FILES; i-- > 0;) {
        files[i].id = i + 1;
        LIST_INSERT_HEAD(&free_files, &files[i], link);
    }
    places[0] = (struct place){.badge = PLACE_ROOT_BADGE,
                               .fid = root_fid,
                               .inode = inode,
                               .reader = P9_NO_FID,
                               .references = 1};
    places_used = 1;
}

/* --- Clients (under the lock) --------------------------------------------------------------- */

static int client_add_place(struct place *from, struct client **client)
{
    *client = from->client;
    if (places_used == PLACES || (*client && places_used >= PLACES - PLACES_KEPT))
        return -ENFILE;
    if (*client && (*client)->places == FS_CLIENT_PLACES)
        return -EMFILE;
    for (unsigned i = 0; !*client; i++) /* fewer are in use than there are places */
        if (clients[i].places == 0)
            *client = &clients[i];
    (*client)->places++;
    return 0;
}

static int client_add_file(struct client *client)
{
    if (files_used == FILES || (client && files_used >= FILES - FILES_KEPT))
        return -ENFILE;
    if (client && client->files == FS_CLIENT_FILES)
        return -EMFILE;
    if (client)
        client->files++;
    return 0;
}

/* --- Files ---------------------------------------------------------------------------------- */

/* Frees the record; returns the fid, to be ended without the lock. */
static uint32_t file_free(struct file *file)
{
    LIST_REMOVE(file, link);
    if (file->place->client)
        file->place->client->files--;
    file->place = NULL;
    file->id += 1u << SLOT_BITS;
    LIST_INSERT_HEAD(&free_files, file, link);
    files_used--;
    return file->fid;
}

int file_create(struct place *place, uint32_t fid, unsigned access, struct wire_qid qid,
                uint64_t *id)
{
    lock_acquire(&lock);
    int result = client_add_file(place->client);
    if (result == 0) {
        struct file *file = LIST_FIRST(&free_files);
        LIST_REMOVE(file, link);
        LIST_INSERT_HEAD(&place->files, file, link);
        files_used++;
        file->fid = fid;
        file->access = access;
        file->qid = qid;
        file->is_open = true;
        file->references = 1;
        file->place = place;
        *id = file->id;
    }
    lock_release(&lock);
    return result;
}

/* Under the lock. */
static struct file *file_find(struct place *place, uint64_t id)
{
    uint64_t slot = (id & ((1u << SLOT_BITS) - 1)) - 1; /* of id 0: none */
    if (slot >= FILES || files[slot].id != id || files[slot].place != place || !files[slot].is_open)
        return NULL;
    return &files[slot];
}

struct file *file_get(struct place *place, uint64_t id)
{
    lock_acquire(&lock);
    struct file *file = file_find(place, id);
    if (file)
        file->references++;
    lock_release(&lock);
    return file;
}

void file_put(struct p9 *p9, struct file *file)
{
    uint32_t fid = P9_NO_FID;

    lock_acquire(&lock);
    if (--file->references == 0)
        fid = file_free(file);
    lock_release(&lock);
    fid_put_clunk(p9, fid);
}

int file_close(struct p9 *p9, struct place *place, uint64_t id)
{
    lock_acquire(&lock);
    struct file *file = file_find(place, id);
    if (file)
        file->is_open = false;
    lock_release(&lock);
    if (!file)
        return -EBADF;
    file_put(p9, file);
    return 0;
}

/* --- Places --------------------------------------------------------------------------------- */

/* Under the lock. */
static struct place *place_find(uint64_t badge)
{
    uint64_t slot = (badge & ((1u << SLOT_BITS) - 1)) - 1;
    if (slot >= PLACES || places[slot].badge != badge || places[slot].is_closed)
        return NULL;
    return &places[slot];
}

struct place *place_get(uint64_t badge)
{
    lock_acquire(&lock);
    struct place *place = place_find(badge);
    if (place)
        place->references++;
    lock_release(&lock);
    return place;
}

int place_create(struct place *from, uint32_t fid, uint64_t inode, uint64_t *badge)
{
    struct client *client;

    lock_acquire(&lock);
    int result = client_add_place(from, &client);
    if (result == 0) {
        struct place *place = SLIST_FIRST(&free_places);
        SLIST_REMOVE_HEAD(&free_places, free);
        places_used++;
        place->fid = fid;
        place->inode = inode;
        place->reader = P9_NO_FID;
        place->is_closed = false;
        place->references = 1;
        place->client = client;
        LIST_INIT(&place->files);
        *badge = place->badge;
    }
    lock_release(&lock);
    return result;
}

/* Nobody works on the place or its files any more, and nobody can: ends all that it has. */
static void place_destroy(struct p9 *p9, struct place *place)
{
    struct file *file;

    do {
        uint32_t fid = P9_NO_FID;
        lock_acquire(&lock);
        file = LIST_FIRST(&place->files);
        if (file) {
            file->is_open = false;
            fid = file_free(file);
        }
        lock_release(&lock);
        fid_put_clunk(p9, fid);
    } while (file);
    fid_put_clunk(p9, place->reader);
    fid_put_clunk(p9, place->fid);
    lock_acquire(&lock);
    place->client->places--;
    place->badge += 1u << SLOT_BITS;
    SLIST_INSERT_HEAD(&free_places, place, free);
    places_used--;
    lock_release(&lock);
}

void place_put(struct p9 *p9, struct place *place)
{
    lock_acquire(&lock);
    bool is_last = --place->references == 0;
    lock_release(&lock);
    if (is_last)
        place_destroy(p9, place);
}

void place_close(struct p9 *p9, uint64_t badge)
{
    lock_acquire(&lock);
    struct place *place = badge == PLACE_ROOT_BADGE ? NULL : place_find(badge);
    if (place)
        place->is_closed = true;
    lock_release(&lock);
    if (place)
        place_put(p9, place);
}

int place_reader(struct p9 *p9, struct place *place, uint32_t *fid)
{
    *fid = __atomic_load_n(&place->reader, __ATOMIC_ACQUIRE);
    if (*fid != P9_NO_FID)
        return 0;
    if (dev_has(place->fid)) {
        *fid = place->fid;
        return 0;
    }
    uint32_t mine = fid_get();
    if (mine == P9_NO_FID)
        return -ENFILE;
    int result = p9_walk(p9, place->fid, mine, NULL, 0, NULL);
    if (result < 0) {
        fid_put(mine);
        return result;
    }
    result = p9_open(p9, mine, FS_O_RDONLY | FS_O_DIRECTORY);
    lock_acquire(&lock);
    if (result == 0 && place->reader == P9_NO_FID) {
        place->reader = mine;
        mine = P9_NO_FID;
    }
    *fid = place->reader;
    lock_release(&lock);
    fid_put_clunk(p9, mine); /* not open, or another thread was first */
    return result;
}
