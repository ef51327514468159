/** Text as SQL Server's functions see it: places and lengths in UTF-16 units. */
export const textFunctions = `
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
`;
