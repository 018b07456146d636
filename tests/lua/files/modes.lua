-- What each mode of io.open allows, and what is said when it does not work.
local function show(...) -- not what the C library calls EBADF
  local words = table.pack(...)
  for i = 1, words.n do
    if words[i + 1] == 9 then words[i] = "EBADF" end
  end
  print(words.n, table.unpack(words, 1, words.n))
end

local function content(name)
  local file = io.open(name, "rb")
  if not file then return "none" end
  local text = file:read("a")
  file:close()
  return text
end

show(io.open("none"))
show(io.open("none/none", "w"))
show(io.open("file", "w"):write("0123456789"):close())
show(io.open("file/x"))
show(pcall(io.open, "file", "x"))
for _, mode in ipairs{"r", "r+", "a", "a+", "w+", "rb", "r+b", "w"} do
  local file = io.open("file", mode)
  io.write(mode, ": ")
  show(file:read(3))
  file:seek("set", 2)
  local ok, why, number = file:write("XY")
  io.write("  write ", tostring(ok and true), " ", tostring(number == 9 or why), " ", tostring(number), "\n")
  io.write("  flush ", tostring((pcall(file.flush, file))), "\n")
  file:close()
  print("", content("file"))
end
local file = io.open("file", "w+")
file:write("hello world")
file:seek("set", 6)
show(file:read("a"))
file:seek("set", 0)
file:write("J")
file:seek("set")
show(file:read("a"))
file:close()
show(pcall(file.read, file))
show(io.type(file), io.type(io.stdout), io.type(42), tostring(file))
for _, buffer in ipairs{"no", "line", "full"} do
  local file = io.open("b", "w")
  show(file:setvbuf(buffer, 64))
  for i = 1, 100 do file:write(i, i % 10 == 0 and "\n" or " ") end
  if buffer == "no" then show(#content("b")) end
  file:close()
  show(#content("b"))
end
local file = io.open(".")
show(file and file:read(1))
if file then file:close() end
show(io.open(".", "w"))
