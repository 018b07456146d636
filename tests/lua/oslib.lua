-- os functions that need no files
print(os.date("!%Y-%m-%d %H:%M:%S", 0), os.date("!%c", 86400 * 365), os.date("!%j %U %w %a %A %b %B %p %y %x %X %D %F %T %R %%", 1e9))
local t = os.date("!*t", 1234567890) print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst)
print(os.time{year = 2001, month = 9, day = 9, hour = 1, min = 46, sec = 40}, os.time{year = 2020, month = 14, day = -3, hour = 12}, os.difftime(10, 4))
print(os.getenv("NO_SUCH_VARIABLE"), os.setlocale(), os.setlocale("C"), os.setlocale("xx_YY"), os.setlocale(nil, "numeric"))
print(math.type(os.time()), math.type(os.clock()), os.clock() >= 0, os.time() > 1600000000, pcall(os.date, "%Ez", 0), pcall(os.date, "%Q", 0))
print(os.remove("/no/such/file")) print(os.rename("/no/such/file", "/x")) print(pcall(os.time, {year = 2000}))
