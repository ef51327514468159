import { notSupported } from '../parser/sql-fault.ts';
import { quote } from '../types/typed-sql.ts';

/** The steps of a JSON path in lax mode: `$.a."b c"[0]` is a, b c, 0. */
export function jsonSteps(path: string, line = 0): string[] {
  const [, mode = '', rest] = /^\s*(lax\s+|strict\s+)?\$(.*)$/is.exec(path) ?? [];
  if (rest === undefined || mode.toLowerCase().startsWith('strict'))
    throw notSupported(`the JSON path ${path}`, line);
  const steps: string[] = [];
  const step = /\.(?:"((?:[^"\\]|\\.)*)"|([\p{L}_$][\p{L}\p{N}_$]*))|\[(\d+)\]/uy;
  while (step.lastIndex < rest.length) {
    const found = step.exec(rest);
    if (!found) throw notSupported(`the JSON path ${path}`, line);
    steps.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return steps;
}

/** The steps as a PostgreSQL array. */
export function jsonStepsText(steps: readonly string[]): string {
  return `ARRAY[${steps.map(quote).join(', ')}]::text[]`;
}

/**
 * JSON paths over text, by steps that the translation has read from the path. A step that leads nowhere gives NULL (lax).
 * `json` keeps the text of values as written and the first of repeated names is found, as in SQL Server.
 */
export const jsonFunctions = `
CREATE FUNCTION tsql.json_of(value text) RETURNS json LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN
  IF value IS JSON THEN RETURN value::json; END IF;
  PERFORM tsql.raise(13609, 16, 1, format('JSON text is not properly formatted. Unexpected character ''%s'' is found at position 0.', left(value, 1)));
END $$;
CREATE FUNCTION tsql.is_json(value text) RETURNS int IMMUTABLE STRICT RETURN (value IS JSON OBJECT OR value IS JSON ARRAY)::int;

-- A value as text, but no object or array; and an object or array alone.
CREATE FUNCTION tsql.json_scalar(value json) RETURNS text IMMUTABLE
RETURN CASE WHEN json_typeof(value) IN ('object', 'array') THEN NULL ELSE value #>> '{}' END;
CREATE FUNCTION tsql.json_part(value json) RETURNS text IMMUTABLE
RETURN CASE WHEN json_typeof(value) IN ('object', 'array') THEN value::text END;

CREATE FUNCTION tsql.json_value(value text, steps text[]) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE WHEN tsql.units(found) <= 4000 THEN found END FROM (SELECT tsql.json_scalar(tsql.json_of(value) #> steps) AS found) AS part
$$;
CREATE FUNCTION tsql.json_query(value text, steps text[]) RETURNS text IMMUTABLE STRICT RETURN tsql.json_part(tsql.json_of(value) #> steps);

-- For OPENJSON: the elements of an array, or an object alone.
CREATE FUNCTION tsql.json_rows(document text, steps text[]) RETURNS SETOF json LANGUAGE plpgsql IMMUTABLE ROWS 100 AS $$
DECLARE found json := tsql.json_of(document) #> steps;
BEGIN
  IF json_typeof(found) = 'array' THEN RETURN QUERY SELECT json_array_elements(found);
  ELSIF json_typeof(found) = 'object' THEN RETURN NEXT found;
  END IF;
END $$;
`;
