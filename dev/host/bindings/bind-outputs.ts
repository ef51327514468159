import type { ExtraBinding } from '../bindings/extra-binding.ts';
import type { HostFunction } from '../function-table.ts';
import type { InvocationResponse, RpcHttpData, RpcTypedData } from '../app/worker-protocol.ts';
import type { BindingData } from './binding-data.ts';
import { resolveExpression } from './binding-expression.ts';
import { bytesOf, messagesOf, outputValueOf } from './output-value.ts';
import type { StorageOutputs } from './storage-outputs.ts';

/** The name under which a function's return value is bound. */
const RETURN = '$return';

/**
 * Writes what a function gave to its outputs, all at once, after it succeeded. Gives back the HTTP answer, if one of
 * the outputs is one. Throws when an output cannot be written: the invocation has then failed.
 */
export async function bindOutputs(
  { outputs }: HostFunction,
  response: InvocationResponse,
  data: BindingData,
  storage: StorageOutputs,
  now: number,
): Promise<RpcHttpData | undefined> {
  const values = outputValues(outputs, response);
  const resolve = (text: string): string => resolveExpression(text, data, now);
  await Promise.all(
    outputs.map(async (output) => {
      const value = outputValueOf(values.get(output.name));
      if (value === undefined) return;
      if (output.kind === 'queue') {
        for (const message of messagesOf(value)) {
          await storage.sendMessage(output.connection, resolve(output.queueName).toLowerCase(), message);
        }
      } else if (output.kind === 'blob') {
        await storage.writeBlob(output.connection, resolve(output.path), bytesOf(value));
      }
    }),
  );
  return httpAnswer(outputs, values);
}

function httpAnswer(
  outputs: readonly ExtraBinding[],
  values: ReadonlyMap<string, RpcTypedData>,
): RpcHttpData | undefined {
  const http = outputs.filter(({ kind }) => kind === 'http').map(({ name }) => values.get(name)?.http);
  return http.find((each) => each !== undefined && each !== null) ?? undefined;
}

/** Without a return binding, the members of a returned object go to the outputs of their names. */
function outputValues(
  outputs: readonly ExtraBinding[],
  response: InvocationResponse,
): Map<string, RpcTypedData> {
  const values = new Map<string, RpcTypedData>();
  for (const { name, data } of response.outputData ?? []) if (data) values.set(name, data);
  const returned = response.returnValue;
  if (!returned) return values;
  if (outputs.some(({ name }) => name === RETURN)) return values.set(RETURN, returned);
  const object: unknown = typeof returned.json === 'string' ? JSON.parse(returned.json) : undefined;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return values;
  for (const [name, value] of Object.entries(object)) {
    if (value !== null)
      values.set(name, typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) });
  }
  return values;
}
