import { variables } from '../../src/variables.ts';
import type { Parameter } from './read-template.ts';

/** infra/main.parameters.json: what azd puts in for each parameter. */
export interface AzdParameters {
  parameters: Record<string, { value: unknown }>;
}

/** Of secrets that azd reads from a Key Vault, its environment has no more than this. */
const azdSecret = 'akvs://';
/** Settings of the app that azd takes from a variable of another name. */
const settingOf: Readonly<Record<string, string>> = { OTLP_HEADERS: 'OTEL_EXPORTER_OTLP_HEADERS' };

/**
 * What is wrong with the variables from which azd takes its parameters, a sentence each. azd itself takes the default for
 * a number or a boolean that it cannot read, and says nothing; Azure, or the app, would refuse the others much later.
 */
export function faultsOfVariables(
  environment: Readonly<Record<string, string | undefined>>,
  parameters: readonly Parameter[],
  azd: AzdParameters,
): string[] {
  return Object.entries(azd.parameters).flatMap(([name, { value }]) => {
    const parameter = parameters.find((one) => one.name === name);
    return variablesIn(value).flatMap((variable) => {
      const given = environment[variable]?.trim();
      if (!given || given.startsWith(azdSecret)) return [];
      const fault = substitutionFault(given) ?? faultOf(given, variable, parameter);
      if (fault === null) return [];
      return [`${variable} must ${fault}${parameter?.isSecure === true ? '' : `, but is "${given}"`}`];
    });
  });
}

/** `${NAME}` alone, or an object of such. */
function variablesIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** azd puts it into JSON as it is. */
function substitutionFault(given: string): string | null {
  return /["\\\n\r]/.test(given) ? 'hold no line break, no " and no \\' : null;
}

function faultOf(given: string, variable: string, parameter: Parameter | undefined): string | null {
  const setting = known(variable);
  if (setting !== undefined) {
    const read = setting.read.safeParse(given);
    return read.success
      ? null
      : read.error.issues.map(({ message }) => message.replace(/^must /, '')).join('; ');
  }
  const { type = 'string', allowed = [], least = null, most = null } = parameter ?? {};
  // As Go reads it.
  if (type === 'bool') return /^(1|0|[tf]|true|false)$/i.test(given) ? null : 'be true or false';
  if (allowed.length > 0) return allowed.includes(given) ? null : `be ${allowed.join(' or ')}`;
  if (type !== 'int') return null;
  const isWithin = Number(given) >= (least ?? -Infinity) && Number(given) <= (most ?? Infinity);
  if (/^-?\d+$/.test(given) && isWithin) return null;
  return [
    'be a whole number',
    ...(least === null ? [] : [`from ${least}`]),
    ...(most === null ? [] : [`to ${most}`]),
  ].join(' ');
}

function known(variable: string) {
  const name = settingOf[variable] ?? variable;
  return Object.entries(variables).find(([one]) => one === name)?.[1];
}
