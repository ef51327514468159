import { supportFunctions } from '../functions/support-functions.ts';
import { systemFunctions } from './system-functions.ts';
import { systemViewSchema } from './system-views.ts';

// Until the functions room holds them.
const json = `
CREATE FUNCTION tsql.json_at(document text, path text) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  parsed json;
BEGIN
  parsed := tsql.json_of(document);
  IF path IS NULL OR path IN ('$', 'lax $') THEN RETURN parsed; END IF;
  RETURN parsed #> regexp_split_to_array(regexp_replace(replace(regexp_replace(path, '^\\s*(lax\\s+)?\\$\\.?', ''), '"', ''), '\\[(\\d+)\\]', '.\\1', 'g'), '\\.');
END $$;

CREATE FUNCTION tsql.json_rows(document text, path text) RETURNS SETOF json LANGUAGE plpgsql IMMUTABLE ROWS 100 AS $$
DECLARE
  found json := tsql.json_at(document, path);
BEGIN
  IF json_typeof(found) = 'array' THEN RETURN QUERY SELECT json_array_elements(found);
  ELSIF json_typeof(found) = 'object' THEN RETURN NEXT found;
  END IF;
END $$;

CREATE FUNCTION tsql.json_entries(document text, path text) RETURNS TABLE (key text, value text, type smallint)
LANGUAGE plpgsql IMMUTABLE ROWS 100 AS $$
DECLARE
  found json := tsql.json_at(document, path);
BEGIN
  IF json_typeof(found) = 'array' THEN
    RETURN QUERY SELECT (n - 1)::text, v #>> '{}', tsql.json_type(v) FROM json_array_elements(found) WITH ORDINALITY AS e(v, n);
  ELSIF json_typeof(found) = 'object' THEN
    RETURN QUERY SELECT e.key, e.value #>> '{}', tsql.json_type(e.value) FROM json_each(found) AS e;
  END IF;
END $$;

CREATE FUNCTION tsql.json_type(value json) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE json_typeof(value) WHEN 'null' THEN 0 WHEN 'string' THEN 1 WHEN 'number' THEN 2 WHEN 'boolean' THEN 3
    WHEN 'array' THEN 4 WHEN 'object' THEN 5 END::smallint
$$;

CREATE FUNCTION tsql.json_scalar(row_value json, path text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN json_typeof(row_value #> path) IN ('object', 'array') THEN NULL ELSE row_value #>> path END
$$;

CREATE FUNCTION tsql.json_text(value json) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN json_typeof(value) IN ('object', 'array') THEN NULL ELSE value #>> '{}' END
$$;

CREATE FUNCTION tsql.json_part(row_value json, path text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN json_typeof(row_value #> path) IN ('object', 'array') THEN (row_value #> path)::text END
$$;
`;
const strings = `
-- An empty text has one part; PostgreSQL says none.
CREATE FUNCTION tsql.string_parts(whole text, separator text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_to_table(whole, separator) WHERE whole <> '' UNION ALL SELECT '' WHERE whole = ''
$$;
`;

/** What every database holds besides the client's own tables: schema `tsql`, and the system views over it. */
export const databaseSchema = `
CREATE SCHEMA dbo AUTHORIZATION pg_database_owner;
CREATE ROLE guest NOLOGIN;
${supportFunctions}

-- The first value is 2001, and so is MIN_ACTIVE_ROWVERSION before it.
SELECT setval('tsql.row_version', 2000);
GRANT ALL ON SEQUENCE tsql.row_version TO PUBLIC;
CREATE FUNCTION tsql.set_rowversion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], tsql.next_rowversion()));
END $$;
${json}${strings}
${systemViewSchema}
${systemFunctions}
GRANT USAGE ON SCHEMA dbo, tsql TO PUBLIC;
`;
