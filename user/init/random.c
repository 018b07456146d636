/* SPDX-License-Identifier: MIT
 *
 * Bytes that nobody can guess, for getentropy and /dev/random: ChaCha20 (RFC 8439, 2.3) keyed with the
 * seed that the machine gave. Each request takes a new key off the front of its key stream before
 * it gives anything away, so what was given cannot be found from what is kept. With QEMU's -seed the
 * bytes repeat from run to run, as everything else does then. */
#include "user/init/machine.h"
#include "user/init/request.h"
#include <string.h>

#define KEY_BYTES 32u
#define BLOCK_BYTES 64u
#define STREAM_BYTES (((KEY_BYTES + INIT_RANDOM_MAX + BLOCK_BYTES - 1) / BLOCK_BYTES) * BLOCK_BYTES)

static uint32_t key[KEY_BYTES / 4];
static bool has_key;

static uint32_t rotate(uint32_t x, unsigned bits)
{
    return x << bits | x >> (32 - bits);
}

static void quarter_round(uint32_t *x, unsigned a, unsigned b, unsigned c, unsigned d)
{
    x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 16);
    x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 12);
    x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 8);
    x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 7);
}

static void chacha20_block(uint32_t counter, uint8_t *to)
{
    static const uint32_t constant[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    uint32_t start[16] = {0}, x[16];

    memcpy(start, constant, sizeof constant);
    memcpy(start + 4, key, sizeof key);
    start[12] = counter;
    memcpy(x, start, sizeof x);
    for (int i = 0; i < 10; i++) {
        for (unsigned column = 0; column < 4; column++)
            quarter_round(x, column, 4 + column, 8 + column, 12 + column);
        for (unsigned n = 0; n < 4; n++)
            quarter_round(x, n, 4 + (n + 1) % 4, 8 + (n + 2) % 4, 12 + (n + 3) % 4);
    }
    for (unsigned i = 0; i < 16; i++)
        x[i] += start[i];
    memcpy(to, x, sizeof x);
}

static bool seeded(void)
{
    static const uint8_t nothing[KEY_BYTES];

    if (!has_key && memcmp(machine_seed(), nothing, KEY_BYTES) != 0) {
        memcpy(key, machine_seed(), KEY_BYTES);
        has_key = true;
    }
    return has_key;
}

int random_handle(struct server_request *request)
{
    uint8_t stream[STREAM_BYTES];
    size_t length = request->w[0];

    if (length > INIT_RANDOM_MAX)
        return -EINVAL;
    if (!seeded())
        return -ENOSYS;
    for (uint32_t i = 0; i < STREAM_BYTES / BLOCK_BYTES; i++)
        chacha20_block(i, stream + i * BLOCK_BYTES);
    memcpy(key, stream, KEY_BYTES);
    request->word[0] = length;
    return length ? server_copy_out(request, 0, stream + KEY_BYTES, length) : 0;
}
