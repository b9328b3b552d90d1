-- Owns: the date of a mail's header (RFC 5322 3.3, its obsolete zones too) as seconds since 1970. Callers: those who read Received lines,
-- and the doctor, for HTTP writes its dates alike (RFC 9110 5.6.7).
local mail_date = {}

local months = {jan = 1, feb = 2, mar = 3, apr = 4, may = 5, jun = 6, jul = 7, aug = 8, sep = 9, oct = 10, nov = 11, dec = 12}
local zones = {ut = 0, utc = 0, gmt = 0, z = 0, est = -5, edt = -4, cst = -6, cdt = -5, mst = -7, mdt = -6, pst = -8, pdt = -7, cet = 1, cest = 2}

-- Days since 1970 of a date in the proleptic Gregorian calendar.
local function days_of(year, month, day)
  if month <= 2 then year, month = year - 1, month + 12 end
  return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719469
end

-- A zone in seconds east of Greenwich; what nobody can read counts as UTC, as RFC 5322 4.3 has it.
local function offset_of(zone)
  local sign, hours, minutes = zone:match("^([+-])(%d%d)(%d%d)")
  if sign then return (tonumber(hours) * 60 + tonumber(minutes)) * (sign == "-" and -60 or 60) end
  return (zones[zone:match("^%a*"):lower()] or 0) * 3600
end

local function full_year(text)
  local year = tonumber(text)
  if #text >= 4 then return year end
  return year + (#text == 2 and year < 50 and 2000 or 1900)
end

-- Seconds since 1970, and the zone in seconds; nil where the text holds no date.
function mail_date.read(text)
  local day, month, year, hour, minute, rest = text:match("(%d%d?)[ \t%-]+(%a%a%a)%a*[ \t%-]+(%d%d%d?%d?),?[ \t]+(%d%d?):(%d%d)(.*)")
  month = month and months[month:lower()]
  if not month then return nil end
  local second = rest:match("^:(%d%d)") or "0"
  day, hour, minute, second = tonumber(day), tonumber(hour), tonumber(minute), tonumber(second)
  if day < 1 or day > 31 or hour > 24 or minute > 59 or second > 60 then return nil end
  local offset = offset_of(rest:gsub("^:%d%d%.?%d*", ""):gsub("^%s+", ""):gsub("^%b()%s*", ""))
  return days_of(full_year(year), month, day) * 86400 + hour * 3600 + minute * 60 + second - offset, offset
end

return mail_date
