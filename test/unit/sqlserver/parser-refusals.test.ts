import { describe, expect, test } from 'vitest';
import { parseBatch } from '../../../dev/sqlserver/parser/parse-batch.ts';
import { SqlFault } from '../../../dev/sqlserver/parser/sql-fault.ts';
import { refusedByTheParser } from '../../support/sqlserver-cases/refused-by-the-parser.ts';

function faultOf(sql: string): SqlFault {
  try {
    parseBatch(sql);
  } catch (fault) {
    if (fault instanceof SqlFault) return fault;
    throw fault;
  }
  throw new Error(`accepted: ${sql}`);
}

describe('The T-SQL parser refuses', () => {
  test.each(refusedByTheParser.map((probe) => [probe.sql.slice(0, 80), probe] as const))(
    '%s',
    (_name, probe) => {
      const fault = faultOf(probe.sql);
      expect({ number: fault.number, message: fault.message }).toMatchObject({ number: probe.number });
      expect(fault.message).toContain(probe.names);
    },
  );

  test('with the line where reading stopped', () => {
    expect(faultOf('SELECT 1\nFROM t\nWHERE a = ,').line).toBe(3);
    expect(faultOf("SELECT '\n\n';\nSELECT )").line).toBe(4);
  });
});
