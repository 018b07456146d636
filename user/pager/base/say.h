/* SPDX-License-Identifier: MIT
 *
 * What the pager has to tell people. It goes to init, which answers at once, whatever else it does. */
#ifndef PAGER_SAY_H
#define PAGER_SAY_H

/* One line for the console, at any time, in any thread; at most 199 bytes. printf's format. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
