/* SPDX-License-Identifier: MIT
 *
 * Packing and unpacking of 9P messages: integers little-endian, strings as a 16-bit length and bytes.
 * (intro(5) of Plan 9; 9P2000.L: diod's protocol.md and Linux's include/net/9p/9p.h.)
 *     Pure logic. It trusts no length: whatever does not fit marks the message as broken, gives zeros,
 * and is looked at once, at the end. Tested on the host (tests/host/test_p9.c). */
#ifndef OCTAVO_FS_WIRE_H
#define OCTAVO_FS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
    uint8_t *bytes;
    size_t at;    /* next byte */
    size_t limit; /* first byte that is not the message's */
    bool broken;  /* something did not fit */
};

struct wire_name {
    const char *bytes; /* no 0 at the end */
    size_t length;
};

/* The 13 bytes by which 9P knows a file. */
struct wire_qid {
    uint8_t type; /* QID_* */
    uint32_t version;
    uint64_t path;
};
#define QID_DIRECTORY 0x80u
#define QID_SYMLINK 0x02u

void wire_put8(struct wire *wire, uint8_t value);
void wire_put16(struct wire *wire, uint16_t value);
void wire_put32(struct wire *wire, uint32_t value);
void wire_put64(struct wire *wire, uint64_t value);
void wire_put_name(struct wire *wire, struct wire_name name);

uint8_t wire_get8(struct wire *wire);
uint16_t wire_get16(struct wire *wire);
uint32_t wire_get32(struct wire *wire);
uint64_t wire_get64(struct wire *wire);
struct wire_name wire_get_name(struct wire *wire); /* points into the message */
struct wire_qid wire_get_qid(struct wire *wire);

/* `length` bytes of the message, or NULL. */
const uint8_t *wire_get_bytes(struct wire *wire, size_t length);

#endif
