import type { SqlType } from '../contract.ts';
import type { ByteWriter } from './byte-writer.ts';
import { serverCollation } from './collation.ts';
import { MAX_LENGTH, typeId } from './type-ids.ts';

/** Writes TYPE_INFO ([MS-TDS] 2.2.5.6) of a result column or an output parameter. */
export function writeTypeInfo(writer: ByteWriter, type: SqlType): void {
  switch (type.name) {
    case 'bit':
      writer.u8(typeId.bitN).u8(1);
      return;
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      writer.u8(typeId.intN).u8(fixedBytes[type.name]);
      return;
    case 'real':
    case 'float':
      writer.u8(typeId.floatN).u8(fixedBytes[type.name]);
      return;
    case 'money':
    case 'smallmoney':
      writer.u8(typeId.moneyN).u8(fixedBytes[type.name]);
      return;
    case 'decimal':
      writer.u8(typeId.decimalN).u8(decimalBytes(type.precision)).u8(type.precision).u8(type.scale);
      return;
    case 'date':
      writer.u8(typeId.date);
      return;
    case 'datetime':
    case 'smalldatetime':
      writer.u8(typeId.datetimeN).u8(fixedBytes[type.name]);
      return;
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      writer.u8(typeId[type.name]).u8(type.scale);
      return;
    case 'uniqueidentifier':
      writer.u8(typeId.guid).u8(16);
      return;
    case 'char':
    case 'varchar':
      writer.u8(typeId[type.name]).u16(lengthOf(type.length, 1)).bytes(serverCollation);
      return;
    case 'nchar':
    case 'nvarchar':
      writer.u8(typeId[type.name]).u16(lengthOf(type.length, 2)).bytes(serverCollation);
      return;
    case 'binary':
    case 'varbinary':
      writer.u8(typeId[type.name]).u16(lengthOf(type.length, 1));
      return;
    case 'rowversion':
      writer.u8(typeId.binary).u16(8);
  }
}

/** The bytes of a value of these types. */
export const fixedBytes = {
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  real: 4,
  float: 8,
  smallmoney: 4,
  money: 8,
  smalldatetime: 4,
  datetime: 8,
} as const;

/** A decimal's bytes: its sign and its digits as an integer. */
export function decimalBytes(precision: number): number {
  if (precision <= 9) return 5;
  if (precision <= 19) return 9;
  return precision <= 28 ? 13 : 17;
}

function lengthOf(length: number | 'max', unit: 1 | 2): number {
  return length === 'max' ? MAX_LENGTH : Math.max(length, 1) * unit;
}
