import type { IsolationLevel } from '../contract.ts';
import { ByteReader } from './byte-reader.ts';
import { ProtocolFault } from './protocol-fault.ts';
import { readTypedValue } from './read-typed-value.ts';
import type { TypedValue } from './typed-value.ts';

/** One value of a procedure call; the name has its `@`, or is '' for a value by position. */
export interface Argument extends TypedValue {
  name: string;
  output: boolean;
}

export interface Call {
  /** In lower case. */
  procedure: string;
  arguments: readonly Argument[];
}

export type TransactionRequest =
  | { kind: 'begin'; isolation?: IsolationLevel; name?: string }
  | { kind: 'commit' }
  | { kind: 'rollback'; name?: string }
  | { kind: 'save'; name: string };

/** ALL_HEADERS ([MS-TDS] 2.2.5.3): the transaction descriptor in it is the one that the session is in anyway. */
function skipHeaders(reader: ByteReader): void {
  const length = reader.u32();
  if (length < 4) throw new ProtocolFault(`ALL_HEADERS of ${length} bytes`);
  reader.bytes(length - 4);
}

export function readBatch(payload: Buffer): string {
  const reader = new ByteReader(payload);
  skipHeaders(reader);
  if (reader.remaining % 2 === 1) throw new ProtocolFault('Batch text ends in half a character');
  return reader.text(reader.remaining / 2);
}

/** Procedures that clients call by number ([MS-TDS] 2.2.6.6). */
const procedureNames = [
  '',
  'sp_cursor',
  'sp_cursoropen',
  'sp_cursorprepare',
  'sp_cursorexecute',
  'sp_cursorprepexec',
  'sp_cursorunprepare',
  'sp_cursorfetch',
  'sp_cursoroption',
  'sp_cursorclose',
  'sp_executesql',
  'sp_prepare',
  'sp_execute',
  'sp_prepexec',
  'sp_prepexecrpc',
  'sp_unprepare',
];

const BY_NUMBER = 0xffff;
/** These end one call of several: BatchFlag and NoExecFlag. */
const separators: ReadonlySet<number | undefined> = new Set([0xff, 0xfe]);
const argumentStatus = { output: 0x01, default: 0x02 } as const;

export function readCalls(payload: Buffer): readonly Call[] {
  const reader = new ByteReader(payload);
  skipHeaders(reader);
  const calls: Call[] = [];
  while (reader.remaining > 0) calls.push(readCall(reader));
  if (calls.length === 0) throw new ProtocolFault('Call without a procedure');
  return calls;
}

function readCall(reader: ByteReader): Call {
  const procedure = readProcedure(reader);
  reader.u16();
  const values: Argument[] = [];
  while (reader.remaining > 0) {
    if (separators.has(reader.peek())) {
      reader.u8();
      break;
    }
    const argument = readArgument(reader);
    if (argument !== undefined) values.push(argument);
  }
  return { procedure, arguments: values };
}

function readProcedure(reader: ByteReader): string {
  const length = reader.u16();
  if (length !== BY_NUMBER) return reader.text(length).toLowerCase();
  const number = reader.u16();
  return procedureNames[number] ?? `#${number}`;
}

/** Nothing for an argument that is left to its default. */
function readArgument(reader: ByteReader): Argument | undefined {
  const name = reader.shortText();
  const status = reader.u8();
  const value = readTypedValue(reader);
  if ((status & argumentStatus.default) !== 0) return undefined;
  return { name, output: (status & argumentStatus.output) !== 0, ...value };
}

const isolationLevels: readonly (IsolationLevel | undefined)[] = [
  undefined,
  'read uncommitted',
  'read committed',
  'repeatable read',
  'serializable',
  'snapshot',
];

/** Reads a transaction-manager request ([MS-TDS] 2.2.6.9); distributed transactions are none of ours. */
export function readTransactionRequest(
  payload: Buffer,
): TransactionRequest | { kind: 'unsupported'; number: number } {
  const reader = new ByteReader(payload);
  skipHeaders(reader);
  const number = reader.u16();
  switch (number) {
    case 5: {
      const isolation = isolationLevels[reader.u8()];
      return { kind: 'begin', ...(isolation === undefined ? {} : { isolation }), ...nameOf(reader) };
    }
    case 7:
      nameOf(reader);
      return beginsAnother(reader) ? { kind: 'unsupported', number } : { kind: 'commit' };
    case 8: {
      const name = nameOf(reader);
      return beginsAnother(reader) ? { kind: 'unsupported', number } : { kind: 'rollback', ...name };
    }
    case 9:
      return { kind: 'save', name: '', ...nameOf(reader) };
    default:
      return { kind: 'unsupported', number };
  }
}

function beginsAnother(reader: ByteReader): boolean {
  return reader.remaining > 0 && (reader.u8() & 0x01) !== 0;
}

/** A name behind one byte that counts its bytes. */
function nameOf(reader: ByteReader): { name?: string } {
  const bytes = reader.u8();
  if (bytes % 2 === 1) throw new ProtocolFault('Transaction name ends in half a character');
  const name = reader.text(bytes / 2);
  return name === '' ? {} : { name };
}
