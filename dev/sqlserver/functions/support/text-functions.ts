/** String functions and LIKE over `text`, whose letters count as UTF-16 units (tsql.units, tsql.cut). */
export const textFunctions = `
CREATE FUNCTION tsql.slice(value text, start bigint, count bigint, name text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  first bigint := greatest(start, 1);
  past bigint := least(start + count, 4294967296);
  head text;
BEGIN
  IF count < 0 THEN
    PERFORM tsql.raise(CASE name WHEN 'RIGHT' THEN 536 ELSE 537 END, 16, 1, format('Invalid length parameter passed to the %s function.', name));
  END IF;
  IF past <= first OR first > tsql.units(value) THEN RETURN ''; END IF;
  IF octet_length(value) = length(value) OR tsql.units(value) = length(value) THEN RETURN substr(value, first::int, least(past - first, length(value))::int); END IF;
  head := tsql.cut(value, (first - 1)::int);
  RETURN substr(tsql.cut(value, least(past - 1, tsql.units(value))::int), length(head) + 1);
END $$;

CREATE FUNCTION tsql.find(wanted text, value text, start bigint) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  from_unit bigint := greatest(start, 1);
  head text := tsql.cut(value, least(from_unit - 1, 2147483647)::int);
  place int := strpos(substr(value, length(head) + 1) COLLATE tsql.ci_as, wanted COLLATE tsql.ci_as);
BEGIN
  IF wanted = '' OR from_unit > tsql.units(value) OR place = 0 THEN RETURN 0; END IF;
  RETURN tsql.units(left(value, length(head) + place - 1)) + 1;
END $$;

CREATE FUNCTION tsql.stuff(value text, start bigint, count bigint, new_text text) RETURNS text IMMUTABLE
RETURN CASE WHEN start > 0 AND start <= tsql.units(value) AND count >= 0 THEN
  tsql.slice(value, 1, start - 1, 'STUFF') || coalesce(new_text, '') || tsql.slice(value, start + count, 2147483647, 'STUFF') END;
CREATE FUNCTION tsql.translate(value text, known text, other text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN
  IF length(known) <> length(other) THEN PERFORM tsql.raise(9828, 16, 1, 'The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters.'); END IF;
  RETURN (SELECT coalesce(string_agg(CASE place WHEN 0 THEN letter ELSE substr(other, place, 1) END, '' ORDER BY n), '')
    FROM regexp_split_to_table(value, '') WITH ORDINALITY AS letters(letter, n), strpos(known COLLATE tsql.ci_as, letter) AS place);
END $$;

-- Does a letter belong to a [class]? Ranges are those of the collation, as in SQL Server.
CREATE FUNCTION tsql.in_class(letter text, class text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  negated boolean := substr(class, 2, 1) = '^';
  place int := CASE WHEN negated THEN 3 ELSE 2 END;
  high int;
BEGIN
  WHILE place < length(class) LOOP
    high := CASE WHEN substr(class, place + 1, 1) = '-' AND place + 2 < length(class) THEN place + 2 ELSE place END;
    IF letter >= substr(class, place, 1) COLLATE tsql.ci_as AND letter <= substr(class, high, 1) COLLATE tsql.ci_as THEN RETURN NOT negated; END IF;
    place := high + 1;
  END LOOP;
  RETURN negated;
END $$;

-- A letter of its own for the second half of each surrogate pair.
CREATE FUNCTION tsql.in_halves(value text) RETURNS text IMMUTABLE STRICT
RETURN CASE WHEN octet_length(value) = length(value) THEN value ELSE regexp_replace(value, '[\\U00010000-\\U0010FFFF]', '\\&\uFFFD', 'g') END;

-- LIKE letter by letter, for patterns with [classes], backslashes or an escape, and for a _ with surrogates; it goes back to the last % where a letter differs.
CREATE FUNCTION tsql.like_letters(value text, pattern text, escape text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  escaped text := coalesce(regexp_replace(escape, '[^A-Za-z0-9]', '\\\\\\&') || '.|', '');
  tokens text[] := ARRAY(SELECT part[1] FROM regexp_matches(tsql.in_halves(pattern), '(' || escaped || '\\[[^]]*\\]|.)', 'g') AS part);
  at int := 1;
  token int := 1;
  any_at int := 0;
  any_token int := 0;
BEGIN
  IF value IS NULL OR pattern IS NULL THEN RETURN NULL; END IF;
  IF '[' = ANY (tokens) THEN RETURN false; END IF;
  value := tsql.in_halves(value);
  WHILE at <= length(value) LOOP
    IF tokens[token] = '%' THEN
      any_token := token;
      any_at := at;
      token := token + 1;
    ELSIF (CASE WHEN tokens[token] = '_' THEN true WHEN length(tokens[token]) = 1 OR left(tokens[token], 1) = escape
      THEN substr(value, at, 1) = right(tokens[token], 1) COLLATE tsql.ci_as ELSE tsql.in_class(substr(value, at, 1), tokens[token]) END) THEN
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
  WHILE tokens[token] = '%' LOOP token := token + 1; END LOOP;
  RETURN tokens[token] IS NULL;
END $$;

-- PostgreSQL sees through this one: to its own LIKE where the pattern is plain.
CREATE FUNCTION tsql.is_like(value text, pattern text, escape text) RETURNS boolean IMMUTABLE
RETURN CASE WHEN escape IS NOT NULL OR pattern ~ '[[\\\\]' OR pattern ~ '_' AND value ~ '[\\U00010000-\\U0010FFFF]' THEN tsql.like_letters(value, pattern, escape)
  ELSE value LIKE pattern COLLATE tsql.ci_as END;

CREATE FUNCTION tsql.pattern_place(pattern text, value text) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF left(pattern, 1) <> '%' THEN RETURN tsql.is_like(value, pattern, NULL)::int; END IF;
  IF ltrim(pattern, '%') = '' THEN RETURN (value <> '')::int; END IF;
  FOR start IN 1 .. length(value) LOOP
    IF tsql.is_like(substr(value, start), ltrim(pattern, '%'), NULL) THEN RETURN tsql.units(left(value, start - 1)) + 1; END IF;
  END LOOP;
  RETURN 0;
END $$;

CREATE FUNCTION tsql.str(value double precision, width int, decimals int) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE WHEN length(written) <= width THEN lpad(written, width) WHEN whole > width THEN repeat('*', width)
    ELSE lpad(round(value::numeric, greatest(width - whole - 1, 0))::text, width) END
  FROM (SELECT round(value::numeric, decimals)::text AS written) AS rounded, LATERAL (SELECT length(split_part(written, '.', 1)) AS whole) AS size
$$;
`;
