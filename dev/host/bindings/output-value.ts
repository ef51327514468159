import { isUtf8 } from 'node:buffer';
import type { RpcTypedData } from '../app/worker-protocol.ts';
import { tokenText, withDatesReread } from './dotnet-text.ts';

/** What a function gave to one output, as the host holds it between the worker and the binding. */
export type OutputValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** Reads what the worker sent; undefined means that the function gave nothing. */
export function outputValueOf(data: RpcTypedData | null | undefined): OutputValue | undefined {
  if (data === null || data === undefined) return undefined;
  if (typeof data.string === 'string') return { kind: 'text', text: data.string };
  if (typeof data.json === 'string') return jsonValue(JSON.parse(data.json));
  if (data.bytes !== null && data.bytes !== undefined) return { kind: 'bytes', bytes: data.bytes };
  const number = data.int ?? data.double;
  return typeof number === 'number' ? { kind: 'json', value: number } : undefined;
}

function jsonValue(value: unknown): OutputValue | undefined {
  return value === null ? undefined : { kind: 'json', value };
}

/**
 * The queue messages that a value stands for: an array gives one each, and so does a text that holds a JSON array.
 * Objects are written indented, whether they came as objects or as JSON text: that is what the real host sends.
 */
export function messagesOf(output: OutputValue): readonly (string | Uint8Array)[] {
  switch (output.kind) {
    case 'bytes':
      return [output.bytes];
    case 'json':
      return Array.isArray(output.value) ? output.value.map(tokenText) : [tokenText(output.value)];
    case 'text':
      return messagesOfText(output.text);
  }
}

function messagesOfText(text: string): readonly string[] {
  if (!looksLikeJson(text)) return [text];
  const value = withDatesReread(JSON.parse(text));
  return Array.isArray(value) ? value.map(tokenText) : [tokenText(value)];
}

/** The real host's test for JSON: braces or brackets around the trimmed text, nothing more. */
export function looksLikeJson(text: string): boolean {
  const trimmed = text.trim();
  return /^\{[^]*\}$/.test(trimmed) || /^\[[^]*\]$/.test(trimmed);
}

/** The bytes that a blob output writes for a value. */
export function bytesOf(output: OutputValue): Uint8Array {
  if (output.kind === 'bytes') return output.bytes;
  const text = output.kind === 'text' ? output.text : tokenText(output.value);
  return Buffer.from(text, 'utf8');
}

/** A body read from storage as the worker receives it: text, or bytes when it is no UTF-8. */
export function typedBody(bytes: Uint8Array, asBytes: boolean): RpcTypedData {
  return asBytes || !isUtf8(bytes) ? { bytes } : { string: Buffer.from(bytes).toString('utf8') };
}
