/** The system views and the functions over them, as far as migrations and clients look there. Object ids are PostgreSQL's. */

const text = (sql: string): string => `(${sql})::bpchar COLLATE tsql.ci_as`;

/** Names that belong to the client: not ours, not PostgreSQL's. */
const own =
  "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'tsql', 'sys', 'INFORMATION_SCHEMA') AND n.nspname NOT LIKE 'pg\\_%'";

const types: readonly (readonly [
  name: string,
  id: number,
  length: number,
  precision: number,
  scale: number,
])[] = [
  ['uniqueidentifier', 36, 16, 0, 0],
  ['date', 40, 3, 10, 0],
  ['time', 41, 5, 16, 7],
  ['datetime2', 42, 8, 27, 7],
  ['datetimeoffset', 43, 10, 34, 7],
  ['tinyint', 48, 1, 3, 0],
  ['smallint', 52, 2, 5, 0],
  ['int', 56, 4, 10, 0],
  ['smalldatetime', 58, 4, 16, 0],
  ['real', 59, 4, 24, 0],
  ['money', 60, 8, 19, 4],
  ['datetime', 61, 8, 23, 3],
  ['float', 62, 8, 53, 0],
  ['bit', 104, 1, 1, 0],
  ['decimal', 106, 17, 38, 38],
  ['smallmoney', 122, 4, 10, 4],
  ['bigint', 127, 8, 19, 0],
  ['varbinary', 165, 8000, 0, 0],
  ['varchar', 167, 8000, 0, 0],
  ['binary', 173, 8000, 0, 0],
  ['char', 175, 8000, 0, 0],
  ['timestamp', 189, 8, 0, 0],
  ['nvarchar', 231, 8000, 0, 0],
  ['nchar', 239, 8000, 0, 0],
];

const typeRows = types.map(([name, ...rest]) => `('${name}', ${rest.join(', ')})`).join(', ');

const functions = `
CREATE VIEW tsql.types AS SELECT * FROM (VALUES ${typeRows}) AS t(name, id, length, precision, scale);

CREATE VIEW tsql.columns AS
SELECT c.oid AS object_id, n.nspname AS schema, c.relname AS table, c.relkind, a.attnum, a.attname, a.attnotnull, a.attidentity <> '' AS is_identity,
  d.description::jsonb AS note, t.name AS type, t.id AS type_id,
  CASE WHEN d.description::jsonb #>> '{type,length}' = 'max' THEN -1
    WHEN t.name IN ('nvarchar', 'nchar') THEN 2 * (d.description::jsonb #>> '{type,length}')::int
    ELSE coalesce((d.description::jsonb #>> '{type,length}')::int, t.length) END AS max_length,
  coalesce((d.description::jsonb #>> '{type,precision}')::int, t.precision) AS precision,
  coalesce((d.description::jsonb #>> '{type,scale}')::int, t.scale) AS scale
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
JOIN tsql.types t ON t.name = CASE d.description::jsonb #>> '{type,name}' WHEN 'rowversion' THEN 'timestamp' ELSE d.description::jsonb #>> '{type,name}' END
WHERE c.relkind IN ('r', 'v') AND ${own};

CREATE FUNCTION tsql.name_parts(written text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_agg(coalesce(replace(m[1], ']]', ']'), m[2], m[3]))
  FROM regexp_matches(written, '\\[((?:[^\\]]|\\]\\])*)\\]|"([^"]*)"|([^.\\[\\]"]+|(?<=\\.)(?=\\.))', 'g') AS m
$$;

CREATE FUNCTION tsql.object_id(written text, kind text) RETURNS integer LANGUAGE sql STABLE AS $$
  WITH parts AS (SELECT tsql.name_parts(written) AS p),
  named AS (SELECT p[cardinality(p)] AS name, CASE WHEN cardinality(p) > 1 THEN nullif(p[cardinality(p) - 1], '') END AS schema FROM parts)
  SELECT o.object_id::integer FROM named, tsql.objects o
  WHERE lower(o.name) = lower(named.name)
    AND (o.schema = 'pg_temp' OR lower(o.schema) = lower(coalesce(named.schema, 'dbo')))
    AND (kind IS NULL OR upper(rtrim(kind)) = o.type)
  LIMIT 1
$$;

CREATE FUNCTION tsql.object_name(id integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT name FROM tsql.objects WHERE object_id = id::oid
$$;
CREATE FUNCTION tsql.object_schema_name(id integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT schema FROM tsql.objects WHERE object_id = id::oid
$$;
CREATE FUNCTION tsql.schema_id(written text) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT oid::integer FROM pg_namespace n WHERE lower(nspname) = lower(written) AND ${own}
$$;
CREATE FUNCTION tsql.schema_name(id integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT nspname FROM pg_namespace WHERE oid = id::oid
$$;
CREATE FUNCTION tsql.col_length(written text, wanted text) RETURNS smallint LANGUAGE sql STABLE AS $$
  SELECT max_length::smallint FROM tsql.columns WHERE object_id = tsql.object_id(written, NULL)::oid AND lower(attname) = lower(wanted)
$$;
CREATE FUNCTION tsql.col_name(id integer, place integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT attname FROM tsql.columns WHERE object_id = id::oid AND attnum = place
$$;
CREATE FUNCTION tsql.column_property(id integer, wanted text, property text) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT CASE lower(property) WHEN 'allowsnull' THEN (NOT attnotnull)::int WHEN 'isidentity' THEN is_identity::int
    WHEN 'columnid' THEN attnum::int WHEN 'precision' THEN precision WHEN 'scale' THEN scale WHEN 'iscomputed' THEN 0 END
  FROM tsql.columns WHERE object_id = id::oid AND lower(attname) = lower(wanted)
$$;
CREATE FUNCTION tsql.type_name(wanted integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT name FROM tsql.types WHERE id = wanted
$$;
CREATE FUNCTION tsql.db_id(written text) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT database_id FROM tsql.databases WHERE lower(name) = lower(written)
$$;
CREATE FUNCTION tsql.db_name(id integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT name FROM tsql.databases WHERE database_id = id
$$;
CREATE FUNCTION tsql.database_property(written text, property text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE lower(property) WHEN 'status' THEN 'ONLINE' WHEN 'collation' THEN 'SQL_Latin1_General_CP1_CI_AS'
    WHEN 'updateability' THEN 'READ_WRITE' WHEN 'useraccess' THEN 'MULTI_USER' WHEN 'recovery' THEN 'SIMPLE' END
  FROM tsql.databases WHERE lower(name) = lower(written)
$$;
CREATE FUNCTION tsql.server_property(property text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE lower(property) WHEN 'productversion' THEN '16.0.1000.6' WHEN 'productmajorversion' THEN '16' WHEN 'productlevel' THEN 'RTM'
    WHEN 'edition' THEN 'Developer Edition (64-bit)' WHEN 'engineedition' THEN '3' WHEN 'servername' THEN 'LOCAL'
    WHEN 'machinename' THEN 'LOCAL' WHEN 'collation' THEN 'SQL_Latin1_General_CP1_CI_AS' WHEN 'isclustered' THEN '0' END
$$;
CREATE FUNCTION tsql.is_member(written text, owner boolean) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN lower(written) IN ('public') THEN 1 WHEN lower(written) IN ('db_owner', 'db_ddladmin', 'db_securityadmin', 'db_accessadmin') THEN owner::int
    WHEN lower(written) = 'db_datareader' THEN (owner OR pg_has_role(current_user, 'pg_read_all_data', 'MEMBER'))::int
    WHEN lower(written) = 'db_datawriter' THEN (owner OR pg_has_role(current_user, 'pg_write_all_data', 'MEMBER'))::int END
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
    RETURN CASE WHEN wanted IN ('CONNECT') THEN 1
      WHEN wanted = 'SELECT' THEN pg_has_role(current_user, 'pg_read_all_data', 'MEMBER')::int
      WHEN wanted IN ('INSERT', 'UPDATE', 'DELETE') THEN pg_has_role(current_user, 'pg_write_all_data', 'MEMBER')::int
      WHEN wanted = 'ANY' THEN 1 ELSE 0 END;
  END IF;
  id := tsql.object_id(securable, NULL);
  IF id IS NULL THEN RETURN NULL; END IF;
  RETURN CASE WHEN wanted IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES') THEN has_table_privilege(current_user, id::oid, wanted)::int
    WHEN wanted = 'ANY' THEN has_table_privilege(current_user, id::oid, 'SELECT, INSERT, UPDATE, DELETE')::int ELSE 0 END;
END $$;
`;

/** Needed by the functions above. SQL Server counts constraints among the objects. */
const objects = `
CREATE VIEW tsql.databases AS
SELECT d.oid::integer AS database_id, s.note ->> 'name' AS name, (s.note ->> 'compatibilityLevel')::int AS level,
  coalesce((s.note ->> 'readCommittedSnapshot')::boolean, false) AS rcsi, coalesce((s.note ->> 'allowSnapshotIsolation')::boolean, false) AS snapshot
FROM pg_database d CROSS JOIN LATERAL (SELECT shobj_description(d.oid, 'pg_database')::jsonb AS note) s
WHERE NOT d.datistemplate AND d.datname LIKE 'db\\_%' AND s.note IS NOT NULL;

CREATE VIEW tsql.objects AS
SELECT c.oid AS object_id, c.relname AS name, CASE WHEN n.oid = pg_my_temp_schema() THEN 'pg_temp' ELSE n.nspname END AS schema,
  n.oid AS schema_id, 0::oid AS parent_id, CASE c.relkind WHEN 'v' THEN 'V' ELSE 'U' END AS type
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v') AND (${own} OR n.oid = pg_my_temp_schema())
UNION ALL
SELECT p.oid, p.conname, n.nspname, n.oid, p.conrelid, CASE p.contype WHEN 'p' THEN 'PK' WHEN 'u' THEN 'UQ' WHEN 'f' THEN 'F' ELSE 'C' END
FROM pg_constraint p JOIN pg_namespace n ON n.oid = p.connamespace WHERE p.contype IN ('p', 'u', 'f', 'c') AND p.conrelid <> 0 AND ${own}
UNION ALL
SELECT a.oid, d.description::jsonb #>> '{default,name}', n.nspname, n.oid, c.oid, 'D'
FROM pg_attrdef a JOIN pg_class c ON c.oid = a.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.adnum
WHERE d.description::jsonb ? 'default' AND ${own};
`;

const objectColumns = `${text('o.name')} AS name, o.object_id::integer AS object_id, NULL::integer AS principal_id, o.schema_id::integer AS schema_id,
  o.parent_id::integer AS parent_object_id, ${text('o.type')} AS type, ${text(
    "CASE o.type WHEN 'U' THEN 'USER_TABLE' WHEN 'V' THEN 'VIEW' WHEN 'PK' THEN 'PRIMARY_KEY_CONSTRAINT' WHEN 'UQ' THEN 'UNIQUE_CONSTRAINT' WHEN 'F' THEN 'FOREIGN_KEY_CONSTRAINT' WHEN 'C' THEN 'CHECK_CONSTRAINT' ELSE 'DEFAULT_CONSTRAINT' END",
  )} AS type_desc, false AS is_ms_shipped`;

const objectsOf = (...kinds: string[]): string =>
  `SELECT ${objectColumns} FROM tsql.objects o WHERE o.schema <> 'pg_temp' AND o.type IN (${kinds.map((kind) => `'${kind}'`).join(', ')})`;

/** Views by their name, in the order in which they are made. */
const views: Readonly<Record<string, string>> = {
  'sys.schemas': `SELECT ${text('n.nspname')} AS name, n.oid::integer AS schema_id, 1 AS principal_id FROM pg_namespace n WHERE ${own}`,
  'sys.objects': objectsOf('U', 'V', 'PK', 'UQ', 'F', 'C', 'D'),
  'sys.tables': objectsOf('U'),
  'sys.views': objectsOf('V'),
  'sys.types': `SELECT ${text('t.name')} AS name, t.id::smallint AS system_type_id, t.id AS user_type_id, 4 AS schema_id, t.length::smallint AS max_length,
    t.precision::smallint AS precision, t.scale::smallint AS scale, true AS is_nullable, false AS is_user_defined FROM tsql.types t`,
  'sys.columns': `SELECT c.object_id::integer AS object_id, ${text('c.attname')} AS name, c.attnum::integer AS column_id, c.type_id::smallint AS system_type_id, c.type_id AS user_type_id,
    c.max_length::smallint AS max_length, c.precision::smallint AS precision, c.scale::smallint AS scale, NOT c.attnotnull AS is_nullable, c.is_identity, false AS is_computed,
    coalesce((SELECT d.oid::integer FROM pg_attrdef d WHERE d.adrelid = c.object_id AND d.adnum = c.attnum AND c.note ? 'default'), 0) AS default_object_id,
    ${text("CASE WHEN c.type IN ('nvarchar', 'varchar', 'nchar', 'char') THEN 'SQL_Latin1_General_CP1_CI_AS' END")} AS collation_name FROM tsql.columns c`,
  'sys.indexes': `SELECT i.indrelid::integer AS object_id, ${text("coalesce(p.conname, obj_description(c.oid, 'pg_class'))")} AS name,
    (row_number() OVER (PARTITION BY i.indrelid ORDER BY i.indisprimary DESC, i.indexrelid))::integer AS index_id,
    CASE WHEN i.indisprimary THEN 1 ELSE 2 END::smallint AS type, ${text("CASE WHEN i.indisprimary THEN 'CLUSTERED' ELSE 'NONCLUSTERED' END")} AS type_desc,
    i.indisunique AS is_unique, i.indisprimary AS is_primary_key, coalesce(p.contype = 'u', false) AS is_unique_constraint, i.indpred IS NOT NULL AS has_filter, false AS is_disabled
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_constraint p ON p.conindid = c.oid AND p.contype IN ('p', 'u')
    WHERE ${own}`,
  'sys.index_columns': `SELECT s.object_id, s.index_id, k.place::integer AS index_column_id, k.attnum::integer AS column_id,
    CASE WHEN k.place <= i.indnkeyatts THEN k.place ELSE 0 END::smallint AS key_ordinal, coalesce((i.indoption[k.place - 1] & 1) = 1, false) AS is_descending_key, k.place > i.indnkeyatts AS is_included_column
    FROM (SELECT i.indexrelid, i.indrelid::integer AS object_id, (row_number() OVER (PARTITION BY i.indrelid ORDER BY i.indisprimary DESC, i.indexrelid))::integer AS index_id
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${own}) s
    JOIN pg_index i ON i.indexrelid = s.indexrelid CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)`,
  'sys.key_constraints': `SELECT ${objectColumns}, false AS is_system_named FROM tsql.objects o WHERE o.type IN ('PK', 'UQ')`,
  'sys.check_constraints': `SELECT ${objectColumns} FROM tsql.objects o WHERE o.type = 'C'`,
  'sys.default_constraints': `SELECT ${objectColumns}, a.adnum::integer AS parent_column_id,
    coalesce((d.description::jsonb #>> '{default,generated}')::boolean, false) AS is_system_named FROM tsql.objects o JOIN pg_attrdef a ON a.oid = o.object_id
    JOIN pg_description d ON d.objoid = a.adrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.adnum WHERE o.type = 'D'`,
  'sys.foreign_keys': `SELECT ${objectColumns}, p.confrelid::integer AS referenced_object_id FROM tsql.objects o JOIN pg_constraint p ON p.oid = o.object_id WHERE o.type = 'F'`,
  'sys.databases': `SELECT ${text('d.name')} AS name, d.database_id, d.level::smallint AS compatibility_level, d.rcsi AS is_read_committed_snapshot_on,
    d.snapshot::int::smallint AS snapshot_isolation_state, 0::smallint AS state, ${text("'ONLINE'")} AS state_desc, false AS is_read_only, ${text("'SQL_Latin1_General_CP1_CI_AS'")} AS collation_name FROM tsql.databases d`,
  'sys.server_principals': `SELECT ${text("s.note ->> 'name'")} AS name, r.oid::integer AS principal_id, ${text("'S'")} AS type, ${text("'SQL_LOGIN'")} AS type_desc, NOT (s.note ->> 'enabled')::boolean AS is_disabled
    FROM pg_roles r CROSS JOIN LATERAL (SELECT shobj_description(r.oid, 'pg_authid')::jsonb AS note) s WHERE r.rolname LIKE 'login:%'
    UNION ALL SELECT ${text("'sa'")}, 1, ${text("'S'")}, ${text("'SQL_LOGIN'")}, false`,
  'sys.database_principals': `SELECT ${text("s.note ->> 'name'")} AS name, r.oid::integer AS principal_id, ${text("'S'")} AS type, ${text("'SQL_USER'")} AS type_desc
    FROM pg_roles r CROSS JOIN LATERAL (SELECT shobj_description(r.oid, 'pg_authid')::jsonb AS note) s
    WHERE r.rolname LIKE 'user:' || (SELECT oid FROM pg_database WHERE datname = current_database()) || ':%'
    UNION ALL SELECT ${text("'dbo'")}, 1, ${text("'S'")}, ${text("'SQL_USER'")}
    UNION ALL SELECT ${text('f.name')}, f.id, ${text("'R'")}, ${text("'DATABASE_ROLE'")} FROM (VALUES ('public', 0), ('db_owner', 16384), ('db_ddladmin', 16387), ('db_datareader', 16390), ('db_datawriter', 16391)) AS f(name, id)`,
  '"INFORMATION_SCHEMA"."SCHEMATA"': `SELECT ${text('tsql.db_name((SELECT oid FROM pg_database WHERE datname = current_database())::integer)')} AS "CATALOG_NAME", ${text('n.nspname')} AS "SCHEMA_NAME" FROM pg_namespace n WHERE ${own}`,
  '"INFORMATION_SCHEMA"."TABLES"': `SELECT ${text('d.name')} AS "TABLE_CATALOG", ${text('o.schema')} AS "TABLE_SCHEMA", ${text('o.name')} AS "TABLE_NAME",
    ${text("CASE o.type WHEN 'V' THEN 'VIEW' ELSE 'BASE TABLE' END")} AS "TABLE_TYPE"
    FROM tsql.objects o JOIN tsql.databases d ON d.database_id = (SELECT oid FROM pg_database WHERE datname = current_database())::integer WHERE o.type IN ('U', 'V') AND o.schema <> 'pg_temp'`,
  '"INFORMATION_SCHEMA"."COLUMNS"': `SELECT ${text('d.name')} AS "TABLE_CATALOG", ${text('c.schema')} AS "TABLE_SCHEMA", ${text('c."table"')} AS "TABLE_NAME", ${text('c.attname')} AS "COLUMN_NAME",
    c.attnum::integer AS "ORDINAL_POSITION", ${text("CASE WHEN c.attnotnull THEN 'NO' ELSE 'YES' END")} AS "IS_NULLABLE", ${text('c.type')} AS "DATA_TYPE",
    CASE WHEN c.type IN ('nvarchar', 'nchar') AND c.max_length > 0 THEN c.max_length / 2 WHEN c.type IN ('nvarchar', 'nchar', 'varchar', 'char', 'varbinary', 'binary') THEN c.max_length END AS "CHARACTER_MAXIMUM_LENGTH",
    CASE WHEN c.type IN ('tinyint', 'smallint', 'int', 'bigint', 'decimal', 'money', 'smallmoney', 'real', 'float') THEN c.precision::smallint END AS "NUMERIC_PRECISION",
    CASE WHEN c.type IN ('tinyint', 'smallint', 'int', 'bigint', 'decimal', 'money', 'smallmoney') THEN c.scale END AS "NUMERIC_SCALE",
    CASE WHEN c.type IN ('date', 'time', 'datetime', 'datetime2', 'datetimeoffset', 'smalldatetime') THEN c.scale::smallint END AS "DATETIME_PRECISION"
    FROM tsql.columns c JOIN tsql.databases d ON d.database_id = (SELECT oid FROM pg_database WHERE datname = current_database())::integer`,
  '"INFORMATION_SCHEMA"."TABLE_CONSTRAINTS"': `SELECT ${text('o.schema')} AS "CONSTRAINT_SCHEMA", ${text('o.name')} AS "CONSTRAINT_NAME", ${text('o.schema')} AS "TABLE_SCHEMA", ${text('t.relname')} AS "TABLE_NAME",
    ${text("CASE o.type WHEN 'PK' THEN 'PRIMARY KEY' WHEN 'UQ' THEN 'UNIQUE' WHEN 'F' THEN 'FOREIGN KEY' ELSE 'CHECK' END")} AS "CONSTRAINT_TYPE"
    FROM tsql.objects o JOIN pg_class t ON t.oid = o.parent_id WHERE o.type IN ('PK', 'UQ', 'F', 'C')`,
  '"INFORMATION_SCHEMA"."KEY_COLUMN_USAGE"': `SELECT ${text('o.schema')} AS "CONSTRAINT_SCHEMA", ${text('o.name')} AS "CONSTRAINT_NAME", ${text('o.schema')} AS "TABLE_SCHEMA", ${text('t.relname')} AS "TABLE_NAME",
    ${text('a.attname')} AS "COLUMN_NAME", k.place::integer AS "ORDINAL_POSITION" FROM tsql.objects o JOIN pg_constraint p ON p.oid = o.object_id JOIN pg_class t ON t.oid = o.parent_id
    CROSS JOIN LATERAL unnest(p.conkey) WITH ORDINALITY AS k(attnum, place) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum WHERE o.type IN ('PK', 'UQ', 'F')`,
};

const viewText = Object.entries(views)
  .map(([name, query]) => `CREATE VIEW ${name} AS ${query};`)
  .join('\n');

/** Checked when they run, so the order of functions and views does not matter to it. */
export const systemViews = `
CREATE SCHEMA sys;
CREATE SCHEMA "INFORMATION_SCHEMA";
SET check_function_bodies = off;
${objects}
${functions}
${viewText}
RESET check_function_bodies;
GRANT USAGE ON SCHEMA tsql, sys, "INFORMATION_SCHEMA", dbo TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA tsql, sys, "INFORMATION_SCHEMA" TO PUBLIC;
`;
