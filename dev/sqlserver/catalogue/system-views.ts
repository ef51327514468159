import type { SqlType } from '../contract.ts';
import { columnType } from '../types/sql-types.ts';
import type { CatalogueTable } from './catalogue.ts';

/*
 * The system views, as far as migrations and clients look there, over views of our own in the schema tsql. A client's own
 * tables are all in dbo. Object ids are PostgreSQL's, and a database's too, but master's, which is 1.
 */

const collation = "'SQL_Latin1_General_CP1_CI_AS'";

/** The views beneath. */
const foundation = `
CREATE VIEW tsql.schemas AS SELECT * FROM (VALUES ('dbo', 1), ('guest', 2), ('INFORMATION_SCHEMA', 3), ('sys', 4)) AS s(name, id);

CREATE VIEW tsql.databases AS
SELECT CASE d.datname WHEN 'db_master' THEN 1 ELSE d.oid::int END AS id, d.datname, s.note ->> 'name' AS name,
  (s.note ->> 'compatibilityLevel')::int AS level, (s.note ->> 'readCommittedSnapshot')::boolean AS rcsi
FROM pg_database d CROSS JOIN LATERAL
  (SELECT CASE WHEN d.datname LIKE 'db\\_%' THEN shobj_description(d.oid, 'pg_database')::jsonb END AS note) s
WHERE s.note IS NOT NULL;

CREATE VIEW tsql.principals AS
SELECT r.oid AS id, r.rolname, s.note ->> 'name' AS name, coalesce(s.note ->> 'type', 'S') AS type,
  decode(coalesce(s.note ->> 'sid', md5(lower(coalesce(s.note ->> 'login', s.note ->> 'name')))), 'hex') AS sid
FROM pg_roles r CROSS JOIN LATERAL
  (SELECT CASE WHEN r.rolname ~ '^(login|user):' THEN shobj_description(r.oid, 'pg_authid')::jsonb END AS note) s
WHERE s.note IS NOT NULL;

-- SQL Server counts constraints among the objects.
CREATE VIEW tsql.objects AS
SELECT c.oid AS id, c.relname AS name, 0::oid AS parent, 'U' AS type, 'USER_TABLE' AS description, NULL::oid AS referenced, NULL::int AS "column"
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'dbo'::regnamespace
UNION ALL
SELECT p.oid, p.conname, p.conrelid, t.type, t.description, nullif(p.confrelid, 0), NULL FROM pg_constraint p
JOIN (VALUES ('p', 'PK', 'PRIMARY_KEY_CONSTRAINT'), ('u', 'UQ', 'UNIQUE_CONSTRAINT'), ('f', 'F', 'FOREIGN_KEY_CONSTRAINT'), ('c', 'C', 'CHECK_CONSTRAINT'))
  AS t(contype, type, description) ON t.contype = p.contype::text WHERE p.connamespace = 'dbo'::regnamespace
UNION ALL
SELECT a.oid, d.note ->> 'default', a.adrelid, 'D', 'DEFAULT_CONSTRAINT', NULL, a.adnum FROM pg_attrdef a
JOIN pg_class c ON c.oid = a.adrelid AND c.relnamespace = 'dbo'::regnamespace
CROSS JOIN LATERAL (SELECT col_description(a.adrelid, a.adnum)::jsonb AS note) d WHERE d.note ? 'default';

CREATE VIEW tsql.types AS SELECT * FROM (VALUES
  ('uniqueidentifier', 36, 16, 0, 0), ('date', 40, 3, 10, 0), ('time', 41, 5, 16, 7), ('datetime2', 42, 8, 27, 7),
  ('datetimeoffset', 43, 10, 34, 7), ('tinyint', 48, 1, 3, 0), ('smallint', 52, 2, 5, 0), ('int', 56, 4, 10, 0),
  ('smalldatetime', 58, 4, 16, 0), ('real', 59, 4, 24, 0), ('money', 60, 8, 19, 4), ('datetime', 61, 8, 23, 3),
  ('float', 62, 8, 53, 0), ('bit', 104, 1, 1, 0), ('decimal', 106, 17, 38, 38), ('smallmoney', 122, 4, 10, 4),
  ('bigint', 127, 8, 19, 0), ('varbinary', 165, 8000, 0, 0), ('varchar', 167, 8000, 0, 0), ('binary', 173, 8000, 0, 0),
  ('char', 175, 8000, 0, 0), ('timestamp', 189, 8, 0, 0), ('nvarchar', 231, 8000, 0, 0), ('nchar', 239, 8000, 0, 0)
) AS t(name, id, length, precision, scale);

CREATE VIEW tsql.columns AS
SELECT c.oid AS object_id, c.relname AS "table", a.attnum AS id, a.attname AS name, NOT a.attnotnull AS nullable, a.attidentity <> '' AS identity,
  t.name AS type, t.id AS type_id, t.name ~ 'char$' AS is_text, n.scale,
  CASE WHEN n.length = 'max' THEN -1 WHEN n.length IS NOT NULL THEN n.length::int ELSE NULL END AS length,
  CASE WHEN n.length = 'max' THEN -1 WHEN t.name ~ '^n.*char$' THEN 2 * n.length::int WHEN n.length IS NOT NULL THEN n.length::int
    WHEN t.name = 'decimal' THEN CASE WHEN n.precision <= 9 THEN 5 WHEN n.precision <= 19 THEN 9 WHEN n.precision <= 28 THEN 13 ELSE 17 END
    ELSE t.length - CASE WHEN n.is_fraction AND n.scale <= 2 THEN 2 WHEN n.is_fraction AND n.scale <= 4 THEN 1 ELSE 0 END END AS max_length,
  CASE WHEN n.is_fraction THEN t.precision - 8 + n.scale + (n.scale > 0)::int ELSE n.precision END AS precision
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
CROSS JOIN LATERAL (SELECT col_description(c.oid, a.attnum)::jsonb -> 'type' AS type) d
JOIN tsql.types t ON t.name = CASE d.type ->> 'name' WHEN 'rowversion' THEN 'timestamp' ELSE d.type ->> 'name' END
CROSS JOIN LATERAL (SELECT d.type ->> 'length' AS length, coalesce((d.type ->> 'precision')::int, t.precision) AS precision,
  coalesce((d.type ->> 'scale')::int, t.scale) AS scale, t.name IN ('time', 'datetime2', 'datetimeoffset') AS is_fraction) n
WHERE c.relkind = 'r' AND c.relnamespace = 'dbo'::regnamespace;

CREATE VIEW tsql.indexes AS
SELECT i.indrelid AS object_id, i.indexrelid AS oid, coalesce(p.conname, obj_description(i.indexrelid, 'pg_class')) AS name, p.contype,
  CASE WHEN i.indisclustered THEN 1 ELSE 1 + row_number() OVER (PARTITION BY i.indrelid, i.indisclustered ORDER BY i.indexrelid) END AS id,
  CASE WHEN i.indisclustered THEN 1 ELSE 2 END AS type, i.indisunique AS is_unique, i.indpred IS NOT NULL AS has_filter
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'dbo'::regnamespace
LEFT JOIN pg_constraint p ON p.conindid = i.indexrelid AND p.contype IN ('p', 'u')
UNION ALL
SELECT c.oid, NULL, NULL, NULL, 0, 0, false, false FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'dbo'::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisclustered);
`;

const objectColumns = `name sysname = o.name; object_id int = o.id; principal_id int = NULL; schema_id int = 1; parent_object_id int = o.parent;
  type char(2) = rpad(o.type, 2); type_desc nvarchar(60) = o.description; is_ms_shipped bit = false`;
const currentDatabase = '(SELECT d.name FROM tsql.databases d WHERE d.datname = current_database())';
const numeric = '(tiny|small|big)?int|decimal|(small)?money';

/** What stands in each view: its columns as `name type = PostgreSQL expression`, and where they come from. */
const views: Readonly<Record<string, readonly [columns: string, from: string]>> = {
  'sys.schemas': ['name sysname = s.name; schema_id int = s.id; principal_id int = s.id', 'tsql.schemas s'],
  'sys.objects': [objectColumns, 'tsql.objects o'],
  'sys.tables': [objectColumns, "tsql.objects o WHERE o.type = 'U'"],
  'sys.key_constraints': [objectColumns, "tsql.objects o WHERE o.type IN ('PK', 'UQ')"],
  'sys.check_constraints': [objectColumns, "tsql.objects o WHERE o.type = 'C'"],
  'sys.default_constraints': [
    `${objectColumns}; parent_column_id int = o."column"`,
    "tsql.objects o WHERE o.type = 'D'",
  ],
  'sys.foreign_keys': [
    `${objectColumns}; referenced_object_id int = o.referenced`,
    "tsql.objects o WHERE o.type = 'F'",
  ],
  'sys.types': [
    `name sysname = t.name; system_type_id tinyint = t.id; user_type_id int = t.id; schema_id int = 4; max_length smallint = t.length;
     precision tinyint = t.precision; scale tinyint = t.scale; is_nullable bit = true; is_user_defined bit = false`,
    'tsql.types t',
  ],
  'sys.columns': [
    `object_id int = c.object_id; name sysname = c.name; column_id int = c.id; system_type_id tinyint = c.type_id; user_type_id int = c.type_id;
     max_length smallint = c.max_length; precision tinyint = c.precision; scale tinyint = c.scale; is_nullable bit = c.nullable;
     collation_name sysname = CASE WHEN c.is_text THEN ${collation} END; is_identity bit = c.identity; is_computed bit = false;
     default_object_id int = coalesce((SELECT o.id FROM tsql.objects o WHERE o.parent = c.object_id AND o."column" = c.id), 0)`,
    'tsql.columns c',
  ],
  'sys.indexes': [
    `object_id int = i.object_id; name sysname = i.name; index_id int = i.id; type tinyint = i.type;
     type_desc nvarchar(60) = CASE i.type WHEN 0 THEN 'HEAP' WHEN 1 THEN 'CLUSTERED' ELSE 'NONCLUSTERED' END;
     is_unique bit = i.is_unique; is_primary_key bit = coalesce(i.contype = 'p', false);
     is_unique_constraint bit = coalesce(i.contype = 'u', false); has_filter bit = i.has_filter; is_disabled bit = false`,
    'tsql.indexes i',
  ],
  'sys.index_columns': [
    `object_id int = i.object_id; index_id int = i.id; index_column_id int = k.place; column_id int = k.attnum;
     key_ordinal tinyint = CASE WHEN k.place <= p.indnkeyatts THEN k.place ELSE 0 END;
     is_descending_key bit = coalesce((p.indoption[k.place - 1] & 1) = 1, false); is_included_column bit = k.place > p.indnkeyatts`,
    'tsql.indexes i JOIN pg_index p ON p.indexrelid = i.oid CROSS JOIN LATERAL unnest(p.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)',
  ],
  'sys.databases': [
    `name sysname = d.name; database_id int = d.id; compatibility_level tinyint = d.level; collation_name sysname = ${collation};
     state tinyint = 0; state_desc nvarchar(60) = 'ONLINE'; is_read_only bit = false; is_read_committed_snapshot_on bit = d.rcsi;
     snapshot_isolation_state tinyint = 0`,
    'tsql.databases d',
  ],
  'sys.server_principals': [
    `name sysname = p.name; principal_id int = p.id; type char(1) = 'S'; type_desc nvarchar(60) = 'SQL_LOGIN'; is_disabled bit = false;
     sid varbinary(85) = p.sid`,
    "(SELECT name, id, sid FROM tsql.principals WHERE rolname LIKE 'login:%' UNION ALL VALUES ('sa', 1, '\\x01'::bytea)) p",
  ],
  'sys.database_principals': [
    `name sysname = p.name; principal_id int = p.id; type char(1) = p.type; sid varbinary(85) = p.sid;
     type_desc nvarchar(60) = CASE p.type WHEN 'S' THEN 'SQL_USER' WHEN 'E' THEN 'EXTERNAL_USER' WHEN 'X' THEN 'EXTERNAL_GROUP' ELSE 'DATABASE_ROLE' END`,
    `(SELECT name, id, type, sid FROM tsql.principals
      WHERE rolname LIKE 'user:' || (SELECT oid FROM pg_database WHERE datname = current_database()) || ':%'
      UNION ALL VALUES ('dbo', 1, 'S', '\\x01'::bytea), ('guest', 2, 'S', '\\x00'), ('public', 0, 'R', NULL), ('db_owner', 16384, 'R', NULL),
        ('db_datareader', 16390, 'R', NULL), ('db_datawriter', 16391, 'R', NULL)) p`,
  ],
  'INFORMATION_SCHEMA.TABLES': [
    `TABLE_CATALOG sysname = ${currentDatabase}; TABLE_SCHEMA sysname = 'dbo'; TABLE_NAME sysname = o.name; TABLE_TYPE varchar(10) = 'BASE TABLE'`,
    "tsql.objects o WHERE o.type = 'U'",
  ],
  'INFORMATION_SCHEMA.COLUMNS': [
    `TABLE_CATALOG sysname = ${currentDatabase}; TABLE_SCHEMA sysname = 'dbo'; TABLE_NAME sysname = c."table"; COLUMN_NAME sysname = c.name;
     ORDINAL_POSITION int = c.id; IS_NULLABLE varchar(3) = CASE WHEN c.nullable THEN 'YES' ELSE 'NO' END; DATA_TYPE sysname = c.type;
     CHARACTER_MAXIMUM_LENGTH int = c.length; NUMERIC_PRECISION tinyint = CASE WHEN c.type ~ '^(${numeric}|real|float)$' THEN c.precision END;
     NUMERIC_SCALE int = CASE WHEN c.type ~ '^(${numeric})$' THEN c.scale END;
     DATETIME_PRECISION smallint = CASE WHEN c.type ~ '^(date|time|smalldate)' AND c.type <> 'timestamp' THEN c.scale END`,
    'tsql.columns c',
  ],
};

interface View extends CatalogueTable {
  sql: string;
}

const built = Object.entries(views).map(([whole, [text, from]]): View => {
  const [schema = '', name = ''] = whole.split('.');
  const columns = text.split(';').map((column) => {
    const [, own = '', written = '', value = ''] = /^\s*(\w+) (\S+) = (.*)$/s.exec(column) ?? [];
    return { name: own, value, type: typeOf(written), nullable: true, identity: false, hasDefault: false };
  });
  const list = columns.map((column) => `(${column.value})::${columnType(column.type)} AS "${column.name}"`);
  const sql = `CREATE VIEW "${schema}"."${name}" AS SELECT ${list.join(', ')} FROM ${from};`;
  return { schema, name, columns, indexes: [], sql };
});

function typeOf(written: string): SqlType {
  const [, name = '', length] = /^(\w+)(?:\((\d+)\))?$/.exec(written) ?? [];
  if (name === 'sysname') return { name: 'nvarchar', length: 128 };
  return (length === undefined ? { name } : { name, length: Number(length) }) as SqlType;
}

export const systemViews: readonly CatalogueTable[] = built;

export const systemViewSchema = `${foundation}
CREATE SCHEMA sys;
CREATE SCHEMA "INFORMATION_SCHEMA";
${built.map(({ sql }) => sql).join('\n')}
GRANT USAGE ON SCHEMA sys, "INFORMATION_SCHEMA" TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA tsql, sys, "INFORMATION_SCHEMA" TO PUBLIC;
`;
