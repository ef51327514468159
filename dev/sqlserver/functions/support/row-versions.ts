/**
 * ROWVERSION counts per database. A transaction that took a version holds a shared advisory lock named after a number
 * not above its first one, so that MIN_ACTIVE_ROWVERSION sees the lowest that may still be uncommitted.
 */
export const rowVersions = `
CREATE SEQUENCE tsql.row_version MINVALUE 2000 START 2001;

CREATE FUNCTION tsql.eight_bytes(value bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT int8send(value) $$;

CREATE FUNCTION tsql.next_rowversion() RETURNS bytea LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF coalesce(current_setting('tsql.versions_of', true), '') <> pg_current_xact_id()::text THEN
    PERFORM pg_advisory_xact_lock_shared(1920365430, (last_value % 2147483647)::int) FROM tsql.row_version;
    PERFORM set_config('tsql.versions_of', pg_current_xact_id()::text, true);
  END IF;
  RETURN tsql.eight_bytes(nextval('tsql.row_version'));
END $$;

CREATE FUNCTION tsql.min_active_rowversion() RETURNS bytea LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  unused bigint;
  held bigint;
BEGIN
  SELECT last_value + 1 INTO unused FROM tsql.row_version;
  SELECT min(objid::bigint) + 1 INTO held FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 1920365430 AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
  RETURN tsql.eight_bytes(least(unused, held));
END $$;

CREATE FUNCTION tsql.last_rowversion() RETURNS bytea LANGUAGE sql VOLATILE AS $$
  SELECT tsql.eight_bytes(last_value) FROM tsql.row_version
$$;
`;
