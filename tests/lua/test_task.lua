-- Owns: what holds of tasks, waits and cancelling. Run by ctest in the program itself.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises

test("a sleep outside any task drives the loop and returns true", function()
  equal(task.sleep(0.001), true)
end)

test("a sleep of no time is done at once", function()
  equal(task.sleep(0), true)
end)

test("spawned tasks run side by side, in the order of their sleeps", function()
  local order = {}
  local a = task.spawn(function() task.sleep(0.03) order[#order + 1] = "slow" return 1, nil, 3 end)
  local b = task.spawn(function() task.sleep(0.001) order[#order + 1] = "fast" return "b" end)
  equal(a:status(), "running")
  local one, two, three = a:wait()
  equal(one, 1)
  equal(two, nil)
  equal(three, 3)
  equal(b:wait(), "b")
  equal(table.concat(order, " "), "fast slow")
  equal(a:status(), "done")
end)

test("a task that never waits is done before spawn returns", function()
  local a = task.spawn(function(x, y) return x + y end, 2, 3)
  equal(a:status(), "done")
  equal(a:wait(), 5)
  equal(a:wait(), 5, "asked again")
end)

test("an error in a task is that task's", function()
  local a = task.spawn(function() task.sleep(0.001) error("mine", 0) end)
  local value, message, err = a:wait()
  equal(value, nil)
  equal(message, "mine")
  equal(err.class, "error")
  equal(a:status(), "failed")
end)

test("a task waits inside another", function()
  local outer = task.spawn(function()
    local inner = task.spawn(function() task.sleep(0.002) return "inner" end)
    return (inner:wait()) .. " seen"
  end)
  equal(outer:wait(), "inner seen")
end)

test("map keeps the order of its list and its concurrency", function()
  local now, most = 0, 0
  local results, errors = task.map({5, 4, 3, 2, 1}, function(x, ...)
    equal(select("#", ...), 0, "what f gets beside the item")
    now = now + 1
    most = math.max(most, now)
    task.sleep(x / 1000)
    now = now - 1
    return x * 10
  end, {concurrency = 2})
  equal(table.concat(results, ","), "50,40,30,20,10")
  equal(errors, nil)
  equal(most, 2)
end)

test("map gives each error at its place and the other results", function()
  local results, errors = task.map({1, 2, 3}, function(x)
    if x == 2 then error("two", 0) end
    task.sleep(0.001)
    return x
  end)
  equal(results[1], 1)
  equal(results[2], nil)
  equal(results[3], 3)
  equal(errors[2], "two")
end)

test("map of nothing is nothing", function()
  local results, errors = task.map({}, function() error("never") end)
  equal(#results, 0)
  equal(errors, nil)
end)

test("a deadline cancels what takes longer and says so", function()
  local value, message, err = task.deadline(0.005, function() task.sleep(30) return "late" end)
  equal(value, nil)
  equal(err.class, "timed-out")
  truthy(message:find("deadline"))
end)

test("a deadline gives the results of what was in time", function()
  local a, b = task.deadline(5, function(x) task.sleep(0.001) return x, 2 end, 1)
  equal(a, 1)
  equal(b, 2)
  equal(task.deadline(5, function() return "at once" end), "at once")
end)

test("cancelling a task cancels the tasks it began, and closes its variables", function()
  local closed, child = false, nil
  local a = task.spawn(function()
    local guard <close> = setmetatable({}, {__close = function() closed = true end})
    child = task.spawn(function() task.sleep(30) end)
    task.sleep(30)
  end)
  a:cancel()
  equal(a:status(), "cancelled")
  equal(child:status(), "cancelled")
  equal(closed, true)
  local _, message, err = a:wait()
  equal(message, "cancelled")
  equal(err.class, "cancelled")
end)

test("a task that fails closes its variables", function()
  local closed = false
  local a = task.spawn(function()
    local guard <close> = setmetatable({}, {__close = function() closed = true end})
    task.sleep(0.001)
    error("no good", 0)
  end)
  local _, message = a:wait()
  equal(message, "no good")
  equal(closed, true)
end)

test("cancelling twice, or what has ended, does nothing", function()
  local a = task.spawn(function() return 1 end)
  a:cancel()
  equal(a:wait(), 1)
end)

test("a wait passes outward through a script's own coroutines", function()
  local seen = {}
  local a = task.spawn(function()
    local gen = coroutine.wrap(function()
      for i = 1, 3 do
        task.sleep(0.001)
        coroutine.yield(i)
      end
    end)
    for i in gen do seen[#seen + 1] = i end
    local co = coroutine.create(function(x) task.sleep(0.001) return x + 1 end)
    local ok, value = coroutine.resume(co, 41)
    seen[#seen + 1] = ok and value
    return "done"
  end)
  equal(a:status(), "running")
  equal(a:wait(), "done")
  equal(table.concat(seen, ","), "1,2,3,42")
end)

test("a script's own coroutines work as ever outside tasks", function()
  local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) return b * 2 end)
  local _, one = coroutine.resume(co, 1)
  equal(one, 2)
  local _, two = coroutine.resume(co, 21)
  equal(two, 42)
  equal(coroutine.resume(co), false)
  raises("dead coroutine", function() local w = coroutine.wrap(function() end) w() w() end)
  equal(select(2, coroutine.resume(coroutine.create(function() error("x", 0) end))), "x")
end)

test("a wait where a task cannot yield raises an error that says so", function()
  local a = task.spawn(function()
    local ok, message = pcall(string.gsub, "x", "x", function() task.sleep(0.001) end)
    equal(ok, false)
    truthy(message:find("cannot wait here"), message)
    return "still alive"
  end)
  equal(a:wait(), "still alive")
end)

test("a wait through pcall inside a task goes on behind it", function()
  local a = task.spawn(function()
    local ok, message = pcall(function() task.sleep(0.001) error("later", 0) end)
    return ok, message
  end)
  local ok, message = a:wait()
  equal(ok, false)
  equal(message, "later")
end)

test("a task that yields to nobody fails with a sentence", function()
  local a = task.spawn(function() coroutine.yield(1) end)
  local _, message = a:wait()
  truthy(message:find("nobody can resume"), message)
end)

test("wrong arguments raise", function()
  raises("seconds", task.sleep, -1)
  raises("number", task.sleep, "soon")
  raises("function", task.spawn, 1)
  raises("concurency", task.map, {}, print, {concurency = 2})
  raises("concurrency", task.map, {1}, print, {concurrency = 0})
  raises("itself", function()
    local me
    local ok, message = task.spawn(function() task.sleep(0.001) me:wait() end), nil
    me = ok
    local _, why = me:wait()
    error(why, 0)
  end)
end)

test("ten thousand tasks come and go", function()
  local sum = 0
  for _ = 1, 10000 do task.spawn(function() task.sleep(0) sum = sum + 1 end) end
  task.sleep(0.01)
  while sum < 10000 do task.sleep(0.001) end
  equal(sum, 10000)
end)

os.exit(t.finish(), true)
