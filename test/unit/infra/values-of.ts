import { childrenOf, type Node, nodesOf } from '../../../dev/infra/parse-bicep.ts';

const declarations = [
  'parameter_declaration',
  'variable_declaration',
  'resource_declaration',
  'module_declaration',
  'output_declaration',
];

/**
 * What stands where in a Bicep file, as it is written: `useNetwork` (the default of a parameter), `output VIGIA_URL`,
 * `account.properties.allowSharedKeyAccess`, `rules.0.name` (of a list), `lock if` (the condition of a resource).
 */
export function valuesOf(root: Node): Record<string, string> {
  const declared = nodesOf(root, ({ type }) => declarations.includes(type));
  return Object.fromEntries(declared.flatMap(valuesDeclared));
}

type Value = readonly [path: string, text: string];

function valuesDeclared(node: Node): Value[] {
  const children = childrenOf(node);
  const value = children.at(-1);
  if (value === undefined || !children.some(({ type }) => type === '=')) return [];
  const name = children.find(({ type }) => type === 'identifier')?.text ?? '';
  return valuesAt(node.type === 'output_declaration' ? `output ${name}` : name, value);
}

function valuesAt(path: string, node: Node): Value[] {
  const parts = childrenOf(node).filter(({ isNamed, type }) => isNamed && type !== 'comment');
  const body = parts.at(-1);
  if (body === undefined) return [[path, node.text]];
  switch (node.type) {
    case 'if_statement':
      return [[`${path} if`, parts[0]?.text.slice(1, -1) ?? ''], ...valuesAt(path, body)];
    case 'for_statement':
      return valuesAt(path, body);
    case 'array':
      return parts.flatMap((part, index) => valuesAt(`${path}.${index}`, part));
    case 'object':
      return parts.flatMap((property) => valuesOfProperty(path, property));
    default:
      return [[path, node.text]];
  }
}

/** None of a resource inside another one: it is a declaration of its own. */
function valuesOfProperty(path: string, property: Node): Value[] {
  const [name, value] = childrenOf(property).filter(({ isNamed }) => isNamed);
  if (name === undefined || value === undefined) return [];
  return valuesAt(`${path}.${name.text.replaceAll("'", '')}`, value);
}
