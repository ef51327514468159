import { conversionFunctions } from '../types/conversion-functions.ts';
import { dateFunctions } from './support/date-functions.ts';
import { jsonFunctions } from './json-path.ts';
import { textFunctions } from './support/text-functions.ts';
import { timeZones } from './support/time-zones.ts';

/**
 * ROWVERSION counts per database. A transaction that took a version holds a shared advisory lock named after a number
 * not above its first one, so that MIN_ACTIVE_ROWVERSION sees the lowest that may still be uncommitted.
 */
const rowVersions = `
CREATE SEQUENCE tsql.row_version MINVALUE 2000 START 2001;

CREATE FUNCTION tsql.next_rowversion() RETURNS bytea LANGUAGE plpgsql VOLATILE AS $$ BEGIN
  IF coalesce(current_setting('tsql.versions_of', true), '') <> pg_current_xact_id()::text THEN
    PERFORM pg_advisory_xact_lock_shared(1920365430, (last_value % 2147483647)::int) FROM tsql.row_version;
    PERFORM set_config('tsql.versions_of', pg_current_xact_id()::text, true);
  END IF;
  RETURN int8send(nextval('tsql.row_version'));
END $$;
CREATE FUNCTION tsql.min_active_rowversion() RETURNS bytea LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  unused bigint := (SELECT last_value + 1 FROM tsql.row_version);
  held bigint := (SELECT min(objid::bigint) + 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 1920365430 AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));
BEGIN
  RETURN int8send(least(unused, held));
END $$;
CREATE FUNCTION tsql.last_rowversion() RETURNS bytea LANGUAGE sql VOLATILE AS $$ SELECT int8send(last_value) FROM tsql.row_version $$;
`;

/** What the translated expressions need inside a PostgreSQL database: schema `tsql`, run once when it is created. */
export const supportFunctions = [
  conversionFunctions,
  textFunctions,
  dateFunctions,
  timeZones,
  jsonFunctions,
  rowVersions,
].join('\n');
