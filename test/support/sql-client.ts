import { Connection, Request } from 'tedious';
import { sqlConnectionOf } from '../../src/core/sql-connection.ts';
import type { CaseValue } from './sqlserver-cases/accepted-case.ts';

type Answer = { types: string[]; rows: CaseValue[][] } | { number: number; message: string };

/** One connection that shows types as DECLARE writes them, and values as text where JavaScript's own would lose digits. */
export interface SqlClient {
  /** The first result of a batch, or the error that ended it. */
  ask(sql: string): Promise<Answer>;
  close(): void;
}

export async function openSqlClient(connectionString: string): Promise<SqlClient> {
  const connection = new Connection(sqlConnectionOf(connectionString));
  connection.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return { ask: (sql) => ask(connection, sql), close: () => connection.close() };
}

function ask(connection: Connection, sql: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const types: string[] = [];
    const rows: CaseValue[][] = [];
    const request = new Request(sql, (error) => {
      if (!error) resolve({ types, rows });
      else if ('number' in error && typeof error.number === 'number')
        resolve({ number: error.number, message: error.message });
      else reject(error);
    });
    request.on('columnMetadata', (columns) => {
      if (Array.isArray(columns) && types.length === 0)
        types.push(...columns.map((column) => typeText(column)));
    });
    request.on('row', (cells: { metadata: ColumnShape; value: unknown }[]) => {
      rows.push(cells.map((cell) => shown(cell.value, typeText(cell.metadata))));
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
