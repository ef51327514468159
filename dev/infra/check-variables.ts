import { variables } from '../../src/variables.ts';
import { parameterShapes } from './parameter-shapes.ts';
import type { Parameter, Template } from './read-template.ts';

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
  { parameters, choices }: Pick<Template, 'parameters' | 'choices'>,
  azd: AzdParameters,
): string[] {
  return Object.entries(azd.parameters).flatMap(([name, { value }]) => {
    const parameter = parameters.find((one) => one.name === name);
    return variablesIn(value).flatMap((variable) => {
      const given = environment[variable];
      if (given === undefined || given.startsWith(azdSecret)) return [];
      const isSetting = known(variable) !== undefined;
      const fault =
        substitutionFault(given, parameter) ??
        (isSetting ? settingFault(given, variable, choices) : parameterFault(given, parameter));
      if (fault === null) return [];
      return [`${variable} must ${fault}${parameter?.isSecure === true ? '' : `, but is "${given}"`}`];
    });
  });
}

/** `${NAME}` alone, or an object of such. */
function variablesIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** azd puts it into JSON as it is, blanks too, with which it reads no number and no boolean. */
function substitutionFault(given: string, parameter: Parameter | undefined): string | null {
  if (/["\\\n\r]/.test(given)) return 'hold no line break, no " and no \\';
  if (parameter?.isSecure !== true && given !== given.trim()) return 'neither begin nor end with a blank';
  return null;
}

/** The app minds no case; the template does. */
function settingFault(given: string, variable: string, choices: Template['choices']): string | null {
  if (given === '') return null;
  const allowed = choices.get(variable);
  if (allowed !== undefined) return allowed.includes(given) ? null : `be ${allowed.join(' or ')}`;
  const read = known(variable)?.read.safeParse(given);
  if (read === undefined || read.success) return null;
  return read.error.issues.map(({ message }) => message.replace(/^must /, '')).join('; ');
}

function parameterFault(given: string, parameter: Parameter | undefined): string | null {
  if (parameter === undefined) return null;
  const { name, type, allowed, shortest, longest, standard } = parameter;
  if (type !== 'string') return given === '' ? null : scalarFault(given, parameter);
  // azd takes the default only where there is no variable at all, and asks where there is no default.
  if (given === '') return standard === null || standard === "''" ? null : `not be empty${hintOf(standard)}`;
  if (allowed.length > 0) return allowed.includes(given) ? null : `be ${allowed.join(' or ')}`;
  if (given.length < (shortest ?? 0) || given.length > (longest ?? Infinity))
    return `have ${shortest ?? 0} to ${longest ?? 'any number of'} characters`;
  const shape = parameterShapes[name];
  return shape === undefined || shape.fits(given) ? null : shape.wanted;
}

function hintOf(standard: string): string {
  return standard.startsWith("'") ? ` (${standard.slice(1, -1)} is the default)` : '';
}

function scalarFault(given: string, { type, allowed, least, most }: Parameter): string | null {
  // As Go reads it.
  if (type === 'bool')
    return /^(1|0|[tTfF]|true|True|TRUE|false|False|FALSE)$/.test(given) ? null : 'be true or false';
  if (type !== 'int') return null;
  if (allowed.length > 0) return allowed.includes(given) ? null : `be ${allowed.join(' or ')}`;
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
