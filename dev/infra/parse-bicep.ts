import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

export type { Node } from 'web-tree-sitter';

/** The parser of Bicep's grammar. It knows no types of resources: that takes Microsoft's compiler. */
export async function bicepParser(): Promise<(text: string) => Node> {
  await Parser.init();
  const { resolve } = createRequire(import.meta.url);
  const parser = new Parser();
  parser.setLanguage(await Language.load(resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));
  return (text) => {
    const tree = parser.parse(text);
    if (tree === null) throw new Error('The parser gave up.');
    return tree.rootNode;
  };
}

/** `line:column` of what is no Bicep, counted from 1. */
export function faultsIn(root: Node): string[] {
  return nodesOf(root, (node) => node.isError || node.isMissing).map(
    ({ startPosition: { row, column } }) => `${row + 1}:${column + 1}`,
  );
}

/** The nodes that fit, in the order of the text. */
export function nodesOf(root: Node, fits: (node: Node) => boolean): Node[] {
  const below = childrenOf(root).flatMap((child) => nodesOf(child, fits));
  return fits(root) ? [root, ...below] : below;
}

export function childrenOf(node: Node): Node[] {
  return node.children.filter((child) => child !== null);
}
