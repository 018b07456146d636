/* SPDX-License-Identifier: MIT
 *
 * Drawing: see values.h. The generator is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, OOPSLA 2014): the same on every machine, and any start is a good one. */
#include <string.h>
#include "draw.h"
#include "values.h"

uint64_t draw_seed = 1;
long draw_scale = 1;

static uint64_t state, marked;

void draw_begin(const char *name)
{
    state = draw_seed;
    for (; *name; name++)
        state = draw() + (unsigned char)*name;
}

void draw_mark(void)
{
    marked = state;
}

void draw_again(void)
{
    state = marked;
}

uint64_t draw(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

uint64_t draw_below(uint64_t limit)
{
    return draw() % limit;
}

long draw_between(long lowest, long highest)
{
    return (long)((uint64_t)lowest + draw_below((uint64_t)highest - (uint64_t)lowest + 1));
}

uint64_t draw_bits(unsigned fewest, unsigned most)
{
    uint64_t bits = draw();

    return bits >> (64 - draw_between(fewest, most));
}

int draw_chance(unsigned times)
{
    return draw_below(times) == 0;
}

char draw_of(const char *characters)
{
    return characters[draw_below(strlen(characters))];
}

long draw_cases(long cases)
{
    return cases * draw_scale;
}

double double_of(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof(x));
    return x;
}

uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

float float_of(uint32_t bits)
{
    float x;

    memcpy(&x, &bits, sizeof(x));
    return x;
}

uint32_t bits_of_float(float x)
{
    uint32_t bits;

    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

double draw_scaled(int lowest, int highest)
{
    uint64_t exponent = (uint64_t)(draw_between(lowest, highest) + 1023);

    return double_of((draw() & 0x800fffffffffffff) | exponent << 52);
}

/* The product is volatile, for a compiler must not make one rounding of two. */
double draw_uniform(double lowest, double highest)
{
    volatile double part = (highest - lowest) * ((double)(draw() >> 11) * 0x1p-53);

    return lowest + part;
}

double draw_any(void)
{
    double x;

    do
        x = double_of(draw());
    while (x != x);
    return x;
}

float draw_any_float(void)
{
    float x;

    do
        x = float_of((uint32_t)draw());
    while (x != x);
    return x;
}
