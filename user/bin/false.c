/* SPDX-License-Identifier: MIT
 *
 * false: status 1 (POSIX XCU false). */

int main(void)
{
    return 1;
}
