import { sql, type RawBuilder } from 'kysely';

/** Statements that hold together, in one round trip: the first error undoes them all. Each ends with a semicolon. */
export function oneTransaction<Row>(statements: RawBuilder<unknown>): RawBuilder<Row> {
  return sql<Row>`
    SET XACT_ABORT ON;
    BEGIN TRANSACTION;
    ${statements}
    COMMIT TRANSACTION;`;
}
