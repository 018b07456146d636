/* SPDX-License-Identifier: MIT
 *
 * The time zones of the sections about time. */
#ifndef OCTAVO_TESTS_VALUES_ZONES_H
#define OCTAVO_TESTS_VALUES_ZONES_H

#define ZONES 10

/* In POSIX's form: none, both hemispheres, minutes, summer time that is the earlier, changes before midnight, and
 * days of the year counted in both ways. */
extern const char *const zones[ZONES];

/* Sets TZ to a zone. */
void use_zone(int zone);

#endif
