-- Dates and times that do not depend on now.
for _, t in ipairs{0, 1, 86399, 951782400, 1234567890, 2147483647, 4102444800, -1} do
  print(t, os.date("!%Y-%m-%d %H:%M:%S %a %b %j %U %w %p %y %%", t))
  print(os.date("!%c|%x|%X|%D|%F|%T|%R|%e|%I|%M|%n|%t|%A|%B|%C|%G|%g|%V|%u|%W|%h", t))
end
local d = os.date("!*t", 1234567890)
print(d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst)
print(os.time{year = 2009, month = 2, day = 13, hour = 23, min = 31, sec = 30})
print(os.time{year = 2024, month = 14, day = -3, hour = 12})
print(os.date("%Y %m %d", os.time{year = 2023, month = 1, day = 400}))
print(pcall(os.time, {year = 2023}))
print(pcall(os.date, "%Ez", 0))
print(pcall(os.date, "%Q", 0))
print(os.difftime(10, 4), os.clock() >= 0, os.time() > 1700000000)
print(os.getenv("NO_SUCH_VARIABLE"), type(os.getenv("PATH")))
print(os.setlocale(), os.setlocale("C"), os.setlocale("xx_YY"), os.setlocale(nil, "numeric"))
local t = {year = 2024, month = 2, day = 30, hour = 25}
os.time(t)
print(t.year, t.month, t.day, t.hour, t.yday)
