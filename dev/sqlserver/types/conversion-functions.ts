const pure = 'IMMUTABLE STRICT PARALLEL SAFE';
const plpgsql = 'LANGUAGE plpgsql IMMUTABLE STRICT';

/**
 * What conversions need inside PostgreSQL: schema `tsql`, its collation, and how a function raises an error of SQL Server
 * (read back by `faults.ts`). `quiet` gives NULL instead of an error (TRY_CAST); in messages `%1` is the value.
 * Text has lengths in UTF-16 units; functions take it as `text`, which keeps trailing spaces.
 */
export const conversionFunctions = `
CREATE SCHEMA tsql;
CREATE COLLATION tsql.ci_as (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

CREATE FUNCTION tsql.raise(number int, severity int, state int, message text) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  RAISE EXCEPTION USING ERRCODE = 'TSQLE', MESSAGE = concat_ws(':', number, severity, state, message);
END $$;
CREATE FUNCTION tsql.fault(quiet boolean, number int, message text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  IF NOT quiet THEN PERFORM tsql.raise(number, 16, 1, message); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.text_to_number(value text, family text, number int, message text, quiet boolean) RETURNS numeric ${plpgsql} AS $$
DECLARE
  written text := lower(btrim(CASE family WHEN 'money' THEN replace(value, ',', '') ELSE value END, ' '));
BEGIN
  IF written = '' AND family <> 'decimal' THEN RETURN 0; END IF;
  IF family = 'bit' AND written IN ('true', 'false') THEN RETURN (written = 'true')::int; END IF;
  IF written ~ (CASE family
    WHEN 'decimal' THEN '^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)$'
    WHEN 'float' THEN '^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?([0-9]{1,2}|[0-2][0-9]{2}|30[0-7]))?$'
    WHEN 'money' THEN '^([+-]?\\$?|\\$[+-]?)([0-9]+\\.?[0-9]*|\\.[0-9]+)$'
    ELSE '^[+-]? *[0-9]+$' END)
  THEN RETURN translate(written, ' $', '')::numeric; END IF;
  RETURN tsql.fault(quiet, number, replace(message, '%1', value));
END $$;
CREATE FUNCTION tsql.fit_number(value numeric, low numeric, high numeric, number int, message text, quiet boolean) RETURNS numeric ${plpgsql} AS $$ BEGIN
  IF value BETWEEN low AND high THEN RETURN value; END IF;
  RETURN tsql.fault(quiet, number, replace(message, '%1', value::text));
END $$;
CREATE FUNCTION tsql.row_count(value bigint, low int, number int, message text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  IF value IS NULL THEN PERFORM tsql.raise(40510, 16, 1, 'not supported by the local SQL Server: a number of rows that is NULL');
  ELSIF value < low THEN PERFORM tsql.raise(number, 15, 1, message); END IF;
  RETURN value;
END $$;
CREATE FUNCTION tsql.divide(dividend numeric, divisor numeric, scale int) RETURNS numeric IMMUTABLE STRICT
RETURN round(div(dividend * (10 ^ scale::numeric), divisor) * (10 ^ (-scale)::numeric), scale);
-- Six digits, and exponents of three.
CREATE FUNCTION tsql.float_text(value double precision) RETURNS text IMMUTABLE STRICT SET extra_float_digits = -9
RETURN regexp_replace(value::text, 'e([+-])([0-9]{2})$', 'e\\10\\2');
CREATE FUNCTION tsql.in_300ths(ticks bigint) RETURNS bigint ${pure}
RETURN ticks - ticks % 10000000 + round(round(ticks % 10000000 * 3 / 100000.0) * 100000 / 3)::bigint;

CREATE FUNCTION tsql.units(value text) RETURNS int ${pure} RETURN CASE WHEN octet_length(value) = length(value) THEN length(value)
  ELSE length(value) + regexp_count(value, '[\\U00010000-\\U0010FFFF]') END;
CREATE FUNCTION tsql.cut(value text, most int) RETURNS text ${plpgsql} AS $$
DECLARE result text := left(value, most);
BEGIN
  IF tsql.units(value) <= most THEN RETURN value; END IF;
  WHILE tsql.units(result) > most LOOP result := left(result, -1); END LOOP;
  IF tsql.units(result) = most THEN RETURN result; END IF;
  PERFORM tsql.raise(40510, 16, 1, 'not supported by the local SQL Server: cutting a surrogate pair in two');
END $$;
CREATE FUNCTION tsql.pad(value text, width int) RETURNS text ${pure} RETURN value || repeat(' ', greatest(width - tsql.units(value), 0));
CREATE FUNCTION tsql.pad(value bytea, width int) RETURNS bytea ${pure}
RETURN value || decode(repeat('00', greatest(width - length(value), 0)), 'hex');

-- Not STRICT, so that PostgreSQL writes them out where they are called; a fault of constants would be raised then already.
CREATE FUNCTION tsql.fit(value text, most int, message text) RETURNS text IMMUTABLE
RETURN CASE WHEN tsql.units(value) > most THEN CASE WHEN tsql.units(rtrim(value, ' ')) <= most THEN tsql.cut(value, most)
  ELSE tsql.fault(false, 2628, replace(message, '%1', left(value, most))) END ELSE value END;
CREATE FUNCTION tsql.fit(value bytea, most int, message text) RETURNS bytea IMMUTABLE
RETURN CASE WHEN length(value) > most THEN tsql.fault(false, 2628, replace(message, '%1', left(value::text, 0)))::bytea ELSE value END;
CREATE FUNCTION tsql.fit_text(value text, most int, number int, message text, quiet boolean) RETURNS text IMMUTABLE
RETURN CASE WHEN length(value) > most THEN tsql.fault(quiet, number, replace(message, '%1', value)) ELSE value END;

CREATE FUNCTION tsql.to_1252(value text) RETURNS text ${pure} RETURN CASE WHEN octet_length(value) = length(value) THEN value ELSE
  regexp_replace(regexp_replace(value, '[\\U00010000-\\U0010FFFF]', '??', 'g'),
    '[^\\u0001-\\u007F\\u00A0-\\u00FF\\u20AC\\u0081\\u201A\\u0192\\u201E\\u2026\\u2020\\u2021\\u02C6\\u2030\\u0160\\u2039\\u0152\\u008D\\u017D\\u008F\\u0090\\u2018\\u2019\\u201C\\u201D\\u2022\\u2013\\u2014\\u02DC\\u2122\\u0161\\u203A\\u0153\\u009D\\u017E\\u0178]', '?', 'g') END;
CREATE FUNCTION tsql.bytes_1252(value text) RETURNS bytea ${pure} RETURN convert_to(tsql.to_1252(value), 'WIN1252');
CREATE FUNCTION tsql.bytes_utf16(value text) RETURNS bytea IMMUTABLE STRICT RETURN (
  SELECT coalesce(string_agg(reverse(CASE WHEN code < 65536 THEN substr(code::bytea, 3)
    ELSE substr((56320 + (code - 65536) % 1024)::bytea, 3) || substr((55296 + (code - 65536) / 1024)::bytea, 3) END), '' ORDER BY place), '')
  FROM (SELECT ascii(letter) AS code, place FROM regexp_split_to_table(value, '') WITH ORDINALITY AS letters(letter, place) WHERE letter <> '') AS codes);
CREATE FUNCTION tsql.hex_to_bytes(value text, style int, quiet boolean) RETURNS bytea ${plpgsql} AS $$ BEGIN
  IF value ~* (CASE style WHEN 1 THEN '^0x([0-9a-f]{2})*$' ELSE '^([0-9a-f]{2})*$' END) THEN RETURN decode(substr(value, 5 - 2 * style), 'hex'); END IF;
  RETURN tsql.fault(quiet, 8114, 'Error converting data type varchar to varbinary.');
END $$;

-- The stored order of a uniqueidentifier: the last group, the fourth, and the bytes of the others backwards.
CREATE FUNCTION tsql.uuid_text(value uuid) RETURNS text ${pure}
RETURN upper(regexp_replace(encode(reverse(uuid_send(value)), 'hex'), '^(.{8})(.{4})(.{4}).*$', '\\1-\\2-\\3-')
  || substr(value::text, 15, 4) || '-' || left(value::text, 8) || substr(value::text, 10, 4));
CREATE FUNCTION tsql.text_to_uuid(value text, quiet boolean) RETURNS uuid ${plpgsql} AS $$
DECLARE written text := left(ltrim(value, ' {'), 36);
BEGIN
  IF written ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' AND value !~ '^[{][ {]' THEN
    RETURN (right(written, 12) || substr(written, 20, 4) || encode(reverse(decode(replace(left(written, 18), '-', ''), 'hex')), 'hex'))::uuid;
  END IF;
  RETURN tsql.fault(quiet, 8169, 'Conversion failed when converting from a character string to uniqueidentifier.');
END $$;
CREATE FUNCTION tsql.new_id() RETURNS uuid VOLATILE RETURN tsql.text_to_uuid(gen_random_uuid()::text, false);
`;
