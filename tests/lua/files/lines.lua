-- Reading by line, number and character, with and without an end of line at the end.
local function put(name, text)
  local file = assert(io.open(name, "w"))
  file:write(text)
  file:close()
end

put("a", "one\ntwo\n\nfour")
for line in io.lines("a") do io.write("<", line, ">") end print()
for line in io.lines("a", "L") do io.write("<", line, ">") end print()
for a, b in io.lines("a", 1, 2) do io.write("<", a, "|", tostring(b), ">") end print()
put("n", "12 -7 0x1F 1e3 .5 3. 0x.8p1 nan 99999999999999999999\n1e 5 +7 -x")
local file = io.open("n")
for i = 1, 14 do
  local n = file:read("n")
  print(i, n, math.type(n))
  if not n then print(file:read(1)) end
end
file:close()
put("e", "")
file = io.open("e")
print(file:read("a"), file:read("l"), file:read("L"), file:read("n"), file:read(0), file:read(5))
file:close()
file = io.open("a")
print(file:read(0), file:read("l", "L", "n"))
print(file:read("a"))
print(file:read("a"), file:read("l"))
file:close()
put("long", ("x"):rep(200000) .. "\n" .. ("y"):rep(70000))
for line in io.lines("long") do print(#line, line:sub(1, 3)) end
put("zeros", "a\0b\0\n\0c")
for line in io.lines("zeros") do print(#line, line:byte(1, -1)) end
print(pcall(io.lines, "none"))
print(pcall(io.lines("a", "q")))
local count = 0
for _ in io.lines("long", 4096) do count = count + 1 end
print(count)
