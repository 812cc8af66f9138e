-- Asks for many users in turn; the arguments are the number of users and, if the server wants one, an API key.
local bodies, users, key = 0, 1, nil

function init(args)
  users = tonumber(args[1])
  key = args[2]
end

function request()
  bodies = (bodies + 1) % users
  local headers = { ["Content-Type"] = "application/json", ["X-API-Key"] = key }
  local body = '{"user_id":"' .. (12346 + bodies) .. '","cutoff":10}'
  return wrk.format("POST", nil, headers, body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
