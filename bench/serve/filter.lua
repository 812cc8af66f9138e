-- Asks for many users in turn, with the filter of the body that is the second argument, %s where the user goes; %d in it
-- counts requests, so that no two filters are the same. Arguments: the number of users, the body.
local asked, users, form = 0, 1, ""

function init(args)
  users = tonumber(args[1])
  form = args[2]
end

function request()
  asked = asked + 1
  local body = form:gsub("%%s", tostring(12346 + asked % users)):gsub("%%d", tostring(asked))
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
