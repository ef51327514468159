import type { Parameter, SqlSession } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import { ByteReader, ProtocolFault } from './bytes.ts';
import { readCodec } from './codecs.ts';
import type { Codec } from './codecs.ts';

/** One value of a procedure call; its name is '' for one by position, its type missing for the NULL that has none. */
export type Argument = Omit<Parameter, 'type'> & Pick<Codec, 'type'>;

export interface Call {
  /** In lower case. */
  procedure: string;
  arguments: readonly Argument[];
}

type TransactionRequest = Parameters<SqlSession['transaction']>[1];

/** Reads what follows ALL_HEADERS ([MS-TDS] 2.2.5.3): the transaction in them is the one that the session is in anyway. */
function readerBehindHeaders(payload: Buffer): ByteReader {
  const reader = new ByteReader(payload);
  const length = reader.uint(4);
  if (length < 4) throw new ProtocolFault(`ALL_HEADERS of ${length} bytes`);
  reader.bytes(length - 4);
  return reader;
}

export function readBatch(payload: Buffer): string {
  const reader = readerBehindHeaders(payload);
  return reader.text(reader.remaining);
}

/** The procedures that clients call by number ([MS-TDS] 2.2.6.6), but for those of cursors. */
const procedureNames: Readonly<Record<number, string>> = {
  10: 'sp_executesql',
  11: 'sp_prepare',
  12: 'sp_execute',
  13: 'sp_prepexec',
  15: 'sp_unprepare',
};
const BY_NUMBER = 0xffff;
/** BatchFlag and NoExecFlag, which end one call of several. */
const separators = [0xff, 0xfe];
const argumentFlag = { output: 0x01, default: 0x02 } as const;

export function readCalls(payload: Buffer): readonly Call[] {
  const reader = readerBehindHeaders(payload);
  const calls: Call[] = [];
  do {
    const length = reader.uint(2);
    const name = length === BY_NUMBER ? procedureNames[reader.uint(2)] : reader.text(length * 2);
    reader.uint(2);
    calls.push({ procedure: name?.toLowerCase() ?? 'sp_cursor', arguments: readArguments(reader) });
  } while (reader.remaining > 0);
  return calls;
}

/** Those of one call; one that is left to its default is none. */
function readArguments(reader: ByteReader): readonly Argument[] {
  const values: Argument[] = [];
  while (reader.remaining > 0 && !reader.accept(separators)) {
    const name = reader.text(reader.uint(1) * 2);
    const flags = reader.uint(1);
    const codec = readCodec(reader);
    const value = codec.read(reader);
    if ((flags & argumentFlag.default) !== 0) continue;
    values.push({ name, type: codec.type, value, output: (flags & argumentFlag.output) !== 0 });
  }
  return values;
}

const transactionKinds = new Map([
  [5, 'begin'],
  [7, 'commit'],
  [8, 'rollback'],
  [9, 'save'],
] as const) as ReadonlyMap<number, TransactionRequest['kind']>;
/** By their number; 0 keeps the one there is. */
const isolationLevels = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const;

/** Reads a transaction-manager request ([MS-TDS] 2.2.6.9). */
export function readTransactionRequest(payload: Buffer): TransactionRequest {
  const reader = readerBehindHeaders(payload);
  const number = reader.uint(2);
  const kind = transactionKinds.get(number);
  if (kind === undefined) throw notSupported(`transaction request ${number}`);
  const level = kind === 'begin' ? reader.uint(1) : 0;
  const isolation = isolationLevels[level - 1];
  if (level > isolationLevels.length) throw notSupported(`isolation level ${level} (snapshot)`);
  const name = reader.text(reader.uint(1));
  if (kind === 'save') return { kind, name };
  if (kind === 'begin') return { kind, ...(isolation && { isolation }), ...(name && { name }) };
  const beginsAnother = reader.remaining > 0 && (reader.uint(1) & 0x01) !== 0;
  if (beginsAnother) throw notSupported(`a ${kind} that begins another transaction`);
  return kind === 'commit' ? { kind } : { kind, ...(name && { name }) };
}
