-- string.format of integers, strings and %q
print(("%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o"):format(42, 42, 42, 42, 42, 255, 255, 255, 8))
print(("%s|%10s|%-10s|%.2s"):format("abc", "abc", "abc", "abc"), ("%c%c"):format(76, 117))
print(("%q"):format('a "quoted"\n\\ line\0\1\0012\r'), ("%q"):format(1 / 3), ("%q"):format(math.mininteger))
print(("%i %u"):format(-5, 7), ("%5.3d|%.0d|"):format(7, 0), ("%%"):format())
print(pcall(string.format, "%d", 1.5), pcall(string.format, "%y", 1), pcall(string.format, "%10.123f", 1))
print(tostring(nil), tostring(true), ("%s %s"):format(1, 1.0), ("%d"):format(3.0))
