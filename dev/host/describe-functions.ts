import type { HostFunction } from './function-table.ts';
import type { RunningHost } from './run-host.ts';

/** The lines that a start ends with: each function with its URL or trigger, what is wrong, and new keys. */
export function describeFunctions(
  { table, port, keys }: RunningHost,
  given: {
    readonly quiet: boolean;
    readonly 'master-key'?: string | undefined;
    readonly 'host-key'?: string | undefined;
  },
): string[] {
  const width = Math.max(0, ...table.functions.map(({ name }) => name.length));
  const functions = table.functions.map((each) => `  ${each.name.padEnd(width)}  ${triggerText(each, port)}`);
  const errors = table.inError.map(({ name, reason }) => `The '${name}' function is in error: ${reason}`);
  const warnings = table.functions
    .filter(
      ({ trigger, registered }) => trigger.kind !== 'timer' && registered.metadata.retryOptions !== undefined,
    )
    .map(
      ({ name }) =>
        `Soon retries will not be supported for function '${name}'. See http://aka.ms/func-retry-policies.`,
    );
  if (given.quiet) return [...errors, ...warnings];
  const newKeys = keys.enabled
    ? [
        ...(given['master-key'] === undefined ? [`Master key: ${keys.master}`] : []),
        ...(given['host-key'] === undefined ? [`Host key: ${keys.host.get('default') ?? ''}`] : []),
      ]
    : [];
  const none = functions.length === 0 ? ['No job functions found.'] : [];
  return [
    'Functions:',
    ...functions,
    ...none,
    ...errors,
    ...warnings,
    ...newKeys,
    `Host started on http://localhost:${port}`,
  ];
}

function triggerText({ trigger, disabled }: HostFunction, port: number): string {
  const mark = disabled ? ' (disabled)' : '';
  if (trigger.kind !== 'http') return `${trigger.kind}Trigger${mark}`;
  const methods = trigger.methods.length === 0 ? '' : `[${trigger.methods.join(',')}] `;
  return `${methods}http://localhost:${port}/${trigger.template.text}${mark}`;
}
