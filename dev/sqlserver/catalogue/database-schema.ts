import { supportFunctions } from '../functions/support-functions.ts';
import { systemFunctions } from './system-functions.ts';
import { systemViewSchema } from './system-views.ts';

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
${systemViewSchema}
${systemFunctions}
GRANT USAGE ON SCHEMA dbo, tsql TO PUBLIC;
`;
