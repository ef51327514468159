/**
 * Dates and times as counts (see `storage.ts`). Every type goes through `ticks`, 100 ns since 0001-01-01 of its local
 * time. Rules: "Date and time data types and functions (Transact-SQL)", "CAST and CONVERT (Transact-SQL)" with the session
 * settings DATEFORMAT mdy, DATEFIRST 7, LANGUAGE us_english, two digit year cutoff 2049.
 */
export const dateFunctions = `
CREATE FUNCTION tsql.day_of(ticks bigint) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT date '0001-01-01' + (ticks / 864000000000)::int $$;

CREATE FUNCTION tsql.ticks_of_day(day date) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT (day - date '0001-01-01') * 864000000000 $$;

CREATE FUNCTION tsql.timestamp_of(ticks bigint) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT tsql.day_of(ticks) + make_interval(secs => (ticks % 864000000000 / 10) / 1000000.0::double precision)
$$;

CREATE FUNCTION tsql.ticks_of_timestamp(moment timestamp) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT tsql.ticks_of_day(moment::date) + (extract(epoch FROM moment - moment::date) * 10000000)::bigint
$$;

CREATE FUNCTION tsql.now_ticks() RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT tsql.ticks_of_timestamp(statement_timestamp() AT TIME ZONE 'UTC') $$;

-- 599266080000000000 = 1900-01-01; a DATETIME counts 300ths of a second from there.
CREATE FUNCTION tsql.datetime_ticks(units bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT 599266080000000000 + (units / 300) * 10000000 + round((units % 300) * 10000000 / 300.0)::bigint
$$;

CREATE FUNCTION tsql.ticks_datetime(ticks bigint, source text, quiet boolean) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF ticks < 552877920000000000 THEN
    PERFORM tsql.fault(quiet, 242, format('The conversion of a %s data type to a datetime data type resulted in an out-of-range value.', source));
    RETURN NULL;
  END IF;
  RETURN ((ticks - 599266080000000000) / 10000000) * 300 + round(((ticks - 599266080000000000) % 10000000) * 300 / 10000000.0)::bigint;
END $$;

CREATE FUNCTION tsql.smalldatetime_ticks(minutes int) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT 599266080000000000 + minutes * 600000000::bigint $$;

CREATE FUNCTION tsql.ticks_smalldatetime(ticks bigint, source text, quiet boolean) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE minutes bigint := floor((ticks - 599266080000000000 + 300010000) / 600000000.0);
BEGIN
  IF minutes BETWEEN 0 AND 94371839 THEN RETURN minutes; END IF;
  PERFORM tsql.fault(quiet, 242, format('The conversion of a %s data type to a smalldatetime data type resulted in an out-of-range value.', source));
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.round_ticks(ticks bigint, scale int) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  unit bigint := 10 ^ (7 - scale);
  rounded bigint := (ticks + unit / 2) / unit * unit;
BEGIN
  RETURN CASE WHEN rounded > 3155378975999999999 THEN ticks - ticks % unit ELSE rounded END;
END $$;

CREATE FUNCTION tsql.round_time(ticks bigint, scale int) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT tsql.round_ticks(ticks, scale) % 864000000000 $$;

CREATE FUNCTION tsql.instant_ticks(stored interval) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT extract(hour FROM stored)::bigint * 3600000000 + extract(minute FROM stored)::bigint * 60000000 + extract(microseconds FROM stored)::bigint
$$;

CREATE FUNCTION tsql.zone_minutes(stored interval) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT (extract(year FROM stored) * 12 + extract(month FROM stored))::int $$;

CREATE FUNCTION tsql.local_ticks(stored interval) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT tsql.instant_ticks(stored) + tsql.zone_minutes(stored) * 600000000::bigint $$;

CREATE FUNCTION tsql.offset_moment(instant bigint, zone int) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF instant NOT BETWEEN 0 AND 3155378975999999999 OR instant + zone * 600000000::bigint NOT BETWEEN 0 AND 3155378975999999999 THEN
    PERFORM tsql.raise(9813, 16, 1, 'The time zone provided to this function would cause the datetimeoffset to overflow the range of valid date range in either UTC or local time.');
  END IF;
  RETURN make_interval(months => zone, days => -30 * zone, hours => (instant / 3600000000)::int,
    mins => (instant / 60000000 % 60)::int, secs => (instant % 60000000) / 1000000.0::double precision);
END $$;

CREATE FUNCTION tsql.zone_of_text(written text) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE part text[] := regexp_match(written, '^([+-])([0-9]{2}):([0-9]{2})$');
DECLARE minutes int := part[2]::int * 60 + part[3]::int;
BEGIN
  IF part IS NULL OR minutes > 840 OR part[3]::int > 59 THEN
    PERFORM tsql.raise(9812, 16, 1, 'The timezone provided to builtin function todatetimeoffset is invalid.');
  END IF;
  RETURN CASE part[1] WHEN '-' THEN -minutes ELSE minutes END;
END $$;

CREATE FUNCTION tsql.checked_zone(minutes int) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF abs(minutes) > 840 THEN PERFORM tsql.raise(9812, 16, 1, 'The timezone provided to builtin function todatetimeoffset is invalid.'); END IF;
  RETURN minutes;
END $$;

CREATE FUNCTION tsql.make_day(y int, m int, d int) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN y BETWEEN 1 AND 9999 AND m BETWEEN 1 AND 12 AND d BETWEEN 1 AND 31 AND
    d <= extract(day FROM make_date(y, m, 1) + interval '1 month' - interval '1 day') THEN make_date(y, m, d) END
$$;

-- The form of programs, which is most of what is read, left to PostgreSQL: a tenth of the time. NULL for any other form,
-- and for the last days of a month, which may not exist.
CREATE FUNCTION tsql.plain_ticks(value text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF value !~ '^[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:[01][1-9]|[12]0|2[1-8])(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,3})?)?$' THEN RETURN NULL; END IF;
  RETURN 621355968000000000 + (extract(epoch FROM value::timestamp) * 10000000)::bigint;
END $$;

-- Reads text as a moment: local ticks and the offset said (NULL without one). problem: syntax, range, or an unclear form.
CREATE FUNCTION tsql.read_moment(value text, target text, day_order text, OUT ticks bigint, OUT zone int, OUT problem text)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  written text := btrim(value, ' ');
  part text[];
  y int; m int; d int;
  clock text;
  hours int;
  day date;
  with_t boolean := false;
BEGIN
  part := regexp_match(written, '^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(T| +|$)(.*)$');
  IF part IS NOT NULL THEN
    IF day_order = 'dmy' AND target IN ('datetime', 'smalldatetime') AND part[4] <> 'T' THEN problem := 'unclear'; RETURN; END IF;
    y := part[1]; m := part[2]; d := part[3]; clock := part[5]; with_t := part[4] = 'T';
  END IF;
  IF part IS NULL THEN
    part := regexp_match(written, '^([0-9]{4})([0-9]{2})([0-9]{2})(?: +(.*))?$');
    IF part IS NOT NULL THEN y := part[1]; m := part[2]; d := part[3]; clock := part[4]; END IF;
  END IF;
  IF part IS NULL THEN
    part := regexp_match(written, '^([0-9]{1,2})([/.-])([0-9]{1,2})\\2([0-9]{4}|[0-9]{2})(?: +(.*))?$');
    IF part IS NOT NULL THEN
      y := part[4]; clock := part[5];
      IF length(part[4]) = 2 THEN y := y + CASE WHEN y < 50 THEN 2000 ELSE 1900 END; END IF;
      IF day_order = 'dmy' THEN d := part[1]; m := part[3]; ELSE m := part[1]; d := part[3]; END IF;
    END IF;
  END IF;
  IF part IS NULL THEN
    part := regexp_match(written, '^([0-9]{4})([/.])([0-9]{1,2})\\2([0-9]{1,2})(?: +(.*))?$');
    IF part IS NOT NULL THEN y := part[1]; m := part[3]; d := part[4]; clock := part[5]; END IF;
  END IF;
  IF part IS NULL THEN
    part := regexp_match(written, '^([A-Za-z]{3,9}) +([0-9]{1,2})(?:, *| +)([0-9]{4})(?: +(.*))?$');
    IF part IS NOT NULL THEN y := part[3]; d := part[2]; clock := part[4];
    ELSE
      part := regexp_match(written, '^([0-9]{1,2}) +([A-Za-z]{3,9}),? +([0-9]{4})(?: +(.*))?$');
      IF part IS NOT NULL THEN
        y := part[3]; d := part[1]; clock := part[4]; part[1] := part[2];
      END IF;
    END IF;
    IF part IS NOT NULL THEN
      SELECT number INTO m FROM unnest(ARRAY['january','february','march','april','may','june','july','august','september','october','november','december'])
        WITH ORDINALITY AS months(name, number) WHERE lower(part[1]) IN (name, left(name, 3));
      IF m IS NULL THEN problem := 'syntax'; RETURN; END IF;
    END IF;
  END IF;
  IF part IS NULL THEN y := 1900; m := 1; d := 1; clock := written; END IF;
  day := tsql.make_day(y, m, d);
  ticks := 0;
  IF coalesce(clock, '') <> '' THEN
    part := regexp_match(clock, '^([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:\\.([0-9]{1,7}))?)?)? *(AM|PM)? *(Z|[+-][0-9]{1,2}:[0-9]{2})?$', 'i');
    IF part IS NULL OR (part[2] IS NULL AND part[5] IS NULL) OR (with_t AND (part[3] IS NULL AND target IN ('datetime', 'smalldatetime') OR part[5] IS NOT NULL))
      OR (target IN ('datetime', 'smalldatetime') AND (length(part[4]) > 3 OR part[6] IS NOT NULL AND (NOT with_t OR upper(part[6]) <> 'Z'))) THEN
      problem := 'syntax'; RETURN;
    END IF;
    hours := part[1]::int;
    IF part[5] IS NOT NULL THEN
      IF hours NOT BETWEEN 0 AND 12 AND upper(part[5]) = 'AM' THEN problem := 'range'; RETURN; END IF;
      IF hours = 12 AND upper(part[5]) = 'AM' THEN hours := 0; ELSIF hours < 12 AND upper(part[5]) = 'PM' THEN hours := hours + 12; END IF;
    END IF;
    IF hours > 23 OR coalesce(part[2]::int, 0) > 59 OR coalesce(part[3]::int, 0) > 59 THEN problem := 'range'; RETURN; END IF;
    ticks := ((hours * 60 + coalesce(part[2]::int, 0)) * 60 + coalesce(part[3]::int, 0)) * 10000000::bigint + rpad(coalesce(part[4], '0'), 7, '0')::bigint;
    IF part[6] IS NOT NULL THEN
      IF upper(part[6]) = 'Z' THEN zone := 0;
      ELSE
        zone := split_part(substr(part[6], 2), ':', 1)::int * 60 + split_part(part[6], ':', 2)::int;
        IF zone > 840 THEN problem := 'syntax'; RETURN; END IF;
        IF left(part[6], 1) = '-' THEN zone := -zone; END IF;
        IF target <> 'datetimeoffset' THEN problem := 'unclear'; RETURN; END IF;
      END IF;
    END IF;
  ELSIF with_t THEN problem := 'syntax'; RETURN;
  END IF;
  IF day IS NULL THEN problem := 'range'; RETURN; END IF;
  ticks := ticks + tsql.ticks_of_day(day);
END $$;

CREATE FUNCTION tsql.moment_fault(problem text, source text, target text, quiet boolean) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF problem = 'unclear' THEN PERFORM tsql.raise(40510, 16, 1, 'not supported by the local SQL Server: this form of a date in text');
  ELSIF problem = 'range' AND target IN ('datetime', 'smalldatetime') THEN
    PERFORM tsql.fault(quiet, 242, format('The conversion of a %s data type to a %s data type resulted in an out-of-range value.', source, target));
  ELSIF target = 'smalldatetime' THEN PERFORM tsql.fault(quiet, 295, 'Conversion failed when converting character string to smalldatetime data type.');
  ELSE PERFORM tsql.fault(quiet, 241, 'Conversion failed when converting date and/or time from character string.');
  END IF;
END $$;

CREATE FUNCTION tsql.text_ticks(value text, source text, target text, day_order text, quiet boolean) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  ticks bigint := CASE WHEN day_order = 'mdy' THEN tsql.plain_ticks(value) END;
  moment record;
BEGIN
  IF ticks IS NOT NULL THEN RETURN ticks; END IF;
  moment := tsql.read_moment(value, target, day_order);
  IF moment.problem IS NULL THEN RETURN moment.ticks; END IF;
  PERFORM tsql.moment_fault(moment.problem, source, target, quiet);
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.text_offset_moment(value text, source text, scale int, day_order text, quiet boolean) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  said text := right(value, 6);
  ticks bigint := CASE WHEN value ~ 'T.*[+-](?:0[0-9]|1[0-3]):[0-5][0-9]$' THEN tsql.plain_ticks(left(value, -6)) END;
  zone int;
  moment record;
BEGIN
  IF ticks IS NOT NULL THEN
    zone := (left(said, 1) || '1')::int * (substr(said, 2, 2)::int * 60 + right(said, 2)::int);
    RETURN tsql.offset_moment(tsql.round_ticks(ticks, scale) - zone * 600000000::bigint, zone);
  END IF;
  moment := tsql.read_moment(value, 'datetimeoffset', day_order);
  IF moment.problem IS NULL THEN
    RETURN tsql.offset_moment(tsql.round_ticks(moment.ticks, scale) - coalesce(moment.zone, 0) * 600000000::bigint, coalesce(moment.zone, 0));
  END IF;
  PERFORM tsql.moment_fault(moment.problem, source, 'datetimeoffset', quiet);
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.fraction(ticks bigint, scale int) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE scale WHEN 0 THEN '' ELSE left(lpad((ticks % 10000000)::text, 7, '0'), scale) END
$$;

CREATE FUNCTION tsql.zone_text(zone int) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN zone < 0 THEN '-' ELSE '+' END || to_char(abs(zone) / 60, 'FM00') || ':' || to_char(abs(zone) % 60, 'FM00')
$$;

-- A moment in a PostgreSQL to_char pattern in which ~ stands for the fraction with its point.
CREATE FUNCTION tsql.moment_text(ticks bigint, pattern text, scale int) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT replace(to_char(tsql.timestamp_of(ticks), pattern), '~', CASE scale WHEN 0 THEN '' ELSE '.' || tsql.fraction(ticks, scale) END)
$$;

CREATE FUNCTION tsql.legacy_text(ticks bigint, with_day boolean, with_time boolean) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT concat(CASE WHEN with_day THEN to_char(moment, 'Mon ') || lpad(to_char(moment, 'FMDD'), 2) || to_char(moment, ' YYYY') END,
    CASE WHEN with_day AND with_time THEN ' ' END,
    CASE WHEN with_time THEN lpad(to_char(moment, 'FMHH12'), 2) || to_char(moment, ':MIAM') END)
  FROM (SELECT tsql.timestamp_of(ticks) AS moment) AS moments
$$;

CREATE FUNCTION tsql.add_months(ticks bigint, months bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN abs(months) > 120000 THEN -1 WHEN extract(year FROM moved) NOT BETWEEN 1 AND 9999 OR moved < timestamp '0001-01-01' THEN -1
    ELSE tsql.ticks_of_day(moved::date) + ticks % 864000000000 END
  FROM (SELECT tsql.day_of(ticks) + make_interval(months => CASE WHEN abs(months) > 120000 THEN 0 ELSE months::int END) AS moved) AS moments
$$;

CREATE FUNCTION tsql.add_ticks(ticks bigint, count bigint, size bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN ticks + count::numeric * size BETWEEN 0 AND 3155378975999999999 THEN ticks + count * size ELSE -1 END
$$;

CREATE FUNCTION tsql.within_calendar(ticks bigint, lowest bigint, name text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF ticks >= lowest THEN RETURN ticks; END IF;
  PERFORM tsql.raise(517, 16, 1, format('Adding a value to a ''%s'' column caused an overflow.', name));
END $$;

CREATE FUNCTION tsql.months_of(ticks bigint) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (extract(year FROM day) * 12 + extract(month FROM day) - 1)::int FROM (SELECT tsql.day_of(ticks) AS day) AS days
$$;

CREATE FUNCTION tsql.us_week(day date) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT div(extract(doy FROM day) - 1 + extract(dow FROM date_trunc('year', day)::date), 7)::int + 1
$$;

CREATE FUNCTION tsql.fit_difference(difference numeric) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF difference BETWEEN -2147483648 AND 2147483647 THEN RETURN difference; END IF;
  PERFORM tsql.raise(535, 16, 0, 'The datediff function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use datediff with a less precise datepart.');
END $$;

CREATE FUNCTION tsql.date_from_parts(y int, m int, d int, name text) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE day date := tsql.make_day(y, m, d);
BEGIN
  IF day IS NULL THEN PERFORM tsql.raise(289, 16, 1, format('Cannot construct data type %s, some of the arguments have values which are not valid.', name)); END IF;
  RETURN day;
END $$;

CREATE FUNCTION tsql.time_from_parts(h int, mi int, s int, fraction int, digits int, name text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF h NOT BETWEEN 0 AND 23 OR mi NOT BETWEEN 0 AND 59 OR s NOT BETWEEN 0 AND 59 OR fraction < 0 OR fraction >= (10 ^ digits)::int THEN
    PERFORM tsql.raise(289, 16, 1, format('Cannot construct data type %s, some of the arguments have values which are not valid.', name));
  END IF;
  RETURN ((h * 60 + mi) * 60 + s) * 10000000::bigint + fraction * (10 ^ (7 - digits))::bigint;
END $$;

CREATE FUNCTION tsql.zone_named(windows text) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE found text;
BEGIN
  SELECT iana INTO found FROM tsql.time_zones WHERE name = windows COLLATE tsql.ci_as;
  IF found IS NULL THEN
    PERFORM tsql.raise(9820, 16, 1, format('The time zone parameter ''%s'' provided to AT TIME ZONE clause is invalid.', windows));
  END IF;
  RETURN found;
END $$;

-- The offset in minutes that a zone has at an instant.
CREATE FUNCTION tsql.zone_offset(instant bigint, iana text) RETURNS int
LANGUAGE sql STABLE STRICT AS $$
  SELECT (extract(epoch FROM (tsql.timestamp_of(instant) AT TIME ZONE 'UTC') AT TIME ZONE iana - tsql.timestamp_of(instant)) / 60)::int
$$;

CREATE FUNCTION tsql.in_zone(stored interval, windows text) RETURNS interval
LANGUAGE sql STABLE STRICT AS $$
  SELECT tsql.offset_moment(tsql.instant_ticks(stored), tsql.zone_offset(tsql.instant_ticks(stored), tsql.zone_named(windows)))
$$;

-- A local time: in a gap it moves forward, in a fold the offset before the change counts ("AT TIME ZONE (Transact-SQL)").
CREATE FUNCTION tsql.at_zone(local_ticks bigint, windows text) RETURNS interval
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  iana text := tsql.zone_named(windows);
  earlier int := tsql.zone_offset(greatest(local_ticks - 864000000000, 0), iana);
  later int := tsql.zone_offset(least(local_ticks + 864000000000, 3155378975999999999), iana);
  before_fits boolean := tsql.zone_offset(local_ticks - earlier * 600000000::bigint, iana) = earlier;
  after_fits boolean := tsql.zone_offset(local_ticks - later * 600000000::bigint, iana) = later;
BEGIN
  IF before_fits THEN RETURN tsql.offset_moment(local_ticks - earlier * 600000000::bigint, earlier); END IF;
  IF after_fits THEN RETURN tsql.offset_moment(local_ticks - later * 600000000::bigint, later); END IF;
  RETURN tsql.offset_moment(local_ticks - earlier * 600000000::bigint, later);
END $$;
`;
