import { Connection, Request } from 'tedious';
import { sqlConnectionOf } from '../../src/core/sql-connection.ts';
import type { CaseValue } from './sqlserver-cases/sql-case.ts';

interface SqlResult {
  names: string[];
  /** As DECLARE writes them. */
  types: string[];
  nullable: boolean[];
  rows: CaseValue[][];
}

interface SqlAnswer {
  results: SqlResult[];
  /** The rows of each statement that tells them, one with a result included. */
  counts: number[];
  errors: { number: number; message: string }[];
}

/** One connection that shows types as DECLARE writes them, and values as text where JavaScript's own would lose digits. */
export interface SqlClient extends Disposable {
  /** All that a batch answers. Throws when the connection breaks. */
  ask(sql: string): Promise<SqlAnswer>;
  /** Gives the session the settings of a new one. */
  reset(): Promise<void>;
}

export async function openSqlClient(connectionString: string): Promise<SqlClient> {
  const connection = new Connection(sqlConnectionOf(connectionString));
  connection.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return {
    ask: (sql) => ask(connection, sql),
    reset: () =>
      new Promise((resolve, reject) => connection.reset((error) => (error ? reject(error) : resolve()))),
    [Symbol.dispose]: () => connection.close(),
  };
}

function ask(connection: Connection, sql: string): Promise<SqlAnswer> {
  const answer: SqlAnswer = { results: [], counts: [], errors: [] };
  const onError = ({ number, message }: { number: number; message: string }) =>
    answer.errors.push({ number, message });
  connection.on('errorMessage', onError);
  return new Promise((resolve, reject) => {
    const request = new Request(sql, (error) => {
      connection.off('errorMessage', onError);
      if (error && answer.errors.length === 0) reject(error);
      else resolve(answer);
    });
    request.on('columnMetadata', (columns) => {
      if (!Array.isArray(columns)) throw new TypeError('Columns come by name');
      answer.results.push({
        names: columns.map(({ colName }) => colName),
        types: columns.map((column) => typeText(column)),
        nullable: columns.map(({ flags }) => (flags & 1) === 1),
        rows: [],
      });
    });
    request.on('row', (cells: { metadata: ColumnShape; value: unknown }[]) => {
      answer.results.at(-1)?.rows.push(cells.map((cell) => shown(cell.value, typeText(cell.metadata))));
    });
    request.on('done', (count) => {
      if (count !== undefined) answer.counts.push(count);
    });
    connection.execSqlBatch(request);
  });
}

interface ColumnShape {
  type: { name: string };
  dataLength?: number | undefined;
  precision?: number | undefined;
  scale?: number | undefined;
}

const byLength: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  IntN: { 1: 'tinyint', 2: 'smallint', 4: 'int', 8: 'bigint' },
  FloatN: { 4: 'real', 8: 'float' },
  MoneyN: { 4: 'smallmoney', 8: 'money' },
  DateTimeN: { 4: 'smalldatetime', 8: 'datetime' },
  BitN: { 1: 'bit' },
};

function typeText({ type, dataLength = 0, precision = 0, scale = 0 }: ColumnShape): string {
  const { name } = type;
  const plain = byLength[name]?.[dataLength];
  if (plain !== undefined) return plain;
  if (/^(Decimal|Numeric)N?$/.test(name)) return `decimal(${precision},${scale})`;
  const lower = name.toLowerCase();
  if (/^(time|datetime2|datetimeoffset)$/.test(lower)) return `${lower}(${scale})`;
  if (!/char|binary/.test(lower)) return lower;
  if (dataLength === 65_535) return `${lower}(max)`;
  return `${lower}(${lower.startsWith('n') ? dataLength / 2 : dataLength})`;
}

function shown(value: unknown, type: string): CaseValue {
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex').toUpperCase()}`;
  if (value instanceof Date) return momentText(value, type);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return typeof value === 'number' ? value : JSON.stringify(value);
}

/** datetimeoffset is shown in UTC: the driver does not tell the offset. */
function momentText(value: Date, type: string): string {
  const beyond = 'nanosecondsDelta' in value ? Number(value.nanosecondsDelta) : 0;
  const nanoseconds = String(Math.round(beyond * 1e7)).padStart(4, '0');
  const [day = '', clock = ''] = value.toISOString().replace('Z', '').split('T');
  const scale = Number(/\((\d)\)/.exec(type)?.[1] ?? (type === 'datetime' ? 3 : 0));
  const whole = `${clock}${nanoseconds}`;
  const time = scale === 0 ? whole.slice(0, 8) : whole.slice(0, 9 + scale);
  if (type === 'date') return day;
  return type.startsWith('time') ? time : `${day} ${time}`;
}
