/**
 * JSON paths over text, by steps that the translation has read from the path. A step that leads nowhere gives NULL (lax).
 * `json` keeps the text of values as written and the first of repeated names is found, as in SQL Server.
 */
export const jsonFunctions = `
CREATE FUNCTION tsql.json_of(value text) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF value IS JSON THEN RETURN value::json; END IF;
  PERFORM tsql.raise(13609, 16, 1, 'JSON text is not properly formatted. Unexpected character is found at position 0.');
END $$;

CREATE FUNCTION tsql.json_value(value text, steps text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE WHEN json_typeof(found) IN ('object', 'array', 'null') THEN NULL ELSE found #>> '{}' END
  FROM (SELECT tsql.json_of(value) #> steps AS found) AS part
$$;

CREATE FUNCTION tsql.json_query(value text, steps text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE WHEN json_typeof(found) IN ('object', 'array') THEN found::text END
  FROM (SELECT tsql.json_of(value) #> steps AS found) AS part
$$;

CREATE FUNCTION tsql.is_json(value text) RETURNS int
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT (value IS JSON OBJECT OR value IS JSON ARRAY)::int $$;
`;
