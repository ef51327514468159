import { childrenOf, type Node, nodesOf } from './parse-bicep.ts';

export interface Parameter {
  name: string;
  /** As it is written: `string`, `int`, `bool`, `object` or the name of a type. */
  type: string;
  /** As texts, of numbers too; empty = whatever its type is. */
  allowed: string[];
  least: number | null;
  most: number | null;
  /** Characters of a text. */
  shortest: number | null;
  longest: number | null;
  /** As it is written; null = none, so that it must be given. */
  standard: string | null;
  /** Empty when it has none. */
  description: string;
  isSecure: boolean;
}

interface Resource {
  /** `Microsoft.Storage/storageAccounts` */
  type: string;
  apiVersion: string;
}

/** What a Bicep file says, as far as tests hold it against the program. */
export interface Template {
  parameters: Parameter[];
  resources: Resource[];
  /** Expressions of the outputs, as they are written. */
  outputs: string[];
  /** Objects and object types by the name of their variable or type: the names of their properties. */
  objects: ReadonlyMap<string, string[]>;
  /** Properties of object types that take some texts alone: those texts, without the empty one. */
  choices: ReadonlyMap<string, string[]>;
  /** All texts without placeholders. */
  texts: string[];
}

export function readTemplate(root: Node): Template {
  const objects = [...ofType(root, 'variable_declaration'), ...ofType(root, 'type_declaration')];
  return {
    parameters: ofType(root, 'parameter_declaration').map(parameterOf),
    resources: ofType(root, 'resource_declaration').map(resourceOf),
    outputs: ofType(root, 'output_declaration').map(({ text }) => text.slice(text.indexOf('=') + 1)),
    objects: new Map(objects.map((node) => [nameOf(node), propertiesOf(node)])),
    choices: new Map(ofType(root, 'type_declaration').flatMap(choicesIn)),
    texts: ofType(root, 'string_content').map(({ text }) => text),
  };
}

/** In a parameter file a value stands where a template has a type: to the grammar such a line is a variable's. */
export function asVariables(parameterFile: string): string {
  return parameterFile.replaceAll(/^using .*$/gm, '').replaceAll(/^param /gm, 'var ');
}

function parameterOf(node: Node): Parameter {
  const decorators = decoratorsOf(node);
  const description = decorators.find((one) => one.text.startsWith('@description('));
  const text = description === undefined ? '' : ofType(description, 'string_content')[0]?.text;
  return {
    name: nameOf(node),
    type: /^param \w+ (\w+)/m.exec(node.text)?.[1] ?? '',
    allowed: argumentOf(decorators, 'allowed')?.match(/[\w.-]+/g) ?? [],
    least: numberIn(decorators, 'minValue'),
    most: numberIn(decorators, 'maxValue'),
    shortest: numberIn(decorators, 'minLength'),
    longest: numberIn(decorators, 'maxLength'),
    standard: /^param \w+ \w+ = (.*)/.exec(node.text)?.[1] ?? null,
    description: text ?? '',
    isSecure: decorators.some((one) => one.text === '@secure()'),
  };
}

function argumentOf(decorators: readonly Node[], name: string): string | undefined {
  const start = `@${name}(`;
  return decorators.find(({ text }) => text.startsWith(start))?.text.slice(start.length, -1);
}

function numberIn(decorators: readonly Node[], name: string): number | null {
  const argument = argumentOf(decorators, name);
  return argument === undefined ? null : Number(argument);
}

/** They stand before what they belong to. */
function decoratorsOf(node: Node): Node[] {
  const before = node.previousNamedSibling;
  return before?.type === 'decorators' ? ofType(before, 'decorator') : [];
}

function resourceOf(node: Node): Resource {
  const [type = '', apiVersion = ''] = (ofType(node, 'string_content')[0]?.text ?? '').split('@');
  return { type, apiVersion };
}

function propertiesOf(node: Node): string[] {
  const object = childrenOf(node).find(({ type }) => type === 'object');
  if (object === undefined) return [];
  return childrenOf(object)
    .filter(({ type }) => type === 'object_property')
    .map(nameOf);
}

function choicesIn(type: Node): [string, string[]][] {
  const properties = ofType(type, 'object_property').filter(({ text }) => text.includes(' | '));
  return properties.map((property) => [
    nameOf(property),
    ofType(property, 'string_content').map(({ text }) => text),
  ]);
}

function nameOf(node: Node): string {
  return ofType(node, 'identifier')[0]?.text ?? '';
}

function ofType(root: Node, type: string): Node[] {
  return nodesOf(root, (node) => node.type === type);
}
