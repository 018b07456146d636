-- The default input and output, and what garbage collection closes.
local out = assert(io.open("out", "w"))
io.output(out)
io.write("to the file ", 1, " ", 2.5, "\n")
print("print still goes to stdout")
io.output():write("more\n")
io.close()
io.output(io.stdout)
print(io.type(out), io.output() == io.stdout)
io.input("out")
print(io.read("l"), io.read("L"), io.read("a"), io.read("l"))
print(io.input():seek("set", 3), io.read(4))
io.input():close()
print(pcall(io.read))
io.input(io.stdin)
io.output("second")
for i = 1, 3 do io.write(i, ";") end
io.output(io.stdout)
collectgarbage()
collectgarbage()
print(io.open("second"):read("a"))
do
  local file <close> = io.open("third", "w")
  file:write("closed by the block")
end
print(io.open("third"):read("a"))
local n = 0
for i = 1, 2000 do
  local file = assert(io.open("third"))
  n = n + #file:read("a")
  if i % 50 == 0 then collectgarbage() end
end
print(n)
for line in io.lines("out") do
  for again in io.lines("out") do io.write(#line, ":", #again, " ") end
end
print()
print(pcall(io.input, "none"))
