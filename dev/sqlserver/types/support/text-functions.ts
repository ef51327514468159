/**
 * Text as SQL Server sees it: lengths in UTF-16 units for N types, in bytes of code page 1252 for the others. Function
 * arguments are `text`; the translation turns `bpchar` into it without losing trailing spaces.
 */
export const textFunctions = `
CREATE FUNCTION tsql.units(value text) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(value) = length(value) THEN length(value)
    ELSE length(value) + regexp_count(value, '[\\U00010000-\\U0010FFFF]') END
$$;

CREATE FUNCTION tsql.cut(value text, most int) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE result text;
BEGIN
  IF tsql.units(value) <= most THEN RETURN value; END IF;
  result := left(value, most);
  WHILE tsql.units(result) > most LOOP result := left(result, -1); END LOOP;
  IF tsql.units(result) < most AND tsql.units(left(value, length(result) + 1)) > most THEN
    PERFORM tsql.raise(40510, 16, 1, 'not supported by the local SQL Server: cutting a surrogate pair in two');
  END IF;
  RETURN result;
END $$;

CREATE FUNCTION tsql.slice(value text, start bigint, count bigint, name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  first bigint := greatest(start, 1);
  past bigint := start + count;
  head text;
BEGIN
  IF count < 0 THEN
    PERFORM tsql.raise(CASE name WHEN 'substring' THEN 537 ELSE 536 END, 16, 1, format('Invalid length parameter passed to the %s function.', name));
  END IF;
  IF past <= first THEN RETURN ''; END IF;
  IF octet_length(value) = length(value) OR tsql.units(value) = length(value) THEN
    IF first > length(value) THEN RETURN ''; END IF;
    RETURN substr(value, first::int, least(past - first, length(value))::int);
  END IF;
  head := tsql.cut(value, least(first - 1, tsql.units(value))::int);
  RETURN substr(tsql.cut(value, least(past - 1, tsql.units(value))::int), length(head) + 1);
END $$;

CREATE FUNCTION tsql.to_1252(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(value) = length(value) THEN value ELSE
    regexp_replace(regexp_replace(value, '[\\U00010000-\\U0010FFFF]', '??', 'g'),
      '[^\\u0001-\\u007F\\u00A0-\\u00FF\\u20AC\\u0081\\u201A\\u0192\\u201E\\u2026\\u2020\\u2021\\u02C6\\u2030\\u0160\\u2039\\u0152\\u008D\\u017D\\u008F\\u0090\\u2018\\u2019\\u201C\\u201D\\u2022\\u2013\\u2014\\u02DC\\u2122\\u0161\\u203A\\u0153\\u009D\\u017E\\u0178]', '?', 'g') END
$$;

CREATE FUNCTION tsql.bytes_1252(value text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT convert_to(tsql.to_1252(value), 'WIN1252') $$;

CREATE FUNCTION tsql.bytes_utf16(value text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  result bytea := '';
  code int;
  letter text;
BEGIN
  FOREACH letter IN ARRAY regexp_split_to_array(value, '') LOOP
    CONTINUE WHEN letter = '';
    code := ascii(letter);
    IF code > 65535 THEN
      code := code - 65536;
      result := result || tsql.little_endian(55296 + (code >> 10)) || tsql.little_endian(56320 + (code & 1023));
    ELSE
      result := result || tsql.little_endian(code);
    END IF;
  END LOOP;
  RETURN result;
END $$;

CREATE FUNCTION tsql.little_endian(code int) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT set_byte(set_byte('\\x0000'::bytea, 0, code & 255), 1, code >> 8)
$$;

CREATE FUNCTION tsql.fit(value text, most int, place text, field text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF tsql.units(value) <= most THEN RETURN value; END IF;
  IF tsql.units(rtrim(value, ' ')) <= most THEN RETURN tsql.cut(value, most); END IF;
  PERFORM tsql.raise(2628, 16, 1, format('String or binary data would be truncated in table ''%s'', column ''%s''. Truncated value: ''%s''.', place, field, left(value, most)));
END $$;

CREATE FUNCTION tsql.fit_bytes(value bytea, most int, place text, field text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF length(value) <= most THEN RETURN value; END IF;
  PERFORM tsql.raise(2628, 16, 1, format('String or binary data would be truncated in table ''%s'', column ''%s''. Truncated value: ''%s''.', place, field, ''));
END $$;

CREATE FUNCTION tsql.fit_text(value text, most int, number int, message text, quiet boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF length(value) <= most THEN RETURN value; END IF;
  PERFORM tsql.fault(quiet, number, message);
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.pad(value text, width int) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT value || repeat(' ', greatest(width - tsql.units(value), 0))
$$;

CREATE FUNCTION tsql.find(wanted text, value text, start bigint) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  from_unit int := greatest(least(start, 2147483647), 1);
  head text;
  place int;
BEGIN
  IF wanted = '' OR from_unit > tsql.units(value) THEN RETURN 0; END IF;
  head := tsql.cut(value, from_unit - 1);
  place := strpos(substr(value, length(head) + 1) COLLATE tsql.ci_as, wanted COLLATE tsql.ci_as);
  IF place = 0 THEN RETURN 0; END IF;
  RETURN tsql.units(left(value, length(head) + place - 1)) + 1;
END $$;

CREATE FUNCTION tsql.stuff(value text, start bigint, count bigint, new_text text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN value IS NULL OR start IS NULL OR count IS NULL OR start <= 0 OR start > tsql.units(value) OR count < 0 THEN NULL
    ELSE tsql.slice(value, 1, start - 1, 'substring') || coalesce(new_text, '') || tsql.slice(value, start + count, 2147483647, 'substring') END
$$;

CREATE FUNCTION tsql.like_escaped(pattern text, escape text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  result text := '';
  place int := 1;
  letter text;
BEGIN
  WHILE place <= length(pattern) LOOP
    letter := substr(pattern, place, 1);
    IF letter = escape AND place < length(pattern) THEN
      place := place + 1;
      result := result || '\\' || substr(pattern, place, 1);
    ELSIF letter = '\\' THEN result := result || '\\\\';
    ELSE result := result || letter;
    END IF;
    place := place + 1;
  END LOOP;
  RETURN result;
END $$;

-- Does a letter belong to the members of a class? Ranges are those of the collation, as in SQL Server.
CREATE FUNCTION tsql.in_class(letter text, members text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  negated boolean := left(members, 1) = '^';
  place int := CASE WHEN negated THEN 2 ELSE 1 END;
  hit boolean := false;
BEGIN
  WHILE place <= length(members) LOOP
    IF substr(members, place + 1, 1) = '-' AND place + 2 <= length(members) THEN
      hit := hit OR (letter >= substr(members, place, 1) COLLATE tsql.ci_as AND letter <= substr(members, place + 2, 1) COLLATE tsql.ci_as);
      place := place + 3;
    ELSE
      hit := hit OR letter = substr(members, place, 1) COLLATE tsql.ci_as;
      place := place + 1;
    END IF;
  END LOOP;
  RETURN hit <> negated;
END $$;

-- LIKE letter by letter, for patterns with [classes] or backslashes; it goes back to the last % where a letter differs.
CREATE FUNCTION tsql.like_classes(value text, pattern text, escape text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  kinds text[] := '{}';
  texts text[] := '{}';
  place int := 1;
  letter text;
  closing int;
  at int := 1;
  token int := 1;
  any_at int := 0;
  any_token int := 0;
BEGIN
  IF value IS NULL OR pattern IS NULL THEN RETURN NULL; END IF;
  WHILE place <= length(pattern) LOOP
    letter := substr(pattern, place, 1);
    closing := CASE letter WHEN '[' THEN strpos(substr(pattern, place + 1), ']') ELSE 0 END;
    IF letter = escape AND place < length(pattern) THEN
      kinds := kinds || 'letter'::text;
      texts := texts || substr(pattern, place + 1, 1);
      place := place + 1;
    ELSIF letter = '[' THEN
      IF closing = 0 THEN RETURN false; END IF;
      kinds := kinds || 'class'::text;
      texts := texts || substr(pattern, place + 1, closing - 1);
      place := place + closing;
    ELSE
      kinds := kinds || CASE letter WHEN '%' THEN 'many' WHEN '_' THEN 'one' ELSE 'letter' END;
      texts := texts || letter;
    END IF;
    place := place + 1;
  END LOOP;
  WHILE at <= length(value) LOOP
    letter := substr(value, at, 1);
    IF kinds[token] = 'many' THEN
      any_token := token;
      any_at := at;
      token := token + 1;
    ELSIF (CASE kinds[token] WHEN 'one' THEN true WHEN 'class' THEN tsql.in_class(letter, texts[token])
      WHEN 'letter' THEN letter = texts[token] COLLATE tsql.ci_as ELSE false END) THEN
      at := at + 1;
      token := token + 1;
    ELSIF any_token > 0 THEN
      any_at := any_at + 1;
      at := any_at;
      token := any_token + 1;
    ELSE
      RETURN false;
    END IF;
  END LOOP;
  WHILE kinds[token] = 'many' LOOP token := token + 1; END LOOP;
  RETURN kinds[token] IS NULL;
END $$;

CREATE FUNCTION tsql.is_like(value text, pattern text, escape text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN pattern ~ '[[\\\\]' THEN tsql.like_classes(value, pattern, escape)
    ELSE value LIKE tsql.like_escaped(pattern, escape) COLLATE tsql.ci_as END
$$;

CREATE FUNCTION tsql.pattern_place(pattern text, value text) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF left(pattern, 1) <> '%' THEN RETURN tsql.is_like(value, pattern, NULL)::int; END IF;
  IF ltrim(pattern, '%') = '' THEN RETURN (value <> '')::int; END IF;
  FOR start IN 1 .. length(value) LOOP
    IF tsql.is_like(substr(value, start), ltrim(pattern, '%'), NULL) THEN RETURN tsql.units(left(value, start - 1)) + 1; END IF;
  END LOOP;
  RETURN 0;
END $$;

CREATE FUNCTION tsql.str(value double precision, width int, decimals int) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE WHEN length(written) <= width THEN lpad(written, width) ELSE
    CASE WHEN length(split_part(written, '.', 1)) > width THEN repeat('*', width)
      ELSE lpad(round(value::numeric, greatest(width - length(split_part(written, '.', 1)) - 1, 0))::text, width) END END
  FROM (SELECT round(value::numeric, decimals)::text AS written) AS rounded
$$;

CREATE FUNCTION tsql.uuid_text(value uuid) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT upper(concat(substr(h, 31, 2), substr(h, 29, 2), substr(h, 27, 2), substr(h, 25, 2), '-', substr(h, 23, 2), substr(h, 21, 2), '-',
    substr(h, 19, 2), substr(h, 17, 2), '-', substr(h, 13, 4), '-', left(h, 12))) FROM (SELECT replace(value::text, '-', '') AS h) AS hex
$$;

CREATE FUNCTION tsql.text_to_uuid(value text, quiet boolean) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE written text := left(ltrim(value, ' {'), 36);
BEGIN
  IF translate(written, '123456789abcdefABCDEF', '000000000000000000000') <> '00000000-0000-0000-0000-000000000000' OR value LIKE '{% %' OR value LIKE '{{%' THEN
    PERFORM tsql.fault(quiet, 8169, 'Conversion failed when converting from a character string to uniqueidentifier.');
    RETURN NULL;
  END IF;
  RETURN (right(written, 12) || substr(written, 20, 4) || substr(written, 17, 2) || substr(written, 15, 2) || substr(written, 12, 2) || substr(written, 10, 2)
    || substr(written, 7, 2) || substr(written, 5, 2) || substr(written, 3, 2) || left(written, 2))::uuid;
END $$;

CREATE FUNCTION tsql.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$ SELECT tsql.text_to_uuid(gen_random_uuid()::text, false) $$;

CREATE FUNCTION tsql.uuid_bytes(value uuid) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT decode(substr(h, 25, 8) || substr(h, 21, 4) || substr(h, 17, 4) || substr(h, 13, 4) || left(h, 12), 'hex')
  FROM (SELECT replace(value::text, '-', '') AS h) AS hex
$$;

CREATE FUNCTION tsql.hex_to_bytes(value text, style int, quiet boolean) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE written text := CASE WHEN style = 1 AND value ~* '^0x' THEN substr(value, 3) WHEN style = 2 THEN value END;
BEGIN
  IF written ~* '^([0-9a-f]{2})*$' THEN RETURN decode(written, 'hex'); END IF;
  PERFORM tsql.fault(quiet, 8114, 'Error converting data type varchar to varbinary.');
  RETURN NULL;
END $$;

CREATE FUNCTION tsql.bytes_to_bigint(value bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ('x' || lpad(right(encode(value, 'hex'), 16), 16, '0'))::bit(64)::bigint
$$;
`;
