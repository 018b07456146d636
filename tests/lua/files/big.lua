-- Files of megabytes: written in pieces, read in other pieces, changed in the middle, at random places.
local function sum(text, s)
  for i = 1, #text, 97 do s = (s * 31 + text:byte(i)) & 0xffffffff end
  return s
end

local seed = 42
local function random(n)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return seed % n
end

local file = assert(io.open("big", "wb"))
for i = 1, 8192 do
  assert(file:write(string.format("%08d", i):rep(128)))
end
print("size", file:seek("cur"), file:close())

local file = assert(io.open("big", "rb"))
local s, pieces = 0, 0
while true do
  local piece = file:read(random(100000) + 1)
  if not piece then break end
  s, pieces = sum(piece, s), pieces + 1
end
print("pieces", pieces, s, file:seek("end"))
for i = 1, 300 do
  local at = random(8192)
  file:seek("set", at * 1024 + 8)
  assert(file:read(8) == string.format("%08d", at + 1))
end
file:close()

local file = assert(io.open("big", "r+b"))
for i = 1, 500 do
  local at = random(8 * 1024 * 1024 - 20000)
  file:seek("set", at)
  assert(file:write(string.rep(string.char(65 + i % 26), random(20000))))
end
file:close()
local text = assert(io.open("big", "rb")):read("a")
print("after", #text, sum(text, 0))
