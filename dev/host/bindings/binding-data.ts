import type { RpcTypedData } from '../app/worker-protocol.ts';
import { invariantText } from './dotnet-text.ts';
import { looksLikeJson } from './output-value.ts';

/** A value that bindings can name: a text, or a JSON value. */
export type BindingValue =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'json'; readonly value: unknown };

/** What a trigger offers to the function (triggerMetadata) and to `{name}` expressions. Names ignore case. */
export class BindingData {
  readonly #entries = new Map<string, { name: string; value: BindingValue }>();

  set(name: string, value: BindingValue): this {
    const key = name.toLowerCase();
    const known = this.#entries.get(key);
    this.#entries.set(key, { name: known?.name ?? name, value });
    return this;
  }

  setText(name: string, text: string): this {
    return this.set(name, { kind: 'text', text });
  }

  setJson(name: string, value: unknown): this {
    return this.set(name, { kind: 'json', value });
  }

  get(name: string): BindingValue | undefined {
    return this.#entries.get(name.toLowerCase())?.value;
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /**
   * Takes over the top-level properties of a JSON object, each overwriting the entry of its name. Arrays and nulls
   * are left out, scalars become .NET texts, a body that is no JSON object changes nothing.
   */
  applyJsonBody(body: string): this {
    for (const [name, value] of Object.entries(parseObject(body) ?? {})) {
      if (value === null || Array.isArray(value)) continue;
      if (typeof value === 'object') this.setJson(name, value);
      else this.setText(name, invariantText(value as string | number | boolean));
    }
    return this;
  }

  toTriggerMetadata(): Record<string, RpcTypedData> {
    const entries = [...this.#entries.values()].map(({ name, value }) => [name, typedDataOf(value)] as const);
    return Object.fromEntries(entries);
  }
}

function typedDataOf(value: BindingValue): RpcTypedData {
  return value.kind === 'text' ? { string: value.text } : { json: JSON.stringify(value.value) };
}

function parseObject(body: string): Record<string, unknown> | undefined {
  if (!looksLikeJson(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
