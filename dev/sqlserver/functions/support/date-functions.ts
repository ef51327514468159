/**
 * Dates and times as counts. Every type goes through `ticks`, 100 ns since 0001-01-01 of its local time. Rules: "Date and
 * time data types and functions (Transact-SQL)", "CAST and CONVERT (Transact-SQL)" with the session settings DATEFORMAT
 * mdy, DATEFIRST 7, LANGUAGE us_english, two digit year cutoff 2049. A datetimeoffset is an interval: months are its offset.
 */
const pure = 'IMMUTABLE STRICT PARALLEL SAFE';

const counts = `
CREATE FUNCTION tsql.day_of(ticks bigint) RETURNS date ${pure} RETURN date '0001-01-01' + (ticks / 864000000000)::int;
CREATE FUNCTION tsql.ticks_of_day(day date) RETURNS bigint ${pure} RETURN (day - date '0001-01-01') * 864000000000;
CREATE FUNCTION tsql.timestamp_of(ticks bigint) RETURNS timestamp ${pure}
RETURN tsql.day_of(ticks) + make_interval(secs => (ticks % 864000000000 / 10) / 1000000.0::double precision);
CREATE FUNCTION tsql.now_ticks() RETURNS bigint STABLE
RETURN 621355968000000000 + (extract(epoch FROM statement_timestamp()) * 10000000)::bigint;

CREATE FUNCTION tsql.round_ticks(ticks bigint, scale int) RETURNS bigint LANGUAGE plpgsql ${pure} AS $$
DECLARE
  unit bigint := 10 ^ (7 - scale);
  rounded bigint := (ticks + unit / 2) / unit * unit;
BEGIN
  RETURN CASE WHEN rounded > 3155378975999999999 THEN ticks - ticks % unit ELSE rounded END;
END $$;

CREATE FUNCTION tsql.instant_ticks(stored interval) RETURNS bigint ${pure}
RETURN extract(hour FROM stored)::bigint * 3600000000 + extract(minute FROM stored)::bigint * 60000000 + extract(microseconds FROM stored)::bigint;
CREATE FUNCTION tsql.zone_minutes(stored interval) RETURNS int ${pure}
RETURN (extract(year FROM stored) * 12 + extract(month FROM stored))::int;
CREATE FUNCTION tsql.local_ticks(stored interval) RETURNS bigint ${pure}
RETURN tsql.instant_ticks(stored) + tsql.zone_minutes(stored) * 600000000::bigint;
CREATE FUNCTION tsql.offset_moment(instant bigint, zone int) RETURNS interval LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN
  IF instant NOT BETWEEN 0 AND 3155378975999999999 OR instant + zone * 600000000::bigint NOT BETWEEN 0 AND 3155378975999999999 THEN
    PERFORM tsql.raise(9813, 16, 1, 'The time zone provided to this function would cause the datetimeoffset to overflow the range of valid date range in either UTC or local time.');
  END IF;
  RETURN make_interval(months => zone, days => -30 * zone, hours => (instant / 3600000000)::int,
    mins => (instant / 60000000 % 60)::int, secs => (instant % 60000000) / 1000000.0::double precision);
END $$;
CREATE FUNCTION tsql.make_day(y int, m int, d int) RETURNS date ${pure}
RETURN CASE WHEN y BETWEEN 1 AND 9999 AND m BETWEEN 1 AND 12 AND d BETWEEN 1 AND 31
  AND extract(month FROM make_date(y, m, 1) + (d - 1)) = m THEN make_date(y, m, d) END;
`;

const reading = `
-- The form of programs, which is most of what is read, left to PostgreSQL: a tenth of the time. NULL for any other form,
-- and for the last days of a month, which may not exist.
CREATE FUNCTION tsql.plain_ticks(value text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN
  IF value !~ '^[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:[01][1-9]|[12]0|2[1-8])(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,3})?)?$' THEN RETURN NULL; END IF;
  RETURN 621355968000000000 + (extract(epoch FROM value::timestamp) * 10000000)::bigint;
END $$;

-- Reads text as a moment: local ticks, NULL where it fails quietly, and the offset said (NULL without one).
CREATE FUNCTION tsql.read_moment(value text, source text, target text, day_order text, quiet boolean, OUT ticks bigint, OUT zone int)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  problem text := 'syntax';
  written text := btrim(value, ' ');
  is_old boolean := target IN ('datetime', 'smalldatetime');
  with_t boolean := false;
  clock text := written;
  part text[];
  y int := 1900; m int := 1; d int := 1;
  day date;
  hours int;
BEGIN
  <<reading>> BEGIN
  IF target <> 'time' AND written ~ '^[0-9]{4}$' THEN written := written || '0101';
  ELSIF target <> 'time' AND written ~ '^[0-9]{6}( |$)' THEN written := CASE WHEN written < '50' THEN '20' ELSE '19' END || written;
  END IF;
  part := regexp_match(written, '^([0-9]{4})(?:([-/.])([0-9]{1,2})\\2([0-9]{1,2})|([0-9]{2})([0-9]{2}))(T| +|$)(.*)$');
  IF part IS NOT NULL THEN
    y := part[1]; m := coalesce(part[3], part[5]); d := coalesce(part[4], part[6]); with_t := part[7] = 'T'; clock := part[8];
    IF with_t AND part[2] IS DISTINCT FROM '-' OR with_t AND clock = '' THEN EXIT reading; END IF;
    IF part[2] = '-' AND NOT with_t AND is_old AND day_order = 'dmy' THEN problem := 'unclear'; EXIT reading; END IF;
  ELSE
    part := regexp_match(written, '^([0-9]{1,2})([/.-])([0-9]{1,2})\\2([0-9]{4}|[0-9]{2})(?: +(.*))?$');
    IF part IS NOT NULL THEN
      y := part[4]::int + CASE WHEN length(part[4]) > 2 THEN 0 WHEN part[4] < '50' THEN 2000 ELSE 1900 END;
      m := part[CASE day_order WHEN 'dmy' THEN 3 ELSE 1 END]; d := part[CASE day_order WHEN 'dmy' THEN 1 ELSE 3 END]; clock := part[5];
    ELSE
      part := regexp_match(regexp_replace(written, '^([0-9]{1,2}) +([A-Za-z]{3,9})', '\\2 \\1'),
        '^([A-Za-z]{3,9}) +([0-9]{1,2})(?:, *| +)([0-9]{4})(?: +(.*))?$');
      IF part IS NOT NULL THEN
        y := part[3]; d := part[2]; clock := part[4];
        SELECT max(n) INTO m FROM generate_series(1, 12) AS n
          WHERE lower(part[1]) IN (to_char(make_date(2000, n, 1), 'fmmonth'), to_char(make_date(2000, n, 1), 'mon'));
        IF m IS NULL THEN EXIT reading; END IF;
      END IF;
    END IF;
  END IF;
  day := tsql.make_day(y, m, d);
  ticks := 0;
  IF coalesce(clock, '') <> '' THEN
    part := regexp_match(clock, '^([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:\\.([0-9]{1,7}))?)?)? *(AM|PM)? *(Z|[+-][0-9]{1,2}:[0-9]{2})?$', 'i');
    IF part IS NULL OR (part[2] IS NULL AND part[5] IS NULL) OR (with_t AND (part[3] IS NULL AND is_old OR part[5] IS NOT NULL))
      OR (is_old AND (length(part[4]) > 3 OR part[6] IS NOT NULL AND (NOT with_t OR upper(part[6]) <> 'Z'))) THEN
      EXIT reading;
    END IF;
    hours := part[1]::int;
    IF upper(part[5]) = 'AM' AND hours > 12 OR hours > 23 OR part[2]::int > 59 OR part[3]::int > 59 THEN problem := 'range'; EXIT reading; END IF;
    hours := CASE upper(part[5]) WHEN 'AM' THEN hours % 12 WHEN 'PM' THEN hours % 12 + 12 ELSE hours END;
    ticks := ((hours * 60 + coalesce(part[2]::int, 0)) * 60 + coalesce(part[3]::int, 0)) * 10000000::bigint + rpad(coalesce(part[4], '0'), 7, '0')::bigint;
    IF upper(part[6]) = 'Z' THEN zone := 0;
    ELSIF part[6] IS NOT NULL THEN
      zone := split_part(substr(part[6], 2), ':', 1)::int * 60 + split_part(part[6], ':', 2)::int;
      IF zone > 840 THEN EXIT reading; END IF;
      IF left(part[6], 1) = '-' THEN zone := -zone; END IF;
      IF target <> 'datetimeoffset' THEN problem := 'unclear'; EXIT reading; END IF;
    END IF;
  END IF;
  IF day IS NULL THEN problem := 'range'; EXIT reading; END IF;
  ticks := ticks + tsql.ticks_of_day(day);
  RETURN;
  END;
  ticks := NULL;
  IF problem = 'unclear' THEN PERFORM tsql.raise(40510, 16, 1, 'not supported by the local SQL Server: this form of a date in text');
  ELSIF problem = 'range' AND is_old THEN
    PERFORM tsql.fault(quiet, 242, format('The conversion of a %s data type to a %s data type resulted in an out-of-range value.', source, target));
  ELSIF target = 'smalldatetime' THEN PERFORM tsql.fault(quiet, 295, 'Conversion failed when converting character string to smalldatetime data type.');
  ELSE PERFORM tsql.fault(quiet, 241, 'Conversion failed when converting date and/or time from character string.');
  END IF;
END $$;

CREATE FUNCTION tsql.text_ticks(value text, source text, target text, day_order text, quiet boolean) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE plain bigint := CASE WHEN day_order = 'mdy' THEN tsql.plain_ticks(value) END;
BEGIN
  IF plain IS NOT NULL THEN RETURN plain; END IF;
  RETURN (tsql.read_moment(value, source, target, day_order, quiet)).ticks;
END $$;

CREATE FUNCTION tsql.text_offset_moment(value text, source text, scale int, day_order text, quiet boolean) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  ticks bigint := CASE WHEN value ~ 'T.*[+-](?:0[0-9]|1[0-3]):[0-5][0-9]$' THEN tsql.plain_ticks(left(value, -6)) END;
  zone int;
BEGIN
  IF ticks IS NOT NULL THEN zone := (left(right(value, 6), 1) || '1')::int * (left(right(value, 5), 2)::int * 60 + right(value, 2)::int);
  ELSE SELECT moment.ticks, coalesce(moment.zone, 0) INTO ticks, zone FROM tsql.read_moment(value, source, 'datetimeoffset', day_order, quiet) AS moment;
  END IF;
  RETURN tsql.offset_moment(tsql.round_ticks(ticks, scale) - zone * 600000000::bigint, zone);
END $$;

CREATE FUNCTION tsql.fraction(ticks bigint, scale int) RETURNS text ${pure} RETURN left(lpad((ticks % 10000000)::text, 7, '0'), scale);
CREATE FUNCTION tsql.zone_text(zone int) RETURNS text ${pure}
RETURN CASE WHEN zone < 0 THEN '-' ELSE '+' END || to_char(abs(zone) / 60, 'FM00') || ':' || to_char(abs(zone) % 60, 'FM00');
-- A moment in a PostgreSQL to_char pattern in which ~ stands for the fraction with its point.
CREATE FUNCTION tsql.moment_text(ticks bigint, pattern text, scale int) RETURNS text ${pure}
RETURN replace(to_char(tsql.timestamp_of(ticks), pattern), '~', CASE scale WHEN 0 THEN '' ELSE '.' || tsql.fraction(ticks, scale) END);
CREATE FUNCTION tsql.legacy_text(ticks bigint, with_day boolean, clock text) RETURNS text LANGUAGE sql ${pure} AS $$
  SELECT concat(CASE WHEN with_day THEN to_char(moment, 'Mon ') || lpad(to_char(moment, 'FMDD'), 2) || to_char(moment, ' YYYY') END,
    CASE WHEN with_day AND clock <> '' THEN ' ' END,
    CASE WHEN clock <> '' THEN lpad(to_char(moment, 'FMHH12'), 2) || to_char(moment, clock) END)
  FROM (SELECT tsql.timestamp_of(ticks) AS moment) AS moments
$$;
`;

/** -1 stands for a moment outside the calendar, until within_calendar looks at it. */
const calendar = `
CREATE FUNCTION tsql.add_months(ticks bigint, months bigint) RETURNS bigint LANGUAGE sql ${pure} AS $$
  SELECT CASE WHEN abs(months) > 120000 OR moved NOT BETWEEN '0001-01-01' AND '9999-12-31' THEN -1
    ELSE tsql.ticks_of_day(moved::date) + ticks % 864000000000 END
  FROM (SELECT tsql.day_of(ticks) + make_interval(months => least(abs(months), 120000)::int * sign(months)::int) AS moved) AS moments
$$;
CREATE FUNCTION tsql.add_ticks(ticks bigint, count bigint, size numeric) RETURNS bigint IMMUTABLE RETURN CASE
  WHEN ticks + round(count * size) NOT BETWEEN 0 AND 3155378975999999999 THEN -1 ELSE (ticks + round(count * size))::bigint END;
CREATE FUNCTION tsql.within_calendar(ticks bigint, lowest bigint, name text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN
  IF ticks < lowest THEN PERFORM tsql.raise(517, 16, 1, format('Adding a value to a ''%s'' column caused an overflow.', name)); END IF;
  RETURN ticks;
END $$;
CREATE FUNCTION tsql.month_end(day date, months int) RETURNS date ${pure}
RETURN (date_trunc('month', tsql.day_of(tsql.within_calendar(tsql.add_months(tsql.ticks_of_day(day), months), 0, 'date'))::timestamp)
  + interval '1 month - 1 day')::date;
CREATE FUNCTION tsql.months_of(ticks bigint) RETURNS int ${pure}
RETURN (extract(year FROM tsql.day_of(ticks)) * 12 + extract(month FROM tsql.day_of(ticks)) - 1)::int;
CREATE FUNCTION tsql.us_week(day date) RETURNS int ${pure}
RETURN div(extract(doy FROM day) - 1 + extract(dow FROM date_trunc('year', day::timestamp)), 7)::int + 1;
CREATE FUNCTION tsql.fit_difference(difference numeric) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN
  IF difference BETWEEN -2147483648 AND 2147483647 THEN RETURN difference; END IF;
  PERFORM tsql.raise(535, 16, 0, 'The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.');
END $$;

CREATE FUNCTION tsql.moment_from_parts(y int, m int, d int, h int, mi int, s int, fraction int, digits int, name text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE day date := tsql.make_day(y, m, d);
BEGIN
  IF day IS NULL OR h NOT BETWEEN 0 AND 23 OR mi NOT BETWEEN 0 AND 59 OR s NOT BETWEEN 0 AND 59 OR fraction NOT BETWEEN 0 AND 10 ^ digits - 1 THEN
    PERFORM tsql.raise(289, 16, 1, format('Cannot construct data type %s, some of the arguments have values which are not valid.', name));
  END IF;
  RETURN tsql.ticks_of_day(day) + ((h * 60 + mi) * 60 + s) * 10000000::bigint + fraction * (10 ^ (7 - digits))::bigint;
END $$;
`;

export const dateFunctions = [counts, reading, calendar].join('');
