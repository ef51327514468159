/** The metadata functions, over the views of `system-views.ts`. Arguments are as the client writes them. */
export const systemFunctions = `
CREATE FUNCTION tsql.object_id(written text, kind text) RETURNS integer LANGUAGE sql STABLE AS $$
  WITH parts AS (SELECT array_agg(coalesce(replace(m[1], ']]', ']'), m[2], m[3])) AS p
    FROM regexp_matches(written, '\\[((?:[^\\]]|\\]\\])*)\\]|"([^"]*)"|([^.\\[\\]"]+|(?<=\\.)(?=\\.))', 'g') AS m)
  SELECT o.id::integer FROM parts, tsql.objects o
  WHERE lower(o.name) = lower(p[cardinality(p)]) AND lower(coalesce(nullif(p[cardinality(p) - 1], ''), 'dbo')) = 'dbo'
    AND (kind IS NULL OR upper(rtrim(kind)) = o.type)
$$;
CREATE FUNCTION tsql.schema_id(written text) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT id FROM tsql.schemas WHERE lower(name) = lower(written)
$$;
CREATE FUNCTION tsql.schema_name(wanted integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT name FROM tsql.schemas WHERE id = wanted
$$;
CREATE FUNCTION tsql.col_length(written text, wanted text) RETURNS smallint LANGUAGE sql STABLE AS $$
  SELECT max_length::smallint FROM tsql.columns WHERE object_id = tsql.object_id(written, NULL)::oid AND lower(name) = lower(wanted)
$$;
CREATE FUNCTION tsql.db_id(written text) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT id FROM tsql.databases WHERE lower(name) = lower(written)
$$;
CREATE FUNCTION tsql.db_name(wanted integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT name FROM tsql.databases WHERE id = wanted
$$;
CREATE FUNCTION tsql.server_property(property text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE lower(property) WHEN 'productversion' THEN '16.0.1000.6' WHEN 'productmajorversion' THEN '16' WHEN 'productlevel' THEN 'RTM'
    WHEN 'edition' THEN 'Developer Edition (64-bit)' WHEN 'engineedition' THEN '3' WHEN 'servername' THEN 'LOCAL'
    WHEN 'machinename' THEN 'LOCAL' WHEN 'collation' THEN 'SQL_Latin1_General_CP1_CI_AS' WHEN 'isclustered' THEN '0' END
$$;

-- The rights of the session's user, which is a PostgreSQL role. An owner has them all.
CREATE FUNCTION tsql.is_member(written text, owner boolean) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT CASE lower(written) WHEN 'public' THEN 1 WHEN 'db_owner' THEN owner::int
    WHEN 'db_datareader' THEN (owner OR pg_has_role(current_user, 'pg_read_all_data', 'MEMBER'))::int
    WHEN 'db_datawriter' THEN (owner OR pg_has_role(current_user, 'pg_write_all_data', 'MEMBER'))::int END
$$;
-- Rights on the database, or on its schema, are those that tables to come will have.
CREATE FUNCTION tsql.is_granted(wanted text, on_schema boolean) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) a
    WHERE a.privilege_type = wanted AND a.grantee IN (0, current_user::regrole) AND (d.defaclnamespace <> 0) = on_schema)
$$;
CREATE FUNCTION tsql.has_perms_by_name(securable text, kind text, permission text, administrator boolean) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
  owner boolean := administrator OR has_schema_privilege(current_user, 'dbo', 'CREATE');
  wanted text := upper(permission);
  id integer;
BEGIN
  IF upper(coalesce(kind, 'SERVER')) = 'SERVER' THEN RETURN CASE WHEN wanted = 'CONNECT SQL' THEN 1 ELSE administrator::int END; END IF;
  IF owner THEN RETURN 1; END IF;
  IF upper(kind) = 'DATABASE' THEN
    RETURN CASE WHEN wanted IN ('CONNECT', 'ANY') OR tsql.is_granted(wanted, false) THEN 1 WHEN wanted = 'SELECT' THEN tsql.is_member('db_datareader', false)
      WHEN wanted IN ('INSERT', 'UPDATE', 'DELETE') THEN tsql.is_member('db_datawriter', false) ELSE 0 END;
  END IF;
  IF upper(kind) = 'SCHEMA' THEN
    IF lower(securable) <> 'dbo' THEN RETURN NULL; END IF;
    RETURN greatest(tsql.is_granted(wanted, true)::int, tsql.has_perms_by_name(NULL, 'DATABASE', permission, administrator));
  END IF;
  id := tsql.object_id(securable, NULL);
  IF id IS NULL THEN RETURN NULL; END IF;
  RETURN CASE WHEN wanted IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES') THEN has_table_privilege(current_user, id::oid, wanted)::int
    WHEN wanted = 'ANY' THEN has_table_privilege(current_user, id::oid, 'SELECT, INSERT, UPDATE, DELETE')::int ELSE 0 END;
END $$;
`;
