/** The schema, its collations, and how a function raises an error of SQL Server (read back by `faults.ts`). */
export const foundation = `
CREATE SCHEMA tsql;
CREATE COLLATION tsql.ci_as (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION tsql.cs_as (provider = icu, locale = 'und-u-ks-level3', deterministic = false);
CREATE COLLATION tsql.ci_ai (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
CREATE COLLATION tsql.bin2 (provider = builtin, locale = 'C');

CREATE FUNCTION tsql.raise(number int, severity int, state int, message text) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'TSQLE', MESSAGE = concat_ws(':', number, severity, state, message);
END $$;

CREATE FUNCTION tsql.fault(quiet boolean, number int, message text) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF NOT quiet THEN PERFORM tsql.raise(number, 16, 1, message); END IF;
END $$;

`;
